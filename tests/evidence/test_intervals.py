"""Intervals, against sets of points."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from countermark.evidence.intervals import Depth, Intervals, Measure, inside, merge, subtract

spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=12)


def intervals(pairs: list[tuple[int, int]]) -> Intervals:
    """Pairs of start and length as intervals."""
    start = np.array([start for start, _ in pairs], np.int64)
    return Intervals(start, start + np.array([length for _, length in pairs], np.int64))


def points(found: Intervals) -> list[int]:
    """The positions under intervals, with repetitions."""
    return sorted(at for start, end in zip(*found, strict=True) for at in range(start, end))


@given(spans)
def test_merge_is_the_union(pairs: list[tuple[int, int]]) -> None:
    """The union holds each covered position once, in disjoint, ordered intervals that do not touch."""
    union, keys = merge(intervals(pairs))
    assert points(union) == sorted(set(points(intervals(pairs))))
    assert np.all(union.start[1:] > union.end[:-1])
    assert not keys.any()


@given(spans, st.data())
def test_merge_keeps_keys_apart(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    """Each key has its own union."""
    key = np.array([data.draw(st.integers(0, 2)) for _ in pairs], np.int64)
    union, keys = merge(intervals(pairs), key)
    for one in range(3):
        mine = [pair for pair, of in zip(pairs, key, strict=True) if of == one]
        alone, _ = merge(intervals(mine))
        chosen = keys == one
        assert points(Intervals(union.start[chosen], union.end[chosen])) == points(alone)


@given(spans, spans)
def test_subtract_is_the_difference(pairs: list[tuple[int, int]], holes: list[tuple[int, int]]) -> None:
    """What is left is what is covered and not in a hole."""
    whole, hole = merge(intervals(pairs))[0], merge(intervals(holes))[0]
    assert points(subtract(whole, hole)) == sorted(set(points(whole)) - set(points(hole)))
    position = np.arange(60)
    assert set(position[inside(whole, position)]) == set(points(whole))


@given(spans)
def test_depth_counts(pairs: list[tuple[int, int]]) -> None:
    """The depth is how many intervals hold a position, and the steps tell the same."""
    depth = Depth(intervals(pairs))
    count = [points(intervals(pairs)).count(at) for at in range(60)]
    assert depth.at(np.arange(60)).tolist() == count
    steps, height = depth.steps()
    told = {at: int(h) for a, b, h in zip(*steps, height, strict=True) for at in range(a, b)}
    assert told == {at: number for at, number in enumerate(count) if number}


@given(spans, st.data())
def test_measure_is_consistent(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    """A finding alone measures its own letters; together none counts twice, and a part is at most the whole."""
    found = intervals(pairs)
    letters = np.array([data.draw(st.integers(0, length)) for _, length in pairs], np.int64)
    measure = Measure.of(found, letters)
    union, _ = merge(found)
    each, whole = measure.within(found), measure.within(union).sum()
    assert whole <= letters.sum() + 1e-9
    assert np.all(each <= whole + 1e-9)
    assert np.all(each <= found.end - found.start + 1e-9)
    full = Measure.of(found, found.end - found.start)
    assert abs(full.within(union).sum() - len(points(union))) < 1e-9
    if len(pairs) == 1:
        assert abs(whole - letters.sum()) < 1e-9
