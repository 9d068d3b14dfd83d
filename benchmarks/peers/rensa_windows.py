"""rensa's MinHash and LSH over windows of 50 words: near-duplicate windows, span = the document's window."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import harness
from rensa import RMinHash, RMinHashLSH

if TYPE_CHECKING:
    from collections.abc import Iterator

WINDOW = 50
WORK_STEP, DOCUMENT_STEP = 25, 12
SHINGLE = 3
PERMUTATIONS, BANDS, THRESHOLD = 128, 32, 0.4
LEAST_JACCARD = 0.25


class RensaWindows:
    """3-word shingles, 128 permutations, 32 bands, estimated Jaccard of .25 at least."""

    tool = "rensa windows of 50 words"
    packages = ("rensa",)
    gives_span = True

    def __init__(self) -> None:
        self._lsh = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)
        self._windows: list[tuple[str, RMinHash]] = []

    @staticmethod
    def _minhashes(text: str, step: int) -> Iterator[tuple[int, int, RMinHash]]:
        words = [(match[0].lower(), match.start(), match.end()) for match in re.finditer(r"\w+", text)]
        for at in range(0, max(1, len(words) - WINDOW + step), step):
            part = words[at : at + WINDOW]
            if len(part) < SHINGLE:
                return
            shingles = [
                " ".join(word for word, _, _ in part[i : i + SHINGLE]) for i in range(len(part) - SHINGLE + 1)
            ]
            minhash = RMinHash(num_perm=PERMUTATIONS, seed=42)
            minhash.update(shingles)
            yield part[0][1], part[-1][2], minhash

    def index(self, works: list[tuple[str, str]]) -> None:
        """Take in the works."""
        for name, text in works:
            for _, _, minhash in self._minhashes(text, WORK_STEP):
                self._lsh.insert(len(self._windows), minhash)
                self._windows.append((name, minhash))

    def match(self, documents: list[tuple[str, str]]) -> Iterator[harness.Prediction]:
        """Yield what is found."""
        for name, text in documents:
            for begin, end, minhash in self._minhashes(text, DOCUMENT_STEP):
                best: dict[str, float] = {}
                for key in self._lsh.query(minhash):
                    work, other = self._windows[key]
                    similar = minhash.jaccard(other)
                    if similar >= LEAST_JACCARD:
                        best[work] = max(best.get(work, 0.0), similar)
                for work, similar in best.items():
                    yield name, work, begin, end, similar


if __name__ == "__main__":
    harness.main(RensaWindows(), "rensa")
