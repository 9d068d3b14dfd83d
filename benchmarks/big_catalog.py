"""A catalogue of any number of works, and a corpus that holds passages of some of them: the same on every machine.

A work is put together from runs of 2 to 6 words of real novels, each from another place: its words and common phrases
are as frequent as they are in prose, while no longer passage is anybody's. Lengths are a mixture of log-normal
distributions, which stands for what collecting societies hold. News have the mean length of the articles of CNN / Daily
Mail (1.26 GB, 287,113 articles); for songs, poems, stories and novels the figures are our assumptions.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numba
import numpy as np
import pyarrow as pa

from countermark.media import Asset, Medium
from countermark.works.work import Work, WorkFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = {  # share of the works, median words, standard deviation of the logarithm
    "song": (0.5, 220, 0.5),
    "poem": (0.2, 130, 0.8),
    "news": (0.2697, 600, 0.55),
    "story": (0.03, 2_500, 0.7),
    "novel": (0.0003, 80_000, 0.3),
}
PLANTED = 50  # works, the first of every catalogue, passages of which stand in the corpus
PASSAGES = 4  # verbatim, and as many with one word in twenty replaced, of each
WORDS = 100
_BATCH = 2_000


class Pool(NamedTuple):
    """Real text: its bytes, and where its words begin."""

    data: np.ndarray[Any, Any]
    words: np.ndarray[Any, Any]

    @classmethod
    def read(cls, folders: list[Path]) -> Pool:
        """All texts of some folders, one after another."""
        texts = [path.read_bytes() for folder in folders for path in sorted(folder.glob("*.txt"))]
        data = np.frombuffer(b" ".join(b" ".join(text.split()) for text in texts) + b" ", np.uint8)
        return cls(data, np.concatenate(([0], np.flatnonzero(data[:-1] == 32) + 1)))


@numba.njit(cache=True)
def _write(data: Any, words: Any, starts: Any, lengths: Any, out: Any) -> int:
    """Put runs of words one after another; return how many bytes they take."""
    at = 0
    for run in range(starts.size):
        for place in range(words[starts[run]], words[starts[run] + lengths[run]]):
            out[at] = data[place]
            at += 1
    return at


def lengths_of(count: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """How many words each work has."""
    shares, medians, spreads = (np.array(column) for column in zip(*KINDS.values(), strict=True))
    kinds = rng.choice(len(KINDS), count, p=shares)
    return np.maximum(12, np.exp(rng.normal(np.log(medians[kinds]), spreads[kinds]))).astype(np.int64)


def texts(pool: Pool, first: int, last: int) -> Iterator[str]:
    """The texts of the works `[first, last)`; the batch that a work is in decides it alone."""
    for batch in range(first // _BATCH, -(-last // _BATCH)):
        rng = np.random.default_rng([9, batch])
        sizes = lengths_of(_BATCH, rng)
        for number, size in enumerate(sizes, batch * _BATCH):
            runs = int(size) // 4 + 1
            starts = rng.integers(0, len(pool.words) - 8, runs)
            drawn = rng.integers(2, 7, runs)
            out = np.empty(int((pool.words[starts + drawn] - pool.words[starts]).sum()), np.uint8)
            if first <= number < last:
                _write(pool.data, pool.words, starts, drawn, out)
                yield out.tobytes().decode("utf-8", "replace")


def works(pool: Pool, first: int, last: int) -> Iterator[WorkFile]:
    """The works `[first, last)` of the catalogue."""
    for number, text in enumerate(texts(pool, first, last), first):
        work = Work(f"work-{number:07}", f"Work number {number}", f"Author {number % 30_011}")
        digest = hashlib.sha256(text.encode()).hexdigest()
        yield WorkFile(work, Asset(work.work_id, f"works/{number:07}.txt", Medium.TEXT, digest, text))


def planted(pool: Pool, documents: list[str]) -> tuple[pa.Table, set[tuple[int, str]]]:
    """Documents with passages of the first works put in; and which document holds one of which work."""
    rng = np.random.default_rng(99)
    truth = set()
    hosts = iter(rng.choice(len(documents), 2 * PASSAGES * PLANTED, replace=False).tolist())
    long = [(at, t.split()) for at, t in enumerate(texts(pool, 0, PLANTED))]
    for at, text in long:
        for changed in (False, True):
            for _ in range(PASSAGES):
                host, begin = next(hosts), int(rng.integers(0, max(1, len(text) - WORDS)))
                passage = text[begin : begin + WORDS]
                if changed:
                    for place in rng.choice(len(passage), max(1, len(passage) // 20), replace=False):
                        passage[place] = "zyxwv"
                words = documents[host].split()
                middle = len(words) // 2
                documents[host] = " ".join([*words[:middle], *passage, *words[middle:]])
                truth.add((host, f"work-{at:07}"))
    ids = [f"document-{number}" for number in range(len(documents))]
    return pa.table({"id": ids, "text": pa.array(documents, pa.string())}), truth
