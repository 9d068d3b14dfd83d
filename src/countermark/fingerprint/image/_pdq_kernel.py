"""PDQ's arithmetic: reduction to 64 by 64, quality, DCT, median and bits; float64 in one fixed order throughout."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel

SIDE, KEPT = 64, 16
_MIDDLE = (
    KEPT * KEPT // 2 - 1
)  # of 256 sorted values the 128th: the lower of the two medians, as in the reference
_GRADIENTS_PER_POINT = 90
_ONE = np.uint64(1)


@kernel
def fill_weights(length: int, box: int, starts: Any, weights: Any) -> None:
    """Fill in how each of 64 samples along `length` pixels comes about from two passes of a box, cut off at the ends.

    `starts` int64[64]: the first pixel of each; `weights` float64[64, t], zero at first: those of t pixels from it on.
    """
    ahead = (box + 2) // 2  # the window of a pixel ends so many pixels on, that one not included
    for row in range(SIDE):
        middle = int((row + 0.5) * length / SIDE)
        first, last = max(0, middle + ahead - box), min(length, middle + ahead)
        starts[row] = min(max(0, first + ahead - box), length - weights.shape[1])
        for pixel in range(first, last):
            begin, end = max(0, pixel + ahead - box), min(length, pixel + ahead)
            for source in range(begin, end):
                weights[row, source - starts[row]] += 1.0 / ((last - first) * (end - begin))


@kernel
def reduce_part(
    grey: Any, left: int, top: int, down_start: Any, down: Any, along_start: Any, along: Any, small: Any
) -> None:
    """Fill `small` float64[64, 64] from the part of `grey` that begins at (left, top).

    `down` float64[64, t] holds the weights of t rows from `down_start` on for each row of the result, `along` those of
    columns.
    """
    width = along_start[SIDE - 1] + along.shape[1]
    line = np.empty(width)
    for row in range(SIDE):
        first = top + down_start[row]
        line[:] = 0.0
        for tap in range(down.shape[1]):
            weight = down[row, tap]
            source = grey[first + tap, left : left + width]
            for column in range(width):
                line[column] += weight * source[column]
        for column in range(SIDE):
            start = along_start[column]
            weights, points = along[column], line[start : start + along.shape[1]]
            total = 0.0
            for tap in range(weights.size):
                total += weights[tap] * points[tap]
            small[row, column] = total


@kernel
def quality_of(small: Any) -> int:
    """The reference's measure of how much there is to see: gradients in whole hundredths of the range, added up."""
    total = 0
    for row in range(SIDE):
        for column in range(SIDE):
            here = small[row, column]
            if row + 1 < SIDE:
                total += abs(int((here - small[row + 1, column]) * 100.0 / 255.0))
            if column + 1 < SIDE:
                total += abs(int((here - small[row, column + 1]) * 100.0 / 255.0))
    return min(total // _GRADIENTS_PER_POINT, 100)


@kernel
def transform(small: Any, cosines: Any, out: Any) -> None:
    """Fill `out` float64[16, 16] with cosines · small · cosinesᵀ; `cosines` is float64[16, 64]."""
    half = np.empty(SIDE)
    for row in range(KEPT):
        half[:] = 0.0
        for index in range(SIDE):
            weight = cosines[row, index]
            for column in range(SIDE):
                half[column] += weight * small[index, column]
        for column in range(KEPT):
            total = 0.0
            for index in range(SIDE):
                total += half[index] * cosines[column, index]
            out[row, column] = total


@inlined
def _middle(values: Any) -> Any:
    """The 128th smallest of 256 values (Hoare's selection); `values` is left in another order."""
    low, high = 0, values.size - 1
    while low < high:
        pivot = values[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while values[left] < pivot:
                left += 1
            while values[right] > pivot:
                right -= 1
            if left <= right:
                values[left], values[right] = values[right], values[left]
                left += 1
                right -= 1
        if right >= _MIDDLE:
            high = right
        elif left <= _MIDDLE:
            low = left
        else:
            break
    return values[_MIDDLE]


@kernel
def bits_of_states(dct: Any, signs: Any, straight: Any, crossed: Any, out: Any) -> None:
    """Set bits above the median for each sign pattern: `out[straight[p]]`, and transposed in `out[crossed[p]]`.

    `signs` is int64[p, 2]: whether odd rows of coefficients, and odd columns, change their sign (counted from 1, as
    frequencies are: index 0 is odd). An index of -1 leaves that one out.
    """
    values = np.empty(KEPT * KEPT)
    sorting = np.empty(KEPT * KEPT)
    for pattern in range(signs.shape[0]):
        for row in range(KEPT):
            for column in range(KEPT):
                value = dct[row, column]
                turned = (signs[pattern, 0] & ~row) ^ (signs[pattern, 1] & ~column)
                values[row * KEPT + column] = -value if turned & 1 else value
        sorting[:] = values
        middle = _middle(sorting)
        for row in range(KEPT):
            for column in range(KEPT):
                if values[row * KEPT + column] > middle:
                    place = row * KEPT + column
                    other = column * KEPT + row
                    if straight[pattern] >= 0:
                        out[straight[pattern], place >> 6] |= _ONE << np.uint64(place & 63)
                    if crossed[pattern] >= 0:
                        out[crossed[pattern], other >> 6] |= _ONE << np.uint64(other & 63)
