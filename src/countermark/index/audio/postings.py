"""The postings of recordings: from a constellation to the works that have one like it.

A posting is the number of its anchor among the peaks of all works and which peaks follow; the geometry is read from the
peaks themselves, so that what is compared is exact and not a cell. Postings stand in buckets of neighbouring keys, in the
order of the works. All arrays are flat and can be memory-mapped; the same works make the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.fingerprint.audio.constellations import WORK_RANKS, hashes, packed
from countermark.fingerprint.audio.features import Features
from countermark.index.audio import _posting_kernel as kernel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

POSTINGS_A_BUCKET: Final = 6
"""What a bucket of keys holds on average, at least half of it."""


def build_postings(features: Iterable[Features]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of the postings; one `Features` a work, in the order of the works' numbers."""
    peaks, ranks, codes, seconds = [], [], [], []
    for work in features:
        kept = work.strengths < WORK_RANKS
        peaks.append(packed(work)[kept])
        ranks.append(work.strengths[kept])
        codes.append(work.codes)
        seconds.append(work.seconds)
    starts = np.concatenate([[0], np.cumsum([len(part) for part in peaks])]).astype(np.int64)
    found = [hashes(part, rank, int(first)) for part, rank, first in zip(peaks, ranks, starts[:-1], strict=True)]
    keys = _joined([part.keys for part in found], np.uint64)
    buckets = 1 << max(4, (len(keys) // POSTINGS_A_BUCKET).bit_length())
    bucket_starts = np.zeros(buckets + 1, dtype=np.uint32)
    anchors, details = np.empty(len(keys), dtype=np.uint32), np.empty(len(keys), dtype=np.uint16)
    kernel.place(
        keys, _joined([part.anchors for part in found], np.uint32), _joined([part.details for part in found], np.uint16),
        bucket_starts, anchors, details,
    )  # fmt: skip
    return {
        "anchors": anchors,
        "details": details,
        "buckets": bucket_starts,
        "peaks": _joined(peaks, np.uint32),
        "ranks": _joined(ranks, np.uint8),
        "starts": starts,
        "seconds": np.array(seconds, dtype=np.float64),
        "codes": np.concatenate(codes) if codes else np.zeros((0, 1), dtype=np.uint64),
        "code_starts": np.concatenate([[0], np.cumsum([len(part) for part in codes])]).astype(np.int64),
    }


def _joined(parts: list[npt.NDArray[Any]], kind: Any) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


class PostingLookup:
    """The postings, open for lookup."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self.arrays = arrays

    def __len__(self) -> int:
        """How many works."""
        return len(self.arrays["seconds"])

    def features(self, asset: int) -> Features:
        """The peaks that are indexed of a work, and its codes."""
        a = self.arrays
        begin, end = int(a["starts"][asset]), int(a["starts"][asset + 1])
        peaks = a["peaks"][begin:end]
        codes = a["codes"][int(a["code_starts"][asset]) : int(a["code_starts"][asset + 1])]
        return Features(
            (peaks >> np.uint32(9)).astype(np.int32),
            (peaks & np.uint32(511)).astype(np.int16),
            a["ranks"][begin:end],
            codes,
            float(a["seconds"][asset]),
        )
