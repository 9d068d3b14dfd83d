"""The postings of recordings: from a constellation to the works that have one like it.

A posting is the frame of its anchor, on a timeline on which all works stand one after another, and the shape of the
constellation: nothing else is read to tell whether it is the one that is asked for. Postings stand in buckets of
neighbouring keys, in the order of the works. All arrays are flat and can be memory-mapped; the same works make the
same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.errors import InputError
from countermark.fingerprint.audio.codes import WORK_WORDS
from countermark.fingerprint.audio.constellations import FIXED_A_PEAK, FREE_A_PEAK, WORK_RANKS, hashes, packed
from countermark.fingerprint.audio.features import Features
from countermark.fingerprint.audio.peaks import HIGHEST
from countermark.index.arrays import climbs, within
from countermark.index.audio import _posting_kernel as kernel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

ARRAYS: Final[dict[str, tuple[str, ...]]] = {
    "lengths": ("u4", "assets"),
    "timeline": ("i8", "assets+1"),
    "starts": ("i8", "assets+1"),
    "code_starts": ("i8", "assets+1"),
    "peaks": ("u4", "peaks"),
    "ranks": ("u1", "peaks"),
    "codes": ("u8", "codes", str(WORK_WORDS)),
    "counts": ("u1", "buckets"),
    "bases": ("u4", "groups+1"),
    "postings": ("u8", "postings"),
}
"""The type of each array, and its shape; lengths of one name are equal.

`lengths` are the milliseconds of the works; `timeline` where their first frames stand; `peaks` frame << 9 | pitch, of
work a from `starts[a]` on; `counts` how many postings each bucket of keys has, `bases` where each GROUP of buckets
begins among the `postings`, and a posting is frame << 32 | shape (see `fingerprint.audio._constellation_kernel`).
"""
GROUP: Final = kernel.GROUP
BUCKETS_A_PEAK: Final = 3
"""About as many as a peak has postings."""
APART: Final = 704
"""Frames between two works on the timeline: what is heard before the beginning of one is not the end of the other."""
MOST: Final = (1 << 32) - 1
"""Frames of one timeline, and postings, about 15,000 hours: their numbers are uint32. A larger catalogue is more than
one index."""


def build_postings(features: Iterable[Features]) -> dict[str, npt.NDArray[Any]]:
    """The arrays (see ARRAYS); one `Features` a work, in the order of the works' numbers.

    Held are the arrays themselves and four bytes a bucket. Raises InputError where there is more than MOST of anything.
    """
    peaks, ranks, codes, lengths = [], [], [], []
    for work in features:
        kept = work.strengths < WORK_RANKS
        peaks.append(packed(work)[kept])
        ranks.append(work.strengths[kept])
        codes.append(work.codes[:, :WORK_WORDS])
        lengths.append(round(work.seconds * 1000))
    starts, timeline = _starts(peaks), _timeline(peaks)
    most = max(int(timeline[-1]), int(starts[-1]) * (FREE_A_PEAK + FIXED_A_PEAK))
    if most > MOST:
        raise InputError(
            f"the works are too long in all: {most} frames or postings; one index holds {MOST}, about 15,000 hours: "
            "make several"
        )
    return {
        "lengths": np.array(lengths, dtype=np.uint32),
        "timeline": timeline,
        "starts": starts,
        "code_starts": _starts(codes),
        "peaks": _joined(peaks, np.zeros(0, dtype=np.uint32)),
        "ranks": _joined(ranks, np.zeros(0, dtype=np.uint8)),
        "codes": _joined(codes, np.zeros((0, WORK_WORDS), dtype=np.uint64)),
        **_postings(peaks, ranks, timeline),
    }


def _postings(
    peaks: list[Any], ranks: list[Any], timeline: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[Any]]:
    """The postings of all works, in buckets: counted, then put where they belong, so that none is held twice."""
    works = list(zip(peaks, ranks, timeline[:-1].tolist(), strict=True))
    buckets = sum(map(len, peaks)) * BUCKETS_A_PEAK
    ends = np.zeros(2 * GROUP * max(1, buckets // (2 * GROUP)) + 1, dtype=np.uint32)
    for work in works:
        kernel.count_keys(hashes(*work).keys, ends)
    np.cumsum(ends, out=ends)
    placed = np.empty(int(ends[-1]), dtype=np.uint64)
    for work in works:
        found = hashes(*work)
        kernel.place(found.keys, found.postings, ends, placed)
    counts, bases = kernel.thin(ends, placed)
    return {"counts": counts, "bases": bases, "postings": placed[: int(bases[-1])]}


def _timeline(peaks: list[Any]) -> npt.NDArray[np.int64]:
    frames = [APART + (int(part[-1]) >> 9) + 1 if len(part) else APART for part in peaks]
    return np.cumsum([APART, *frames]).astype(np.int64)


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
    if int(a["timeline"][0]) != APART or not climbs(a["timeline"] - APART, int(a["timeline"][-1]) - APART):
        return "timeline"
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
    if not np.array_equal(a["bases"], places) or places[-1] != len(a["postings"]):
        return "bases"
    return "" if within(a["postings"] >> np.uint64(32), APART, int(a["timeline"][-1])) else "postings"


def _ordered(peaks: npt.NDArray[np.uint32], starts: npt.NDArray[np.int64]) -> bool:
    """Whether the peaks of each work stand in the order of time."""
    frames = (peaks >> np.uint32(9)).astype(np.int64)
    falls = np.flatnonzero(np.diff(frames) < 0) + 1
    return bool(np.isin(falls, starts).all())


def _log_tempos() -> npt.NDArray[np.int32]:
    """4096 times the logarithm of the tempo, int32[128, 128], by the lengths in the work and in the track."""
    lengths = np.log(np.arange(128, dtype=np.float64).clip(1))
    return np.asarray(np.rint((lengths[:, None] - lengths) * 4096), dtype=np.int32)


_LOGS: Final = _log_tempos()


class PostingLookup:
    """The postings, open for lookup."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self.arrays = arrays
        self.index = (arrays["counts"], arrays["bases"], arrays["postings"], _LOGS)
        self.timeline = np.ascontiguousarray(arrays["timeline"])

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
