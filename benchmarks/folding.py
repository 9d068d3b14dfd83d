"""Words of the benchmark's ground truth: folded words, their offsets, and shingles shared with the works.

Written apart from Countermark on purpose: the truth must not depend on the code that it judges.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

WORD = re.compile(r"[^\W_]+")
SHINGLE = 10


@dataclass
class Vocabulary:
    """Numbers for folded words: case folded, NFKD, without combining marks."""

    by_spelling: dict[str, int] = field(default_factory=dict)
    by_folded: dict[str, int] = field(default_factory=dict)

    def number(self, spelling: str) -> int:
        """The number of the folded form of `spelling`, a new one where it has none."""
        known = self.by_spelling.get(spelling)
        if known is None:
            decomposed = unicodedata.normalize("NFKD", spelling.casefold())
            folded = "".join(c for c in decomposed if not unicodedata.combining(c))
            known = self.by_folded.setdefault(folded, len(self.by_folded))
            self.by_spelling[spelling] = known
        return known

    def words(self, text: str) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """Numbers of the words of `text`, shape (n,), and their begin and end in code points, shape (n, 2)."""
        spans, numbers = [], []
        known = self.by_spelling
        for match in WORD.finditer(text):
            spelling = match[0]
            spans.append(match.span())
            found = known.get(spelling)
            numbers.append(self.number(spelling) if found is None else found)
        return np.array(numbers, np.uint64), np.array(spans, np.int64).reshape(-1, 2)


def shingles(words: npt.NDArray[np.uint64], length: int = SHINGLE) -> npt.NDArray[np.uint64]:
    """64-bit hash of each run of `length` words, shape (max(0, n - length + 1),)."""
    count = len(words) - length + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    with np.errstate(over="ignore"):
        mixed = (words + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        total = np.zeros(count, np.uint64)
        for at in range(length):
            total = total * np.uint64(0x2545F4914F6CDD1D) + mixed[at : at + count]
        total ^= total >> np.uint64(31)
    return total


class SharedRuns:
    """Which runs of 10 folded words of a text also stand in a work."""

    def __init__(self, works: dict[str, str]) -> None:
        self.vocabulary = Vocabulary()
        self.names = list(works)
        hashes, owners = [], []
        for at, text in enumerate(works.values()):
            found = np.unique(shingles(self.vocabulary.words(text)[0]))
            hashes.append(found)
            owners.append(np.full(len(found), at, np.int32))
        every, owner = np.concatenate(hashes), np.concatenate(owners)
        order = np.argsort(every, kind="stable")
        self._hashes, self._owners = every[order], owner[order]

    def share(self, text: str) -> float:
        """Share of the shingles of `text` that stand in a work."""
        found = shingles(self.vocabulary.words(text)[0])
        return float(np.mean(self._present(found))) if len(found) else 0.0

    def _present(self, found: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        at = np.minimum(np.searchsorted(self._hashes, found), len(self._hashes) - 1)
        return np.asarray(self._hashes[at] == found)

    def runs(self, text: str) -> list[tuple[int, int, str]]:
        """Runs of at least 10 words of `text` in common with a work: begin and end in code points, name of the work.

        Shingles of one work that start at most 2 words apart make one run.
        """
        words, spans = self.vocabulary.words(text)
        found = shingles(words)
        starts: dict[int, list[int]] = {}
        for at in np.flatnonzero(self._present(found)) if len(found) else ():
            first = int(np.searchsorted(self._hashes, found[at]))
            while first < len(self._hashes) and self._hashes[first] == found[at]:
                starts.setdefault(int(self._owners[first]), []).append(int(at))
                first += 1
        runs = []
        for owner, places in starts.items():
            begin = last = places[0]
            for at in [*places[1:], None]:
                if at is not None and at - last <= 2:
                    last = at
                    continue
                runs.append((int(spans[begin, 0]), int(spans[last + SHINGLE - 1, 1]), self.names[owner]))
                if at is not None:
                    begin = last = at
        return sorted(runs)
