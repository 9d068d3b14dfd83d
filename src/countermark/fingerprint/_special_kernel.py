"""What is no plain ASCII: other scripts, tags, character references, hyphens at the end of a line.

Table entries are described in scripts/make_fold_table.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import kernel

TAG_BYTES = 400  # a tag is at most this long
REFERENCE_BYTES = 12  # so is a character reference, from & to ;

SEPARATOR = np.uint32(0)
TRANSPARENT = np.uint32(1 << 26)
STARTS_WORD = np.uint32(1 << 27)


@kernel
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


@kernel
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


@kernel
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


@kernel
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


@kernel
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


@kernel
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


@kernel
def _is_letter(byte: int) -> bool:
    """Whether a byte is an ASCII letter or digit."""
    return 48 <= byte <= 57 or 97 <= (byte | 32) <= 122


@kernel
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
    if position < end and (data[position] >= 0x80 or _is_letter(data[position])):
        return position
    return -1


@kernel
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
