"""How surprising a passage of a work is: a small word model of the catalog itself.

Set phrases, formulas and legal notices are long without being telling: "jours apres les evenements que nous avons
rapportes". The catalog knows them, because it holds them often. One table of hashed cells counts its words and its
pairs of words; a word then costs the smaller of what it costs by itself and what it costs after the word before it.

The passage in question is itself part of the catalog, so its own occurrence is taken off, and a pair counts only when
the catalog holds it PAIR_LEAST times elsewhere: two editions of one work must not make each other look like phrases.
Counts are kept as logarithms in eighths of a bit, and all sums are of integers: the same on every machine.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from countermark.fingerprint.scheme import EIGHTHS
from countermark.kernels.compiling import kernel
from countermark.kernels.machine import prefetch

MOST_WORD_BITS = 16 * EIGHTHS  # no word earns more: hashed cells and small catalogs cannot tell
CHOICE = 1 * EIGHTHS  # one bit a word for saying which of the two models spoke
PAIR_LEAST = 16  # occurrences elsewhere from which on a pair is a phrase
PARTIAL_LETTER = 2 * EIGHTHS  # a letter of a word that is cut by the passage's edge, two bits


def _logarithms() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Return (cell of count - 1 for each cell, whether count - 1 >= PAIR_LEAST); a cell is 8 * log2(count + 1)."""
    less, often = np.zeros(256, dtype=np.uint8), np.zeros(256, dtype=np.uint8)
    for cell in range(256):
        count = max(0, round(2 ** (cell / EIGHTHS) - 1) - 1)
        less[cell] = round(EIGHTHS * math.log2(count + 1))
        often[cell] = count >= PAIR_LEAST
    return less, often


LESS_ONE, OFTEN = _logarithms()
AHEAD = 64  # cells that are asked for before they are counted up: the table is larger than the caches


@kernel
def _word_hash(letters: Any, start: int, end: int) -> np.uint64:
    value = np.uint64(0xCBF29CE484222325)
    for position in range(start, end):
        value = (value ^ np.uint64(letters[position])) * np.uint64(0x100000001B3)
    value ^= value >> np.uint64(31)
    return value * np.uint64(0x9E3779B97F4A7C15)


@kernel
def _cell(value: np.uint64, cells: int) -> int:
    # the number of cells is a power of two, so that a larger table folds into a smaller one exactly
    return np.int64((value >> np.uint64(32)) & np.uint64(cells - 1))


@kernel
def _pair(before: np.uint64, word: np.uint64) -> np.uint64:
    value = (before ^ (word >> np.uint64(17))) * np.uint64(0xC2B2AE3D27D4EB4F) + word
    value ^= value >> np.uint64(29)
    return value * np.uint64(0x165667B19E3779F9)


@kernel
def count_words(letters: Any, anchors: Any, counts: Any) -> None:
    """Add the words and pairs of one folded text to `counts` uint32[cells]."""
    waiting = np.empty(AHEAD, dtype=np.int64)
    number = 0
    before = np.uint64(0)
    for index in range(anchors.size):
        end = anchors[index + 1] if index + 1 < anchors.size else letters.size
        word = _word_hash(letters, np.int64(anchors[index]), np.int64(end))
        number = _count_later(_cell(word, counts.size), counts, waiting, number)
        if index > 0:
            number = _count_later(_cell(_pair(before, word), counts.size), counts, waiting, number)
        before = word
    for late in range(max(0, number - AHEAD), number):
        counts[waiting[late % AHEAD]] += np.uint32(1)


@kernel
def _count_later(cell: int, counts: Any, waiting: Any, number: int) -> int:
    """Ask for a cell, and count the one up that was asked for AHEAD cells before; return how many were asked for."""
    if number >= AHEAD:
        counts[waiting[number % AHEAD]] += np.uint32(1)
    waiting[number % AHEAD] = cell
    prefetch(counts, cell)
    return number + 1


def word_model(counts: npt.NDArray[np.uint32], cells: int) -> npt.NDArray[np.uint8]:
    """Fold counts into `cells` cells (a power of two) and take their logarithms in eighths of a bit."""
    folded = counts.reshape(-1, cells).sum(axis=0, dtype=np.uint64)
    return np.minimum(np.rint(EIGHTHS * np.log2(folded + 1.0)), 255).astype(np.uint8)


@kernel
def mark_breaks(anchors: Any, base: int, breaks: Any) -> None:
    """Set bit `base + a` of `breaks` for every anchor a."""
    for index in range(anchors.size):
        position = base + np.int64(anchors[index])
        breaks[position >> 3] |= np.uint8(1 << (position & 7))


@kernel
def anchors_between(breaks: Any, start: int, end: int, anchors: Any) -> int:
    """Fill `anchors` with the set bits of [start, end), counted from `start`; return their number."""
    found = 0
    for position in range(start, end):
        anchors[found] = position - start
        found += np.int64((breaks[position >> 3] >> np.uint8(position & 7)) & np.uint8(1))
    return found


@kernel
def _next_break(breaks: Any, position: int, end: int) -> int:
    while position < end and not (breaks[position >> 3] >> np.uint8(position & 7)) & np.uint8(1):
        position += 1
    return position


@kernel
def surprise(work: Any, breaks: Any, start: int, end: int, model: Any, total: int) -> int:
    """Return the surprise, in eighths of a bit, of the letters [start, end) of the catalog.

    `model` uint8[cells] holds 8 * log2(count + 1); `total` is the cell value of the number of words.
    """
    first = _next_break(breaks, start, end)
    bits = (first - start) * PARTIAL_LETTER
    before = np.uint64(0)
    position = first
    while position < end:
        after = _next_break(breaks, position + 1, end)
        if after == end:
            bits += min((end - position) * PARTIAL_LETTER, MOST_WORD_BITS)
            break
        word = _word_hash(work, position, after)
        cost = total - np.int64(LESS_ONE[model[_cell(word, model.size)]]) + CHOICE
        if before != 0:
            pair = model[_cell(_pair(before, word), model.size)]
            if OFTEN[pair]:
                context = np.int64(model[_cell(before, model.size)])
                cost = min(cost, context - np.int64(LESS_ONE[pair]) + CHOICE)
        bits += min(max(cost, np.int64(CHOICE)), MOST_WORD_BITS)
        before = word
        position = after
    return bits
