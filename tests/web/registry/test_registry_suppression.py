"""Small counts are hidden, and cannot be reckoned back."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from countermark.web.registry.suppression import HIDDEN, SMALL, suppressed

CELLS = st.lists(st.integers(0, 14), min_size=1, max_size=4)


def named(counts: list[int]) -> dict[str, int]:
    return {f"c{at}": count for at, count in enumerate(counts)}


def test_large_counts_are_shown_with_their_total() -> None:
    """Nothing is hidden where nothing is small."""
    assert suppressed({"a": 5, "b": 9}, 5) == ({"a": 5, "b": 9}, 14)


def test_one_small_count_takes_a_second_with_it() -> None:
    """A single hidden cell would follow from the total: the smallest of the others covers it."""
    shown = suppressed({"a": 2, "b": 40, "c": 12}, 5)
    assert shown.cells == {"a": SMALL, "b": 40, "c": HIDDEN}
    assert shown.total == 54


def test_a_table_that_cannot_be_covered_is_hidden_whole() -> None:
    """With nothing to cover it, not even the total is shown."""
    assert suppressed({"a": 2}, 5) == ({"a": HIDDEN}, None)
    assert suppressed({"a": 0, "b": 5}, 5) == ({"a": HIDDEN, "b": HIDDEN}, None)


@given(CELLS)
def test_no_small_count_follows_from_what_is_shown(counts: list[int]) -> None:
    """For every small cell, each value from 0 to 4 agrees with all that is shown, the rules included."""
    cells = named(counts)
    shown = suppressed(cells, 5)
    assert all(count not in range(5) for count in shown.cells.values())
    if shown.total is None:
        return
    hidden = {name: mark for name, mark in shown.cells.items() if isinstance(mark, str)}
    left = shown.total - sum(count for count in shown.cells.values() if isinstance(count, int))
    ranges = [range(5) if mark == SMALL else range(5, left + 1) for mark in hidden.values()]
    possible = [guess for guess in product(*ranges) if sum(guess) == left]
    for at, mark in enumerate(hidden.values()):
        if mark == SMALL:
            assert {guess[at] for guess in possible} == set(range(5))
