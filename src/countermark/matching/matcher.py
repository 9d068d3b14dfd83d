"""Matching batches of records against an index."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from countermark.fingerprint.folding import Folded, fold_table
from countermark.index.layout import MOST_PLACES
from countermark.matching import _batch_kernel
from countermark.matching._chain_kernel import count_works
from countermark.matching._seed_kernel import (
    C_CURBED,
    C_GROWN,
    C_HITS,
    C_KEPT,
    C_PASSED,
    C_TRIALS,
    C_WINDOWS,
    COUNTERS,
    I0,
    I1,
    P0,
    P1,
    S_ASSET,
    S_EDITS,
    S_LONGEST,
    S_MATCHED,
    S_SCORE,
)
from countermark.matching.match import Match
from countermark.media import Span

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from countermark.corpus.base import RecordBatch
    from countermark.index import Index

LEAST_BITS = 125.0
"""A match needs so much surprise to be a finding; docs/explanation/matching.md says how it was chosen."""

BITS_PER_DECADE = 25.0
BAR_RISES_FROM = 2e7
"""A catalog of more letters needs so many bits more for each factor of ten: more works, more chances to agree."""


def least_bits(letters: int) -> float:
    """The bits that a match needs in a catalog of so many letters."""
    return LEAST_BITS + BITS_PER_DECADE * max(0.0, math.log10(max(letters, 1) / BAR_RISES_FROM))


class Matcher:
    """Finds the passages of an index's works in records; `least` bits make a finding."""

    def __init__(self, index: Index, least: float | None = None) -> None:
        self.index = index
        self.least = least_bits(index.manifest.letters) if least is None else least
        self._counters = np.zeros(COUNTERS, dtype=np.int64)

    @property
    def statistics(self) -> dict[str, int]:
        """Counts since the beginning: windows looked up, passed by the filter, hits, seeds tried, grown, kept.

        `curbed` counts records whose cost went over the limit, so that their last seeds were not grown.
        """
        names = {
            "windows": C_WINDOWS, "passed": C_PASSED, "hits": C_HITS, "tried": C_TRIALS,
            "grown": C_GROWN, "kept": C_KEPT, "curbed": C_CURBED,
        }  # fmt: skip
        return {name: int(self._counters[number]) for name, number in names.items()}

    def warm_up(self) -> None:
        """Load the kernels, compiling them when this is the first use on this machine."""
        data, offsets = np.zeros(8, dtype=np.uint8), np.zeros(2, dtype=np.int64)
        data.flags.writeable = offsets.flags.writeable = False  # as those of a batch
        self._match_records(data, offsets)

    def _match_records(
        self, data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The chains of a batch, and the record of each, ascending."""
        scheme, key, parts = self.index.scheme, self.index.key, self.index.parts
        weight = round(10 * self.least)
        if len(parts) == 1 and parts[0].numbers is None:
            owners, chains = _batch_kernel.match_records(
                data, offsets, fold_table(), scheme.window, key, weight, parts[0].arrays,
                self.index.words_cell, self._counters,
            )  # fmt: skip
            return owners, chains
        return self._match_parts(data, offsets, weight)

    def _match_parts(
        self, data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], weight: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The same in an index of segments: the batch is folded once, and each segment searched for it."""
        folded = _batch_kernel.fold_records(data, offsets, fold_table())
        taken = np.zeros(len(folded[0]), dtype=np.uint8)
        found = []
        windows = self._counters[C_WINDOWS]
        for part in self.index.parts:
            self._counters[C_WINDOWS] = windows  # the same windows in each
            owners, chains = _batch_kernel.match_folded(
                folded, self.index.scheme.window, self.index.key, weight, part.arrays, self.index.words_cell,
                self._counters, (part.live, taken),
            )  # fmt: skip
            if part.numbers is not None:
                chains[:, S_ASSET] = part.numbers[chains[:, S_ASSET]]
            found.append((owners, chains))
        owners, chains = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
        order = np.argsort(owners, kind="stable")
        return owners[order], chains[order]

    def match(self, batch: RecordBatch) -> list[Match]:
        """Return the matches of a batch, ordered by record, then place in it, then asset."""
        data, offsets = _buffers(batch.text)
        owners, chains = self._match_records(data, offsets)
        matches: list[Match] = []
        bounds = np.flatnonzero(np.diff(owners, prepend=-1, append=-1))  # owners ascend
        for first, last in itertools.pairwise(bounds.tolist()):
            record = int(owners[first])
            raw = data[offsets[record] : offsets[record + 1]]
            matches.extend(self._matches(record, raw, chains[first:last]))
        return matches

    def _matches(self, record: int, raw: npt.NDArray[np.uint8], chains: npt.NDArray[np.int64]) -> list[Match]:
        """Turn the chains of one record into matches in code points."""
        chains = chains[np.lexsort((chains[:, P0], chains[:, S_ASSET], chains[:, I0]))]
        spans = Folded(raw).spans(chains[:, I0], chains[:, I1])
        common = self._commonness(chains)
        return [
            self._match(record, Span(*span), chain, works)
            for chain, span, works in zip(chains.tolist(), spans.tolist(), common.tolist(), strict=True)
        ]

    def _match(self, record: int, span: Span, chain: list[int], works: int) -> Match:
        asset = chain[S_ASSET]
        begin = chain[P0] - self.index.begin(asset)
        identical = chain[S_MATCHED] == chain[I1] - chain[I0] == chain[P1] - chain[P0]
        return Match(
            asset=asset,
            record=record,
            asset_span=self.index.asset_span(asset, begin, begin + chain[P1] - chain[P0]),
            record_span=span,
            matched=chain[S_MATCHED],
            longest_run=chain[S_LONGEST],
            edits=chain[S_EDITS],
            bits=chain[S_SCORE] / 10,
            identical=identical and self.index.manifest.form == "full",
            commonness=works,
        )

    def _commonness(self, chains: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Count for each chain the works (64 at most) with a chain over at least half of it in the same record."""
        works = self.index.works_of(chains[:, S_ASSET])
        counts = np.ones(len(chains), dtype=np.int64)
        if len(np.unique(works)) > 1:
            count_works(chains[:, I0].copy(), chains[:, I1].copy(), works, MOST_PLACES, counts)
        return counts


def _buffers(text: pa.LargeStringArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes and offsets of an Arrow array, without a copy."""
    _, offsets, data = text.buffers()
    bounds = np.frombuffer(memoryview(offsets) if offsets else b"", dtype=np.int64)[
        text.offset : text.offset + len(text) + 1
    ]
    raw = np.frombuffer(memoryview(data), dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    raw.flags.writeable = bounds.flags.writeable = False  # one kind of array, one compiled kernel
    return raw, bounds
