"""The folding kernel: UTF-8 bytes in, a stream of folded letters and digits out.

Folding in words. Upper case becomes lower case; accents and other combining marks fall away; ligatures and
compatibility forms are spelled out; digits of every script become 0-9; letters of other alphabets become one byte
each, ideographs two. All else is dropped: white space, punctuation, controls, and, because corpora are full of them,
tags (`<` letter, `/` or `!` up to `>`, at most 400 bytes) and HTML character references that are no letters. A
hyphen at the end of a line joins the two halves of its word.

Word boundaries leave no byte in the stream. They decide where an *anchor* is: the first letter of a word, every
letter from the thirteenth on of a very long word, and every character of a script written without spaces. Windows of
letters begin at anchors and nowhere else.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from countermark.fingerprint._machine import load64, store64, trailing_zeros

LONG_WORD = 12  # letters after which every further letter of the same word is an anchor
TAG_BYTES = 400  # a tag is at most this long
REFERENCE_BYTES = 12  # so is a character reference, from & to ;
PADDING = 64  # bytes of scratch after each stream, so that eight-byte loads stay in bounds

SEPARATOR = np.uint32(0)
TRANSPARENT = np.uint32(1 << 26)
STARTS_WORD = np.uint32(1 << 27)
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
_SHIFT_2 = np.uint64(2)


@njit(cache=True, nogil=True)
def _tag_end(data: Any, start: int, end: int, no_close_before: int) -> tuple[int, int]:
    """Return (position after the tag at `start`, or start + 1 if it is none; where no `>` is known to stand)."""
    if start + 1 >= end:
        return start + 1, no_close_before
    first = data[start + 1]
    lower = first | 32
    if first not in (47, 33) and not 97 <= lower <= 122:
        return start + 1, no_close_before
    limit = min(end, start + TAG_BYTES)
    # Without this memory a page of "<a<a<a…" would be read four hundred times over
    position = max(start + 2, no_close_before)
    while position < limit:
        if data[position] == 62:
            return position + 1, no_close_before
        position += 1
    return start + 1, max(no_close_before, limit)


@njit(cache=True, nogil=True)
def _numeric_reference(data: Any, start: int, stop: int) -> int:
    """Return the code point written between `&#` and `;`, or -1."""
    code = 0
    position = start + 2
    hexadecimal = position < stop and (data[position] | 32) == 120
    if hexadecimal:
        position += 1
    if position >= stop:
        return -1
    while position < stop:
        char = data[position]
        if 48 <= char <= 57:
            digit = np.int64(char) - 48
        elif hexadecimal and 97 <= (char | 32) <= 102:
            digit = np.int64(char | 32) - 87
        else:
            return -1
        code = code * (16 if hexadecimal else 10) + digit
        position += 1
    return code


@njit(cache=True, nogil=True)
def _named_reference(data: Any, start: int, stop: int) -> np.uint32:
    """Return the table entry of a named reference `&name;`: its letters, transparent, or a separator."""
    length = stop - start - 1
    first = data[start + 1] | np.uint8(32)
    if length < 3:
        return SEPARATOR
    last = data[stop - 1]
    # &shy; &zwj; &zwnj; vanish; &aelig; &oelig; &szlig; are two letters
    if length == 3 and first == 115 and data[start + 2] == 104 and last == 121:
        return TRANSPARENT
    if first == 122 and data[start + 2] == 119:
        return TRANSPARENT
    if length == 5 and data[stop - 3] == 108 and data[stop - 2] == 105 and last == 103:
        second = np.uint32(115) if first == 115 else np.uint32(101)
        return np.uint32(2 << 24) | np.uint32(first) | (second << np.uint32(8))
    # letter + acute, grave, circ, uml, cedil, tilde, ring, caron, slash: told apart by their second letter and end
    second = data[start + 2]
    fourth = data[stop - 2]
    accent = (
        (length == 6 and second == 97 and fourth == 116 and last == 101)  # acute
        or (length == 6 and second == 103 and fourth == 118 and last == 101)  # grave
        or (length == 5 and second == 99 and fourth == 114 and last == 99)  # circ
        or (length == 4 and second == 117 and fourth == 109 and last == 108)  # uml
        or (length == 6 and second == 99 and fourth == 105 and last == 108)  # cedil
        or (length == 6 and second == 116 and fourth == 100 and last == 101)  # tilde
        or (length == 5 and second == 114 and fourth == 110 and last == 103)  # ring
        or (length == 6 and second == 99 and fourth == 111 and last == 110)  # caron
        or (length == 6 and second == 115 and fourth == 115 and last == 104)  # slash
    )
    if accent:
        return np.uint32(1 << 24) | np.uint32(first)
    return SEPARATOR


@njit(cache=True, nogil=True)
def _reference(data: Any, start: int, end: int, table: Any) -> tuple[int, np.uint32]:
    """Read the character reference at `start`; return (position after it, table entry)."""
    limit = min(end, start + REFERENCE_BYTES)
    stop = start + 1
    while stop < limit and data[stop] != 59 and data[stop] > 32:
        stop += 1
    if stop >= limit or data[stop] != 59 or stop < start + 3:
        return start + 1, SEPARATOR
    if data[start + 1] == 35:
        code = _numeric_reference(data, start, stop)
        if code < 0:
            return start + 1, SEPARATOR
        return stop + 1, _entry(code, table)
    return stop + 1, _named_reference(data, start, stop)


@njit(cache=True, nogil=True)
def _entry(code: int, table: Any) -> np.uint32:
    """Return the table entry of a code point, computing it for the planes that the table leaves out."""
    if code < table.size:
        return np.uint32(table[code])
    if 0x20000 <= code < 0x40000:  # ideographs of the supplementary planes
        low = np.uint32(code & 0x7F) | np.uint32(0x80)
        high = np.uint32((code >> 7) & 0x7F) | np.uint32(0x80)
        return STARTS_WORD | np.uint32(2 << 24) | high | (low << np.uint32(8))
    if 0xE0000 <= code < 0xE0200:
        return TRANSPARENT
    return SEPARATOR


@njit(cache=True, nogil=True)
def _multibyte(data: Any, start: int, end: int, table: Any) -> tuple[int, np.uint32]:
    """Decode the UTF-8 sequence at `start`; a broken one is a separator one byte long."""
    lead = np.int64(data[start])
    if lead < 0xC2 or lead > 0xF4:
        return start + 1, SEPARATOR
    length = 2 if lead < 0xE0 else (3 if lead < 0xF0 else 4)
    if start + length > end:
        return start + 1, SEPARATOR
    code = lead & (0x7F >> length)
    for position in range(start + 1, start + length):
        byte = np.int64(data[position])
        if byte & 0xC0 != 0x80:
            return start + 1, SEPARATOR
        code = (code << 6) | (byte & 0x3F)
    return start + length, _entry(code, table)


@njit(cache=True, nogil=True)
def _hyphen(data: Any, start: int, end: int) -> int:
    """Return the position after a line-end hyphen and its line break, or -1 if the hyphen separates."""
    position = start + 1
    while position < end and (data[position] == 32 or data[position] == 13):
        position += 1
    if position >= end or data[position] != 10:
        return -1
    position += 1
    while position < end and (data[position] == 32 or data[position] == 9):
        position += 1
    if position < end and (data[position] >= 0x80 or _ASCII[data[position]] > _SPECIAL):
        return position
    return -1


@njit(cache=True, nogil=True)
def special(data: Any, start: int, end: int, table: Any, no_close_before: int) -> tuple[int, np.uint32, int]:
    """Fold what stands at `start` when it is no plain ASCII: (position after it, table entry, memory for tags)."""
    byte = data[start]
    if byte >= 0x80:
        after, entry = _multibyte(data, start, end, table)
    elif byte == 60:
        after, no_close_before = _tag_end(data, start, end, no_close_before)
        entry = SEPARATOR
    elif byte == 38:
        after, entry = _reference(data, start, end, table)
    else:
        joined = _hyphen(data, start, end)
        after, entry = (joined, TRANSPARENT) if joined > 0 else (start + 1, SEPARATOR)
    return after, entry, no_close_before


@njit(cache=True, nogil=True, inline="always")
def _not_letters(eight: np.uint64, lower: np.uint64) -> np.uint64:
    """Set the high bit of each byte of `eight` that is no ASCII letter or digit (`lower` is it in lower case)."""
    low = lower & _LOW_BITS
    alpha = (low + _FROM_A) & ~(low + _AFTER_Z)
    digit = (
        (low + _FROM_0) & ~(low + _AFTER_9) & (eight << _SHIFT_2)
    )  # bit 5 set: not made so by lower-casing
    return (~(alpha | digit) | eight) & _HIGH_BITS


@njit(cache=True, nogil=True)
def _mark_long_word(
    word: int, run: int, count: int, source: int, anchors: Any, sources: Any, found: int
) -> int:
    """Make anchors of the letters of a run from the thirteenth letter of its word on; return how many there are."""
    for index in range(max(LONG_WORD - word, 1 if word == 0 else 0), run):
        anchors[found] = count + index
        sources[found] = source + index
        found += 1
    return found


@njit(cache=True, nogil=True)
def fold_into(
    data: Any, start: int, end: int, table: Any, letters: Any, anchors: Any, sources: Any
) -> tuple[int, int]:
    """Fold `data[start:end]`; return (number of letters, number of anchors).

    `letters` uint8 receives the stream, `anchors` int32 the positions of anchors in it, `sources` int32 the byte
    positions of those anchors relative to `start`. Each must hold 3 * (end - start) / 2 + PADDING elements.
    Plain ASCII goes eight bytes at a time: one load, one store and one branch a word.
    """
    count = 0
    found = 0
    word = 0  # letters of the current word so far
    position = start
    no_close_before = start
    while position < end:
        if position + 8 <= end:
            eight = load64(data, position)
            lower = eight | _CASE_BITS
            run = trailing_zeros(_not_letters(eight, lower)) >> 3
            store64(letters, count, lower)
            anchors[found] = count
            sources[found] = position - start
            found += np.int64((run > 0) & (word == 0))
            if word + run > LONG_WORD:
                found = _mark_long_word(word, run, count, position - start, anchors, sources, found)
            count += run
            position += run
            if run == 8:
                word += 8
                continue
            if _ASCII[data[position]] == 0:
                position += 1
                word = 0
                continue
            word += run
        folded = _ASCII[data[position]]
        if folded != _SPECIAL:
            after, entry = position + 1, np.uint32(folded) | (np.uint32(folded != 0) << np.uint32(24))
        else:
            after, entry, no_close_before = special(data, position, end, table, no_close_before)
        if entry == SEPARATOR:
            word = 0
        elif entry != TRANSPARENT:
            anchors[found] = count
            sources[found] = position - start
            found += np.int64(word == 0 or word >= LONG_WORD or entry & STARTS_WORD != 0)
            letters[count] = entry & np.uint32(0xFF)
            letters[count + 1] = (entry >> np.uint32(8)) & np.uint32(0xFF)
            letters[count + 2] = (entry >> np.uint32(16)) & np.uint32(0xFF)
            count += np.int64((entry >> np.uint32(24)) & np.uint32(3))
            word += 1
        position = after
    return count, found


@njit(cache=True, nogil=True)
def letter_source(data: Any, start: int, end: int, table: Any, number: int) -> tuple[int, int]:
    """Return the bytes `[first, last)` that letter `number`, counted from an anchor at byte `start`, came from.

    Combining marks that follow a letter belong to it. Returns (-1, -1) if there are not so many letters.
    """
    count = 0
    position = start
    no_close_before = start
    first, last = -1, -1
    while position < end:
        folded = _ASCII[data[position]]
        if folded != _SPECIAL:
            after, entry = position + 1, np.uint32(folded != 0) << np.uint32(24)
        else:
            after, entry, no_close_before = special(data, position, end, table, no_close_before)
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


@njit(cache=True, nogil=True)
def count_points(data: Any, start: int, end: int) -> int:
    """Return how many code points begin in `data[start:end]`."""
    points = 0
    for position in range(start, end):
        points += np.int64((data[position] & 0xC0) != 0x80)
    return points


@njit(cache=True, nogil=True)
def _source_of(data: Any, anchors: Any, sources: Any, table: Any, letter: int) -> tuple[int, int]:
    """Return the bytes that one letter came from, walking from the anchor before it."""
    near = np.searchsorted(anchors, letter, side="right") - 1
    return letter_source(data, np.int64(sources[near]), data.size, table, letter - np.int64(anchors[near]))


@njit(cache=True, nogil=True)
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
