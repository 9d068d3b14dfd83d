"""Sets of half-open intervals as arrays, on one long axis.

All assets of a catalogue are laid end to end on one axis of code points, so that an interval never reaches
from one asset into the next and no operation needs to know where an asset ends. Everything sorts once and
is linear after that: a million findings take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Intervals(NamedTuple):
    """Intervals `[start[i], end[i])`; both arrays have the shape (n,)."""

    start: Ints
    end: Ints


def merge(intervals: Intervals, key: Ints | None = None) -> tuple[Intervals, Ints]:
    """The union of the intervals of each key: disjoint, ordered by key and start, with their keys.

    `key` has the shape (n,) and is not negative; without it all intervals have the key 0. Empty intervals
    vanish.
    """
    keys = np.zeros(len(intervals.start), np.int64) if key is None else key
    full = intervals.end > intervals.start
    start, end, keys = intervals.start[full], intervals.end[full], keys[full]
    if not len(start):
        none = np.empty(0, np.int64)
        return Intervals(none, none), none
    order = np.lexsort((start, keys))
    start, end, keys = start[order], end[order], keys[order]
    reach = _running_end(end, keys)
    first = np.ones(len(start), bool)
    first[1:] = (keys[1:] != keys[:-1]) | (start[1:] > reach[:-1])
    last = np.append(np.flatnonzero(first)[1:] - 1, len(start) - 1)
    return Intervals(start[first], reach[last]), keys[first]


def _running_end(end: Ints, keys: Ints) -> Ints:
    """The largest end so far within each key; keys stand in order."""
    values, rank = np.unique(end, return_inverse=True)
    # Ranks are small, so the keys can be stacked above each other without overflow.
    dense = np.cumsum(np.append(0, (keys[1:] != keys[:-1]).astype(np.int64)))
    lifted: Ints = np.maximum.accumulate(rank + dense * len(values)) - dense * len(values)
    return values[lifted]


def subtract(intervals: Intervals, hole: Intervals) -> Intervals:
    """What of the disjoint, ordered `intervals` lies outside the disjoint, ordered `hole`."""
    edges = np.unique(np.concatenate([*intervals, *hole]))
    if len(edges) < 2:
        return intervals
    left, right = edges[:-1], edges[1:]
    keep = inside(intervals, left) & ~inside(hole, left)
    return merge(Intervals(left[keep], right[keep]))[0]


def inside(intervals: Intervals, position: Ints) -> npt.NDArray[np.bool_]:
    """Whether each position lies in one of the disjoint, ordered intervals."""
    if not len(intervals.start):
        return np.zeros(len(position), bool)
    at = np.searchsorted(intervals.start, position, side="right") - 1
    return (at >= 0) & (position < intervals.end[np.maximum(at, 0)])


class Depth:
    """How many of some intervals lie over a position."""

    def __init__(self, intervals: Intervals) -> None:
        self._start = np.sort(intervals.start)
        self._end = np.sort(intervals.end)

    def at(self, position: Ints) -> Ints:
        """The number of intervals that hold each position."""
        begun = np.searchsorted(self._start, position, side="right")
        ended = np.searchsorted(self._end, position, side="right")
        return np.asarray(begun - ended, np.int64)

    def steps(self) -> tuple[Intervals, Ints]:
        """The stretches of equal depth that are covered at all, in order, with their depths."""
        edges = np.unique(np.concatenate([self._start, self._end]))
        if len(edges) < 2:
            none = np.empty(0, np.int64)
            return Intervals(none, none), none
        depth = self.at(edges[:-1])
        covered = depth > 0
        return Intervals(edges[:-1][covered], edges[1:][covered]), depth[covered]


@dataclass(frozen=True, slots=True)
class Measure:
    """Folded letters along the axis, as the findings counted them.

    A finding says how many letters of its span matched; within the span they are spread evenly. Where spans
    overlap, the one that begins first (the longer of two that begin together) counts. So one finding alone
    measures exactly its own letters, no letter counts twice, and a part never measures more than the whole.
    """

    edges: Ints
    total: Floats

    @classmethod
    def of(cls, spans: Intervals, letters: Ints) -> Measure:
        """The measure of n spans, each with its number of matched letters."""
        order = np.lexsort((-letters, -spans.end, spans.start))
        start, end, amount = spans.start[order], spans.end[order], letters[order].astype(np.float64)
        reach = np.maximum.accumulate(np.append(0, end))[:-1]
        new = np.maximum(start, reach)
        fresh = end > new
        width = np.maximum(end - start, 1)
        share = (amount * (end - new) / width)[fresh]
        pieces = np.column_stack([new[fresh], end[fresh]]).ravel()
        running = np.cumsum(np.column_stack([np.zeros(len(share)), share]).ravel())
        return cls(edges=pieces, total=running)

    def up_to(self, position: Ints) -> Floats:
        """Letters before each position."""
        if not len(self.edges):
            return np.zeros(len(position))
        return np.interp(position, self.edges, self.total)

    def within(self, intervals: Intervals) -> Floats:
        """Letters in each interval."""
        return np.asarray(self.up_to(intervals.end) - self.up_to(intervals.start), np.float64)
