"""The folding kernel: UTF-8 bytes in, a stream of folded letters and digits out.

Folding in words. Upper case becomes lower case; accents and other combining marks fall away; ligatures and
compatibility forms are spelled out; digits of every script become 0-9; letters of other alphabets become one byte
each, ideographs two. All else is dropped: white space, punctuation, controls, and, because corpora are full of them,
tags (`<` letter, `/` or `!` up to `>`, at most 400 bytes) and HTML character references that are no letters. A
hyphen at the end of a line joins the two halves of its word.

Word boundaries leave no byte in the stream. They decide where an *anchor* is: the first letter of a word, every
character after the twelfth letter of a very long word, and every character of a script written without spaces.
Windows of letters begin at anchors and nowhere else.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from countermark.fingerprint._special_kernel import SEPARATOR, STARTS_WORD, TRANSPARENT, special
from countermark.fingerprint.scheme import LONG_WORD
from countermark.kernels.compiling import inlined, kernel
from countermark.kernels.machine import load64, store64, trailing_zeros

BLOCK = 48  # bytes looked at together; at most 56, since one bit a byte must fit a word with room to shift
PADDING = 64  # bytes of scratch after each stream, so that eight-byte loads stay in bounds

_SPECIAL = 1  # in the ASCII table: look closer


def ascii_table() -> npt.NDArray[np.uint8]:
    """Fold one byte: a letter or digit to itself in lower case, 0 for a separator, 1 for "look closer"."""
    table = np.zeros(256, dtype=np.uint8)
    for code in range(128):
        if chr(code).isalnum():
            table[code] = ord(chr(code).lower())
    for char in "<&-":
        table[ord(char)] = _SPECIAL
    table[128:] = _SPECIAL
    return table


_ASCII = ascii_table()


def _each_byte(value: int) -> np.uint64:
    return np.uint64(value * 0x0101010101010101)


_HIGH_BITS, _LOW_BITS, _CASE_BITS = _each_byte(0x80), _each_byte(0x7F), _each_byte(0x20)
_FROM_A, _AFTER_Z = _each_byte(0x80 - ord("a")), _each_byte(0x80 - ord("z") - 1)
_FROM_0, _AFTER_9 = _each_byte(0x80 - ord("0")), _each_byte(0x80 - ord("9") - 1)
_LESS, _AND, _HYPHEN, _ONES = _each_byte(ord("<")), _each_byte(ord("&")), _each_byte(ord("-")), _each_byte(1)
_SHIFT_2, _SHIFT_7, _SHIFT_56 = np.uint64(2), np.uint64(7), np.uint64(56)
_NONE, _ONE, _BYTE = np.uint64(0), np.uint64(1), np.uint64(0xFF)
_GATHER = np.uint64(0x0102040810204080)


@inlined
def _not_letters(eight: np.uint64, lower: np.uint64) -> np.uint64:
    """Set the high bit of each byte of `eight` that is no ASCII letter or digit (`lower` is it in lower case)."""
    low = lower & _LOW_BITS
    alpha = (low + _FROM_A) & ~(low + _AFTER_Z)
    digit = (
        (low + _FROM_0) & ~(low + _AFTER_9) & (eight << _SHIFT_2)
    )  # bit 5 set: not made so by lower-casing
    return (~(alpha | digit) | eight) & _HIGH_BITS


@kernel
def _mark_long_word(
    word: int, run: int, count: int, source: int, anchors: Any, sources: Any, found: int
) -> int:
    """Make anchors of the letters of a run from the thirteenth letter of its word on; return how many there are."""
    for index in range(max(LONG_WORD - word, 1 if word == 0 else 0), run):
        anchors[found] = count + index
        sources[found] = source + index
        found += 1
    return found


@inlined
def _one(data: Any, position: int, end: int, table: Any, no_close_before: int) -> tuple[int, np.uint32, int]:
    """Fold what stands at `position`, whatever it is: (position after it, table entry, memory for tags)."""
    byte = data[position]
    folded = _ASCII[byte]
    if folded != _SPECIAL:
        return position + 1, np.uint32(folded) | (np.uint32(folded != 0) << np.uint32(24)), no_close_before
    if 0xC2 <= byte < 0xE0 and position + 1 < end and data[position + 1] & 0xC0 == 0x80:
        code = ((np.int64(byte) & 0x1F) << 6) | (np.int64(data[position + 1]) & 0x3F)
        return position + 2, np.uint32(table[code]), no_close_before
    return special(data, position, end, table, no_close_before)


@inlined
def _gather(high_bits: np.uint64) -> np.uint64:
    """Gather the high bit of each of eight bytes into the lowest eight bits."""
    return ((high_bits >> _SHIFT_7) * _GATHER) >> _SHIFT_56


@inlined
def _maybe_zero(eight: np.uint64) -> np.uint64:
    """Set the high bit of each byte that is zero (and perhaps of one above a zero byte, which does no harm)."""
    return (eight - _ONES) & ~eight & _HIGH_BITS


@inlined
def _read_block(data: Any, position: int) -> tuple[np.uint64, np.uint64]:
    """Look at BLOCK bytes; return one bit a byte: which are letters, and which must be looked at closer."""
    letters, special_bytes = _NONE, _NONE
    for index in range(0, BLOCK, 8):
        eight = load64(data, position + index)
        gaps = _gather(_not_letters(eight, eight | _CASE_BITS))
        closer = (eight & _HIGH_BITS) | _maybe_zero(eight ^ _LESS) | _maybe_zero(eight ^ _AND)
        letters |= (gaps ^ _BYTE) << np.uint64(index)
        special_bytes |= _gather(closer | _maybe_zero(eight ^ _HYPHEN)) << np.uint64(index)
    return letters, special_bytes


@inlined
def _take_words(
    data: Any, start: int, position: int, bits: np.uint64, length: int, letters: Any, anchors: Any, sources: Any,
    count: int, found: int, word: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Copy the words that `bits` marks among `length` plain bytes; return (letters, anchors, letters of the word)."""
    offset = 0
    while bits != 0:
        gap = trailing_zeros(bits)
        if gap > 0:
            word = 0
        bits >>= np.uint64(gap)
        offset += gap
        run = trailing_zeros(~bits)
        store64(letters, count, load64(data, position + offset) | _CASE_BITS)
        for more in range(8, run, 8):
            store64(letters, count + more, load64(data, position + offset + more) | _CASE_BITS)
        anchors[found] = count
        sources[found] = position - start + offset
        found += np.int64(word == 0)
        if word + run > LONG_WORD:
            found = _mark_long_word(word, run, count, position - start + offset, anchors, sources, found)
        count += run
        word += run
        offset += run
        bits >>= np.uint64(run)
    return count, found, word if offset == length else 0


@inlined
def _put(letters: Any, count: int, entry: np.uint32) -> int:
    """Write the letters of a table entry; return the new count."""
    letters[count] = entry & np.uint32(0xFF)
    letters[count + 1] = (entry >> np.uint32(8)) & np.uint32(0xFF)
    letters[count + 2] = (entry >> np.uint32(16)) & np.uint32(0xFF)
    return count + np.int64((entry >> np.uint32(24)) & np.uint32(3))


@kernel
def fold_into(
    data: Any, start: int, end: int, table: Any, letters: Any, anchors: Any, sources: Any
) -> tuple[int, int]:
    """Fold `data[start:end]`; return (number of letters, number of anchors).

    `letters` uint8 receives the stream, `anchors` int32 the positions of anchors in it, `sources` int32 the byte
    positions of those anchors relative to `start`. Each must hold 3 * (end - start) / 2 + PADDING elements.
    Bytes are looked at BLOCK at a time; what is known of a block outlives the special bytes in it.
    """
    count, found = 0, 0
    word = 0  # letters of the current word so far
    known = 0  # bytes from `position` on of which `plain` and `closer` speak
    plain, closer = _NONE, _NONE
    position = start
    no_close_before = start
    while position < end:
        if known == 0 and position + BLOCK + 8 <= end:
            plain, closer = _read_block(data, position)
            known = BLOCK
        if known > 0:
            length = min(trailing_zeros(closer), known)
            bits = plain & ((_ONE << np.uint64(length)) - _ONE)
            count, found, word = _take_words(
                data, start, position, bits, length, letters, anchors, sources, count, found, word
            )
            position += length
            known -= length
            if known == 0:
                continue
            plain >>= np.uint64(length)
            closer >>= np.uint64(length)
        after, entry, no_close_before = _one(data, position, end, table, no_close_before)
        if entry == SEPARATOR:
            word = 0
        elif entry != TRANSPARENT:
            anchors[found] = count
            sources[found] = position - start
            found += np.int64(word == 0 or word >= LONG_WORD or entry & STARTS_WORD != 0)
            after_it = _put(letters, count, entry)
            word += after_it - count
            count = after_it
        step = after - position
        known = max(0, known - step)
        plain = plain >> np.uint64(min(step, 63))
        closer = closer >> np.uint64(min(step, 63))
        position = after
    return count, found


@kernel
def letter_source(data: Any, start: int, end: int, table: Any, number: int) -> tuple[int, int]:
    """Return the bytes `[first, last)` that letter `number`, counted from an anchor at byte `start`, came from.

    Combining marks that follow a letter belong to it. Returns (-1, -1) if there are not so many letters.
    """
    count = 0
    position = start
    no_close_before = start
    first, last = -1, -1
    while position < end:
        after, entry, no_close_before = _one(data, position, end, table, no_close_before)
        if first >= 0:
            if entry != TRANSPARENT or data[position] < 0x80:
                break
            last = after
        else:
            count += np.int64((entry >> np.uint32(24)) & np.uint32(3))
            if count > number:
                first, last = position, after
        position = after
    return first, last


@kernel
def count_points(data: Any, start: int, end: int) -> int:
    """Return how many code points begin in `data[start:end]`."""
    points = 0
    for position in range(start, end):
        points += np.int64((data[position] & 0xC0) != 0x80)
    return points


@kernel
def _source_of(data: Any, anchors: Any, sources: Any, table: Any, letter: int) -> tuple[int, int]:
    """Return the bytes that one letter came from, walking from the anchor before it."""
    near = np.searchsorted(anchors, letter, side="right") - 1
    return letter_source(data, np.int64(sources[near]), data.size, table, letter - np.int64(anchors[near]))


@kernel
def points_of(data: Any, anchors: Any, sources: Any, table: Any, starts: Any, ends: Any, spans: Any) -> None:
    """Fill `spans` int64[n, 2] with the code points that the letters [starts[j], ends[j]) came from.

    `starts` ascend, so that code points are counted once from the beginning of the text to the end.
    """
    byte = 0
    points = 0
    for index in range(starts.size):
        first, _ = _source_of(data, anchors, sources, table, starts[index])
        _, last = _source_of(data, anchors, sources, table, ends[index] - 1)
        points += count_points(data, byte, first)
        byte = first
        spans[index, 0] = points
        spans[index, 1] = points + count_points(data, first, last)
