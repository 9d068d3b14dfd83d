"""Which windows of a work are indexed."""

from __future__ import annotations

from typing import Any

from countermark.kernels.compiling import kernel

PERIOD = 8  # a window that repeats itself within so many letters says nothing


@kernel
def _repeats(letters: Any, start: int, window: int) -> bool:
    """Whether the window is one pattern of at most PERIOD letters, again and again."""
    for period in range(1, PERIOD + 1):
        position = start + period
        while position < start + window and letters[position] == letters[position - period]:
            position += 1
        if position == start + window:
            return True
    return False


@kernel
def sample_anchors(letters: Any, anchors: Any, window: int, stride: int, taken: Any) -> int:
    """Fill `taken` with the anchors to index: the first, then always the farthest at most `stride` letters on.

    Windows that do not fit, or repeat themselves, are not taken, but the walk goes through them.
    """
    count = 0
    index = 0
    while index < anchors.size:
        start = anchors[index]
        if start + window > letters.size:
            break
        if not _repeats(letters, start, window):
            taken[count] = start
            count += 1
        following = index + 1
        while (
            following + 1 < anchors.size
            and anchors[following + 1] <= start + stride
            and anchors[following + 1] + window <= letters.size
        ):
            following += 1
        index = following
    return count
