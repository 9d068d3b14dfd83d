"""The postings of recordings: from a constellation to the works that have one like it.

A posting is the number of its anchor among the peaks of all works and which peaks follow; the geometry is read from
the peaks themselves, so that what is compared is exact and not a cell. Postings stand in buckets of neighbouring
keys, in the order of the works. All arrays are flat and can be memory-mapped; the same works make the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.errors import InputError
from countermark.fingerprint.audio.codes import WORK_WORDS
from countermark.fingerprint.audio.constellations import WORK_RANKS, hashes, packed
from countermark.fingerprint.audio.features import Features
from countermark.fingerprint.audio.peaks import HIGHEST
from countermark.index.arrays import climbs, within
from countermark.index.audio import _posting_kernel as kernel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

ARRAYS: Final[dict[str, tuple[str, ...]]] = {
    "lengths": ("u4", "assets"),
    "starts": ("i8", "assets+1"),
    "code_starts": ("i8", "assets+1"),
    "peaks": ("u4", "peaks"),
    "ranks": ("u1", "peaks"),
    "codes": ("u8", "codes", str(WORK_WORDS)),
    "counts": ("u1", "buckets"),
    "bases": ("u4", "groups+1"),
    "anchors": ("u4", "postings"),
    "details": ("u2", "postings"),
}
"""The type of each array, and its shape; lengths of one name are equal.

`lengths` are the milliseconds of the works; `peaks` frame << 9 | pitch, those of work a from `starts[a]` on; `counts`
how many postings each bucket of keys has, and `bases` where each GROUP of buckets begins among `anchors` and
`details`.
"""
GROUP: Final = kernel.GROUP
MOST_PEAKS: Final = (1 << 32) - 1
"""Peaks of one index, about 50,000 hours: their numbers are uint32. A larger catalogue is more than one index."""


def build_postings(features: Iterable[Features]) -> dict[str, npt.NDArray[Any]]:
    """The arrays (see ARRAYS); one `Features` a work, in the order of the works' numbers.

    Raises InputError where there are more than MOST_PEAKS.
    """
    peaks, ranks, codes, lengths = [], [], [], []
    for work in features:
        kept = work.strengths < WORK_RANKS
        peaks.append(packed(work)[kept])
        ranks.append(work.strengths[kept])
        codes.append(work.codes[:, :WORK_WORDS])
        lengths.append(round(work.seconds * 1000))
    starts = _starts(peaks)
    if starts[-1] > MOST_PEAKS:
        raise InputError(
            f"the works have {starts[-1]} peaks in all; one index holds {MOST_PEAKS}, about 50,000 hours: make several"
        )
    return {
        "lengths": np.array(lengths, dtype=np.uint32),
        "starts": starts,
        "code_starts": _starts(codes),
        "peaks": _joined(peaks, np.zeros(0, dtype=np.uint32)),
        "ranks": _joined(ranks, np.zeros(0, dtype=np.uint8)),
        "codes": _joined(codes, np.zeros((0, WORK_WORDS), dtype=np.uint64)),
        **_postings(peaks, ranks, starts),
    }


def _postings(
    peaks: list[Any], ranks: list[Any], starts: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[Any]]:
    """The postings of all works, in buckets: about as many buckets as postings."""
    found = [
        hashes(part, rank, int(first)) for part, rank, first in zip(peaks, ranks, starts[:-1], strict=True)
    ]
    keys = _joined([part.keys for part in found], np.zeros(0, dtype=np.uint64))
    anchors = _joined([part.anchors for part in found], np.zeros(0, dtype=np.uint32))
    details = _joined([part.details for part in found], np.zeros(0, dtype=np.uint16))
    counts, bases, order = kernel.bucketed(keys, 2 * GROUP * max(1, len(keys) // (2 * GROUP)))
    return {"counts": counts, "bases": bases, "anchors": anchors[order], "details": details[order]}


def _starts(parts: list[Any]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)


def _joined(parts: list[npt.NDArray[Any]], nothing: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.concatenate([nothing, *parts])


def wrong_numbers(arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """The name of an array with a number that leads outside of what it leads into; empty where there is none.

    The shapes are those of ARRAYS.
    """
    a = arrays
    if not climbs(a["starts"], len(a["peaks"])):
        return "starts"
    if not climbs(a["code_starts"], len(a["codes"])):
        return "code_starts"
    if not within(a["peaks"] & np.uint32(511), 0, HIGHEST + 1) or not _ordered(a["peaks"], a["starts"]):
        return "peaks"
    if not within(a["ranks"], 0, WORK_RANKS):
        return "ranks"
    return _wrong_postings(a)


def _wrong_postings(a: Mapping[str, npt.NDArray[Any]]) -> str:
    if not len(a["counts"]) or len(a["counts"]) % (2 * GROUP):
        return "counts"
    groups = a["counts"].reshape(-1, GROUP).sum(axis=1, dtype=np.int64)
    places = np.concatenate([[0], np.cumsum(groups)])
    if not np.array_equal(a["bases"], places) or places[-1] != len(a["anchors"]):
        return "bases"
    return "" if _lead_to_peaks(a) else "anchors"


def _ordered(peaks: npt.NDArray[np.uint32], starts: npt.NDArray[np.int64]) -> bool:
    """Whether the peaks of each work stand in the order of time."""
    frames = (peaks >> np.uint32(9)).astype(np.int64)
    falls = np.flatnonzero(np.diff(frames) < 0) + 1
    return bool(np.isin(falls, starts).all())


def _lead_to_peaks(a: Mapping[str, npt.NDArray[Any]]) -> bool:
    """Whether the anchors are peaks, and what follows them too; the families pack the steps differently."""
    details = a["details"].astype(np.int64)
    free = np.arange(len(details)) < int(a["bases"][len(a["counts"]) // 2 // GROUP])
    steps = np.where(
        free, (details & 31) + (details >> 5 & 31) + (details >> 10), (details & 63) + (details >> 6)
    )
    return within(a["anchors"] + steps, 0, len(a["peaks"]))


class PostingLookup:
    """The postings, open for lookup."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self.arrays = arrays
        self.index = tuple(
            arrays[name] for name in ("peaks", "starts", "counts", "bases", "anchors", "details")
        )

    def __len__(self) -> int:
        """How many works."""
        return len(self.arrays["lengths"])

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
            int(a["lengths"][asset]) / 1000,
        )
