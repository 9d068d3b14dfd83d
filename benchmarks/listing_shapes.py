"""A listing in the shape of LAION-DISCO-12M and a catalogue of recordings, with planted truth; all of it invented.

Words and names are built from syllables and drawn with the frequencies of real ones (the r-th word as 1/r^0.8, and a
third of all titles have one word or two), so that titles collide as they do in life. Of the catalogue a part is planted
in the listing, each work in one way (`KINDS`); a part is planted as what must not link (`DECOYS`); of the rest nothing
stands there.
"""

from __future__ import annotations

import json
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from listing_variants import DECOYS, KINDS, PASSES_AS_IDENTIFIER, Planter, Song

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

ROWS = 12_320_916
WORKS = 100_000
FILES = 5
PLANTED_SHARE, DECOY_SHARE = 0.5, 0.2
ARTIST_SONGS = 6
_LAST_LETTERS = np.frombuffer(b"AEIMQUYcgkosw048", np.uint8)
_ID_LETTERS = np.frombuffer((string.ascii_letters + string.digits + "-_").encode(), np.uint8)
SCHEMA = pa.schema(
    [
        ("song_id", pa.string()),
        ("title", pa.string()),
        ("artist_names", pa.list_(pa.string())),
        ("artist_ids", pa.list_(pa.string())),
        ("album_name", pa.string()),
        ("album_id", pa.string()),
        ("isExplicit", pa.bool_()),
        ("views", pa.string()),
        ("duration", pa.int64()),
    ]
)
_ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "cl",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "pr",
    "qu",
    "r",
    "s",
    "sh",
    "sl",
    "sp",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
    "y",
    "z",
]
_VOWELS = [
    "a",
    "e",
    "i",
    "o",
    "u",
    "a",
    "e",
    "i",
    "o",
    "ai",
    "ea",
    "ou",
    "ie",
    "é",
    "è",
    "ö",
    "ü",
    "ø",
    "á",
    "ñe",
    "ão",
]
_CODAS = ["", "", "", "n", "r", "s", "l", "t", "m", "nd", "st", "ck", "rt"]
_COMMON = [
    "love",
    "you",
    "me",
    "my",
    "in",
    "of",
    "to",
    "on",
    "it",
    "is",
    "night",
    "day",
    "heart",
    "dream",
    "time",
    "world",
    "song",
    "life",
    "baby",
    "home",
    "fire",
    "light",
    "blue",
    "girl",
    "rain",
    "sun",
    "dance",
    "way",
    "one",
    "moon",
    "black",
    "star",
    "never",
    "good",
    "away",
    "down",
    "back",
    "lost",
    "last",
    "little",
    "sweet",
    "summer",
    "sky",
    "river",
    "road",
    "wild",
    "high",
    "gold",
    "angel",
    "eyes",
    "soul",
    "over",
    "again",
    "forever",
    "tonight",
    "money",
    "city",
    "water",
]


@dataclass
class Vocabulary:
    """Words of titles, given and family names, with the probability of each."""

    rng: np.random.Generator
    words: list[str] = field(init=False)
    given: list[str] = field(init=False)
    family: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.words = list(dict.fromkeys(_COMMON + self._made(30_000, 1, 3)))
        self.given = [word.capitalize() for word in self._made(4_000, 1, 2) if len(word) > 3]
        self.family = [word.capitalize() for word in self._made(60_000, 2, 3) if len(word) > 4]

    def _made(self, count: int, least: int, most: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < count:
            parts = int(self.rng.integers(least, most + 1))
            word = "".join(
                self.rng.choice(_ONSETS)
                + self.rng.choice(_VOWELS)
                + (self.rng.choice(_CODAS) if at == parts - 1 else "")
                for at in range(parts)
            )
            found[word] = None
        return list(found)


def zipf(rng: np.random.Generator, size: int, count: int, exponent: float = 0.8) -> npt.NDArray[np.int64]:
    """`count` numbers below `size`, the r-th as often as 1/r^exponent says."""
    weights = 1 / np.arange(1, size + 1) ** exponent
    return np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(count)).clip(0, size - 1)


def titles(rng: np.random.Generator, vocabulary: Vocabulary, count: int) -> pa.Array[Any]:
    """Titles of one to six words, each with a capital."""
    words = pa.array([word.capitalize() for word in vocabulary.words])
    lengths = rng.choice([1, 2, 3, 4, 5, 6], count, p=[0.14, 0.24, 0.25, 0.19, 0.12, 0.06])
    columns = []
    for at in range(6):
        chosen = words.take(pa.array(zipf(rng, len(words), count)))
        columns.append(pc.if_else(pa.array(lengths > at), chosen, None))
    joined = pc.binary_join_element_wise(*columns, " ", null_handling="skip")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def artists(rng: np.random.Generator, vocabulary: Vocabulary, count: int) -> pa.Array[Any]:
    """Names of people (two in three) and of groups."""
    given = pa.array(vocabulary.given).take(pa.array(zipf(rng, len(vocabulary.given), count)))
    family = pa.array(vocabulary.family).take(pa.array(zipf(rng, len(vocabulary.family), count, 0.6)))
    words = pa.array([word.capitalize() for word in vocabulary.words])
    one, two = (words.take(pa.array(zipf(rng, len(words), count, 0.4))) for _ in range(2))
    person = pc.binary_join_element_wise(given, family, " ")
    group = pc.binary_join_element_wise(pa.array(["The"] * count), one, " ")
    pair = pc.binary_join_element_wise(one, two, " ")
    kind = rng.random(count)
    return pc.if_else(pa.array(kind < 0.66), person, pc.if_else(pa.array(kind < 0.8), group, pair))


def song_ids(rng: np.random.Generator, count: int) -> pa.Array[Any]:
    """Random ids of eleven letters; the last one holds four bits, for the number has 64."""
    letters = _ID_LETTERS[rng.integers(0, 64, count * 11)]
    letters[10::11] = _LAST_LETTERS[rng.integers(0, 16, count)]
    offsets = np.arange(count + 1, dtype=np.int32) * 11
    return pa.Array.from_buffers(
        pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(letters.tobytes())]
    )


def _rows(ids: Any, names: Any, title: Any, rng: np.random.Generator) -> pa.Table:
    """Whole rows; `names` is a list column."""
    count = len(title)
    numbers = rng.integers(30, 600, count)
    return pa.table(
        [
            ids, title, names, names, title, ids,
            pa.array(np.zeros(count, bool)), pa.array(rng.integers(10, 10**7, count)).cast(pa.string()),
            pa.array(numbers),
        ],
        schema=SCHEMA,
    )  # fmt: skip


def filler(rng: np.random.Generator, vocabulary: Vocabulary, known: Any, count: int) -> pa.Table:
    """Rows of nobody's catalogue; some have two artists."""
    chosen = rng.integers(0, len(known), count)
    second = rng.random(count) < 0.15
    lengths = 1 + second.astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    flat = np.empty(offsets[-1], np.int64)
    flat[offsets[:-1]] = chosen
    flat[offsets[1:][second] - 1] = rng.integers(0, len(known), int(second.sum()))
    names = pa.ListArray.from_arrays(pa.array(offsets), known.take(pa.array(flat)))
    return _rows(song_ids(rng, count), names, titles(rng, vocabulary, count), rng)


def make(folder: Path, rows: int, works: int, seed: int) -> None:
    """Write `listing/*.parquet`, `catalogue.jsonl` (title, artists, also known as, id) and `truth.jsonl`."""
    rng = np.random.default_rng([seed, 41])
    vocabulary = Vocabulary(rng)
    listing = folder / "listing"
    listing.mkdir(parents=True, exist_ok=True)
    known = artists(rng, vocabulary, max(10, rows // ARTIST_SONGS))
    songs = _songs(rng, vocabulary, works)
    planter = Planter(rng, vocabulary.words, vocabulary.given, vocabulary.family)
    planted, truth = planter.plant(songs, int(works * PLANTED_SHARE), int(works * DECOY_SHARE))
    (folder / "catalogue.jsonl").write_text("".join(json.dumps(song.facts()) + "\n" for song in songs))
    ids = song_ids(rng, len(planted)).to_pylist()
    ids = [fact.get("song_id") or found for fact, found in zip(truth, ids, strict=True)]
    with (folder / "truth.jsonl").open("w") as file:
        for found, fact in zip(ids, truth, strict=True):
            file.write(json.dumps({**fact, "song_id": found}) + "\n")
    order = rng.permutation(len(planted))
    for number in range(FILES):
        mine = order[number::FILES]
        own = _rows(
            pa.array([ids[at] for at in mine]), pa.array([planted[at][1] for at in mine], pa.list_(pa.string())),
            pa.array([planted[at][0] for at in mine]), rng,
        )  # fmt: skip
        count = rows // FILES + (number < rows % FILES) - len(mine)
        table = pa.concat_tables([filler(rng, vocabulary, known, count), own]).combine_chunks()
        table = table.take(pa.array(rng.permutation(len(table))))
        pq.write_table(table, listing / f"part-{number}.parquet", row_group_size=250_000)


def _songs(rng: np.random.Generator, vocabulary: Vocabulary, count: int) -> list[Song]:
    named = artists(rng, vocabulary, count).to_pylist()
    chosen = rng.integers(0, max(1, count // 4), count)  # four works each
    found: list[Song] = []
    known: set[tuple[str, str]] = set()
    for title, artist in zip(titles(rng, vocabulary, count).to_pylist(), chosen, strict=True):
        who = artist
        while (title, named[int(who)]) in known:
            who = rng.integers(0, count)
        known.add((title, named[int(who)]))
        found.append(Song(f"W{len(found):06d}", title, (named[int(who)],)))
    return found


__all__ = ["DECOYS", "KINDS", "PASSES_AS_IDENTIFIER", "ROWS", "WORKS", "make"]
