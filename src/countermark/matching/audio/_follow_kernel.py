"""Kernels of the extension: from a verified window on, as far as the two recordings agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from countermark.kernels.compiling import kernel
from countermark.kernels.machine import set_bits
from countermark.matching.audio._agree_kernel import ONE, _strength, agreement

if TYPE_CHECKING:
    import numpy.typing as npt

_MOVES = 3
"""Half codes that a chunk is tried to be moved, either way: 60 ms."""
_HEARD = 3.5
"""The strength of a chunk from which it is heard; unrelated ones have one of 0 +- 1.7."""
_BETTER = 1.5
"""By how much a moved chunk must be stronger."""
NOWHERE = -(1 << 62)
"""The position of a record code that is not aligned."""


@kernel
def follow(
    record: npt.NDArray[np.uint64],
    mask: npt.NDArray[np.uint64],
    work: npt.NDArray[np.uint64],
    begin: int,
    place: int,
    step: int,
    direction: int,
    chunk: int,
    patience: int,
    path: npt.NDArray[np.int64],
) -> None:
    """Write the positions in the work of record codes from `begin` on, whose own is `place`, to `path` int64[n].

    It goes by chunks; each may lie a little off what the last ones say, and then the pace follows. It ends where work
    or record does, or where nothing is heard for `patience` codes.
    """
    t, position, missed = begin, place, 0
    while missed <= patience:
        first = t if direction > 0 else max(0, t - chunk)
        end = min(record.shape[0], t + chunk) if direction > 0 else t
        start = position if direction > 0 else position - step * (end - first)
        after = start + step * (end - first)
        if end <= first or start >= work.shape[0] * ONE or after < 0:
            return
        excess, compared = agreement(record, first, end, mask, work, start, step, 1)
        unmoved = _strength(excess, compared)
        best, moved = unmoved, 0
        for k in range(-_MOVES, _MOVES + 1):
            excess, compared = agreement(record, first, end, mask, work, start + k * (ONE >> 1), step, 1)
            strength = _strength(excess, compared)
            if strength > best and strength > unmoved + _BETTER:
                best, moved = strength, k * (ONE >> 1)
        missed = 0 if best >= _HEARD else missed + end - first
        if best >= _HEARD:
            start += moved
        else:
            moved = 0
        for k in range(first, end):
            path[k] = start + step * (k - first)
        position = start + step * (end - first) if direction > 0 else start
        t = end if direction > 0 else first
        step += direction * moved // (4 * chunk)


@kernel
def excess_along(
    record: npt.NDArray[np.uint64],
    mask: npt.NDArray[np.uint64],
    work: npt.NDArray[np.uint64],
    path: npt.NDArray[np.int64],
    excess: npt.NDArray[np.int32],
    state: npt.NDArray[np.int8],
) -> None:
    """Write, for every record code, the bits that agree less those that do not, and what it is.

    `state` becomes 0 (outside of the path or the work), 1 (silent) or 2 (compared).
    """
    width = set_bits(mask[0]) + set_bits(mask[1])
    for t in range(path.shape[0]):
        excess[t], state[t] = 0, 0
        if path[t] == NOWHERE:
            continue
        j = (path[t] + (ONE >> 1)) >> 16
        if j < 0 or j >= work.shape[0]:
            continue
        state[t] = 1
        if (record[t, 0] | record[t, 1]) == 0 or (work[j, 0] | work[j, 1]) == 0:
            continue
        state[t] = 2
        differing = set_bits((record[t, 0] ^ work[j, 0]) & mask[0]) + set_bits(
            (record[t, 1] ^ work[j, 1]) & mask[1]
        )
        excess[t] = width - 2 * differing


@kernel
def heard_codes(
    excess: npt.NDArray[np.int32],
    state: npt.NDArray[np.int8],
    width: int,
    expected: float,
    spread: float,
    cost: float,
    heard: npt.NDArray[np.bool_],
) -> None:
    """Tell the record codes in which the work is heard: the likeliest course of heard and not heard (Viterbi).

    The share of excess of a code is normal around `expected` where the work is heard and around 0 elsewhere, with the
    variance `spread`; a change costs `cost`.
    """
    count = excess.shape[0]
    came_heard = np.zeros(count, dtype=np.bool_)
    came_other = np.zeros(count, dtype=np.bool_)
    inside, outside = -cost, 0.0
    for t in range(count):
        gain = expected * (excess[t] / width - expected / 2) / spread
        if state[t] < 2:
            gain = -cost if state[t] == 0 else 0.0
        came_heard[t] = inside >= outside - cost
        came_other[t] = inside - cost > outside
        into = inside if came_heard[t] else outside - cost
        outside = inside - cost if came_other[t] else outside
        inside = into + gain
    now = inside > outside
    for t in range(count - 1, -1, -1):
        heard[t] = now
        now = came_heard[t] if now else came_other[t]
