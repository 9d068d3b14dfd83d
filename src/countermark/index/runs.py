"""Fingerprints in the order of their hashes, however many: sorted in runs that fit into memory, merged from disk.

A run is sorted in memory and written to a file without a name, which is gone when it is closed. What fits in one run
never touches the disk.
"""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np

from countermark.index._sort_kernel import merge_runs, sort_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    Entries = tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]

RUN_ENTRIES = 1 << 24
"""Fingerprints of one run: sorting them takes 512 MiB."""
MERGE_ENTRIES = 1 << 22
"""Fingerprints that all runs together, and the result, hold in memory while they are merged: 128 MiB."""


class _Run(NamedTuple):
    """One sorted run on disk: its hashes, then its postings."""

    file: IO[bytes]
    entries: int
    posting: np.dtype[np.unsignedinteger]

    def read(self, first: int, count: int) -> Entries:
        """The hashes and postings from entry `first` on."""
        count = min(count, self.entries - first)
        return (
            self._read(8 * first, count, np.dtype("<u8")),
            self._read(8 * self.entries + self.posting.itemsize * first, count, self.posting).astype("<u8"),
        )

    def _read(self, place: int, count: int, kind: np.dtype[Any]) -> npt.NDArray[Any]:
        self.file.seek(place)
        return np.fromfile(self.file, kind, count)


class Runs:
    """Takes fingerprints in the order of the catalog, gives them in the order of their hashes.

    Equal hashes come in the order in which they were added. `folder` is where runs wait; `posting` is the type that
    holds every posting.
    """

    def __init__(
        self, folder: Path, posting: np.dtype[np.unsignedinteger], run_entries: int = RUN_ENTRIES
    ) -> None:
        self._folder, self._posting, self._limit = folder, posting, run_entries
        self._runs: list[_Run] = []
        self._parts: list[Entries] = []
        self._waiting = 0

    def add(self, hashes: npt.NDArray[np.uint64], postings: npt.NDArray[np.uint64]) -> None:
        """Append fingerprints; the arrays are copied."""
        first = 0
        while first < len(hashes):
            taken = slice(first, first + self._limit - self._waiting)
            part = hashes[taken].copy(), postings[taken].copy()
            self._parts.append(part)
            self._waiting += len(part[0])
            first += len(part[0])
            if self._waiting == self._limit:
                self._spill()

    def _sorted_rest(self) -> Entries:
        """What waits in memory, sorted; it waits no longer."""
        hashes = np.concatenate([part[0] for part in self._parts]) if self._parts else np.zeros(0, "<u8")
        postings = np.concatenate([part[1] for part in self._parts]) if self._parts else np.zeros(0, "<u8")
        self._parts, self._waiting = [], 0
        other = np.empty_like(hashes), np.empty_like(postings)
        return other if sort_run(hashes, postings, *other) else (hashes, postings)

    def _spill(self) -> None:
        hashes, postings = self._sorted_rest()
        file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 (`close` closes it)
        self._runs.append(_Run(file, len(hashes), self._posting))
        hashes.tofile(file)
        postings.astype(self._posting).tofile(file)

    def merged(self) -> Iterator[Entries]:
        """Blocks of hashes and postings, all in order; no more is added afterwards."""
        if not self._runs:
            yield self._sorted_rest()
            return
        if self._waiting:
            self._spill()
        self._parts = []
        yield from _merged(self._runs)

    def close(self) -> None:
        """Give the disk back."""
        for run in self._runs:
            run.file.close()


def _merged(runs: list[_Run]) -> Iterator[Entries]:
    """Merge runs block by block: a run whose block is used up gets its next one before the merge goes on."""
    room = max(1, MERGE_ENTRIES // len(runs))
    hashes, postings = np.empty(room * len(runs), "<u8"), np.empty(room * len(runs), "<u8")
    bounds = np.zeros((len(runs), 2), dtype=np.int64)
    read = [0] * len(runs)
    out = np.empty(MERGE_ENTRIES, "<u8"), np.empty(MERGE_ENTRIES, "<u8")
    filled = 0
    while True:
        for number, run in enumerate(runs):
            if bounds[number, 0] == bounds[number, 1] and read[number] < run.entries:
                block = run.read(read[number], room)
                begin, size = number * room, len(block[0])
                hashes[begin : begin + size], postings[begin : begin + size] = block
                bounds[number] = begin, begin + size
                read[number] += size
        count = merge_runs(hashes, postings, bounds, out[0][filled:], out[1][filled:])
        filled += count
        if filled == len(out[0]) or (not count and filled):
            yield out[0][:filled], out[1][:filled]
            filled = 0
        elif not count:
            return
