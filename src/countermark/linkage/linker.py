"""Linking one batch of rows: identifiers first, then names; and what must be counted over the whole listing."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow.compute as pc

from countermark.findings import Grade
from countermark.linkage._keys_kernel import EXACT
from countermark.linkage.agreement import Verdict, judge
from countermark.linkage.identifiers import IdentifierTable
from countermark.linkage.letters import words_of
from countermark.linkage.names import parse_names
from countermark.linkage.shapes import IDENTIFYING
from countermark.linkage.table import LinkTable
from countermark.linkage.titles import Agreement, parse_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from countermark.linkage.catalog import Sought
    from countermark.linkage.letters import Words
    from countermark.linkage.rows import ListingBatch
    from countermark.linkage.shapes import Mapping
    from countermark.linkage.table import Candidates
    from countermark.linkage.titles import Title

_TEXTS = ("text", "article")


class Link(NamedTuple):
    """One row that names or identifies one work. `row` is its place in the batch, `work` the work's number.

    `fits` is how many works fit the row equally well by name; `own_title` says whether the title of the row is, letter
    by letter, the core of a title of the work, `by_name` whether title and name agree too, whatever the grade.
    """

    row: int
    work: int
    grade: Grade
    evidence: str
    score: float
    fits: int = 1
    own_title: bool = False
    by_name: bool = False


class Linker:
    """Links rows of listings that share one mapping."""

    def __init__(self, works: Sequence[Sought], mapping: Mapping) -> None:
        self.works = works
        self.mapping = mapping
        self.table = LinkTable(works)
        self.identifiers = IdentifierTable(works)
        self.start()

    def start(self) -> None:
        """Begin to count anew, for another shard. `curbed` are rows that too many titles might fit."""
        self.title_counts: npt.NDArray[np.int64] = np.zeros(len(self.table.title_keys), np.int64)
        self.host_counts: dict[str, int] = defaultdict(int)
        self.curbed = 0

    def column(self, batch: ListingBatch, role: str) -> Any:
        """The columns of a role as one; None where there is none."""
        held = [text for text, (known, _) in zip(batch.columns, self.mapping, strict=True) if known == role]
        return held[0] if len(held) == 1 else pc.binary_join_element_wise(*held, "; ") if held else None

    def links(self, batch: ListingBatch) -> list[Link]:
        """The links of a batch in the order of its rows, then of the works' numbers. Counts what must be counted."""
        if not len(batch.rows):
            return []
        candidates = self._candidates(batch)
        found: dict[tuple[int, int], Link] = {}
        if candidates is not None:
            found = {(link.row, link.work): link for link in self._by_name(batch, *candidates)}
        for link in self._by_identifier(batch):
            own = candidates is not None and self._is_own_title(candidates[0], link)
            by_name = (link.row, link.work) in found
            found[link.row, link.work] = link._replace(own_title=own, by_name=by_name)
        return [found[key] for key in sorted(found)]

    def _is_own_title(self, candidates: Candidates, link: Link) -> bool:
        return int(candidates.titles[link.row, EXACT]) in self.table.title_keys_by_number(link.work)

    def _by_identifier(self, batch: ListingBatch) -> Iterator[Link]:
        for text, (role, _) in zip(batch.columns, self.mapping, strict=True):
            if role in IDENTIFYING or role.startswith("own:"):
                for hit in self.identifiers.hits(role, text):
                    for work in hit.works:
                        yield Link(hit.row, work, Grade.IDENTIFIER, hit.evidence, 1.0)
            if role == "url":
                for host, count in self.identifiers.host_counts(text).items():
                    self.host_counts[host] += count

    def _candidates(self, batch: ListingBatch) -> tuple[Candidates, Words, Words] | None:
        """The works that each row may name, with the words of its title and names; None where they are not read."""
        titles, names = self.column(batch, "title"), self.column(batch, "name")
        if titles is None or names is None:
            return None
        title_words, name_words = words_of(titles), words_of(names)
        candidates = self.table.candidates(title_words, name_words)
        self.table.count_titles(candidates.titles, self.title_counts)
        self.curbed += candidates.curbed
        return candidates, title_words, name_words

    def _by_name(
        self, batch: ListingBatch, candidates: Candidates, title_words: Words, name_words: Words
    ) -> Iterator[Link]:
        years = self.column(batch, "year")
        for row, pairs in groupby(candidates.pairs.tolist(), key=lambda pair: pair[0]):
            title = parse_title(title_words.text(row))
            row_names = parse_names(name_words.text(row))
            verdicts = self._verdicts(title, row_names, [form for _, form in pairs])
            if years is not None and verdicts:
                year = _year(years[row].as_py())
                verdicts = {work: said for work, said in verdicts.items() if not self._too_early(work, year)}
            yield from self._best(row, verdicts, int(candidates.titles[row, EXACT]))

    def _verdicts(self, title: Title, names: tuple[Any, ...], forms: list[int]) -> dict[int, Verdict]:
        """The best verdict on each work that one of the forms is a title of."""
        best: dict[int, Verdict] = {}
        for form in forms:
            number = int(self.table.form_works[form])
            verdict = judge(
                title,
                names,
                self.table.title(form),
                self.table.names(number),
                versions_count=self.works[number].medium != "music",
                vocabulary=self.table.vocabulary,
                rare=self.table.rare,
            )
            if verdict is None or (
                verdict.title is Agreement.SUBTITLE and self._is_other_part(title, number)
            ):
                continue
            if number not in best or verdict.score > best[number].score:
                best[number] = verdict
        return best

    def _is_other_part(self, title: Title, number: int) -> bool:
        """Whether a row has another subtitle than the work: then it is another part of a series."""
        return bool(title.subtitle) and number in self.table.subtitled

    def _best(self, row: int, verdicts: dict[int, Verdict], key: int) -> Iterator[Link]:
        """The works that fit a row best, of each medium: homonyms all get it, and each is told how many they are."""
        by_medium: dict[str, list[int]] = defaultdict(list)
        for work in sorted(verdicts):
            by_medium[self.works[work].medium].append(work)
        for held in by_medium.values():
            top = max(verdicts[work].score for work in held)
            fitting = [work for work in held if verdicts[work].score == top]
            for work in fitting:
                own = key in self.table.title_keys_by_number(work)
                yield Link(row, work, Grade.NAME, str(verdicts[work]), top, len(fitting), own, by_name=True)

    def _too_early(self, work: int, year: int | None) -> bool:
        """Whether a text is listed with a year before it was first published: then it is another one."""
        known = self.works[work]
        if year is None or known.medium not in _TEXTS or not known.published[:4].isdigit():
            return False
        return year < int(known.published[:4]) - 1


def _year(text: str) -> int | None:
    digits = text.strip()[:4]
    return int(digits) if len(digits) == 4 and digits.isascii() and digits.isdigit() else None
