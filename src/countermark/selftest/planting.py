"""Draws passages of works, alters them and plants them in host texts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from countermark.errors import InputError
from countermark.media import Span
from countermark.selftest.alterations import ALTERATIONS, alter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.selftest.hosts import Host
    from countermark.works.work import WorkFile

LENGTHS = (20, 30, 50, 100, 200, 500)
VOCABULARY = 3000

# A word ends at white space; where a script has none, each ideograph or syllable counts as one.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\s\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted passage: `words` words of a work, altered, in `[span)` of the text of a record."""

    work_id: str
    asset_path: str
    words: int
    alteration: str
    record: int
    span: Span


@dataclass(frozen=True, slots=True)
class Field:
    """The texts to search, and what was planted in them: the records without a plant follow those with one."""

    records: list[str]
    plants: list[Plant]


def plant(files: Sequence[WorkFile], hosts: Sequence[Host], each: int, seed: int) -> Field:
    """Plant `each` passages for every length and alteration, as far as the works are long enough.

    Each passage stands as a paragraph of its own in its own copy of a host; hosts left over stay untouched.
    The same files, hosts and seed give the same field. Raises InputError where no work has 20 words.
    """
    rng = Random(seed)  # noqa: S311  repeatable on purpose, nothing secret
    words = [[match.span() for match in WORD.finditer(file.asset.text)] for file in files]
    vocabulary = _vocabulary(files)
    records: list[str] = []
    plants: list[Plant] = []
    order = list(range(len(hosts)))
    rng.shuffle(order)
    for length, alteration, file in _draws(words, each, rng):
        source, spans = files[file], words[file]
        first = rng.randrange(len(spans) - length + 1)
        passage = source.asset.text[spans[first][0] : spans[first + length - 1][1]]
        altered = alter(alteration, passage, rng, vocabulary)
        host = hosts[order[len(records) % len(order)]].text
        text, span = _insert(host, altered, rng)
        work = source.work.work_id
        plants.append(Plant(work, source.asset.path, length, alteration, len(records), span))
        records.append(text)
    if not plants:
        raise InputError(
            f"no work has {LENGTHS[0]} words or more; the self-test plants passages of that length or longer"
        )
    records += [hosts[number].text for number in order[len(records) :]]
    return Field(records, plants)


def _draws(words: list[list[tuple[int, int]]], each: int, rng: Random) -> Iterator[tuple[int, str, int]]:
    for length in LENGTHS:
        long_enough = [file for file, spans in enumerate(words) if len(spans) >= length]
        if not long_enough:
            continue
        for alteration in ALTERATIONS:
            for _ in range(each):
                yield length, alteration, rng.choice(long_enough)


def _insert(host: str, passage: str, rng: Random) -> tuple[str, Span]:
    borders = [0, *(match.end() for match in re.finditer(r"\n\s*\n", host)), len(host)]
    at = rng.choice(borders)
    before = host[:at].rstrip()
    start = len(before) + 2 if before else 0
    text = f"{before}\n\n{passage}\n\n{host[at:]}" if before else f"{passage}\n\n{host[at:]}"
    return text, Span(start, start + len(passage))


def _vocabulary(files: Sequence[WorkFile]) -> list[str]:
    """List the commonest words of the works, ties in alphabetical order."""
    counts = Counter(word for file in files for word in re.findall(r"[^\W\d_]+", file.asset.text[:200_000]))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, _ in ranked[:VOCABULARY]] or ["and"]
