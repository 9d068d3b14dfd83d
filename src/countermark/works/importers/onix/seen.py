"""Which record references have come by, in few bytes each: a file may hold ten million."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

_RECENT = 1 << 16


class Seen:
    """A set of texts by 64 bits of BLAKE2b: eight bytes each in sorted runs, of which each is twice the next one.

    Two different texts are taken for one with a chance of n²/2⁶⁵: of three in a million for ten million.
    """

    def __init__(self) -> None:
        self._recent: set[int] = set()
        self._runs: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []

    def add(self, text: str) -> bool:
        """Add `text`; whether it was there before."""
        key = int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
        if key in self._recent or any(_holds(run, key) for run in self._runs):
            return True
        self._recent.add(key)
        if len(self._recent) >= _RECENT:
            self._settle()
        return False

    def _settle(self) -> None:
        run = np.sort(np.fromiter(self._recent, np.uint64, len(self._recent)))
        self._recent.clear()
        while self._runs and len(self._runs[-1]) <= len(run):
            run = np.sort(np.concatenate((self._runs.pop(), run)))
        self._runs.append(run)


def _holds(run: np.ndarray[tuple[int], np.dtype[np.uint64]], key: int) -> bool:
    wanted = np.uint64(key)
    at = int(np.searchsorted(run, wanted))
    return at < len(run) and run[at] == wanted
