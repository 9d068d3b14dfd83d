"""The kernel that turns names and titles of any script into plain words, a whole Arrow buffer at a time.

What comes out is ASCII: letters in lower case and digits, words apart by one blank, and the marks that carry meaning:
`(` and `)` around a bracket, `|` where a subtitle begins (a colon before a blank, a dash between blanks), `,`, and `&`.
Accents and apostrophes leave nothing; other scripts are romanised letter by letter by the table of `letters`.
"""

from __future__ import annotations

from typing import Any

from countermark.kernels.compiling import inlined, kernel

LONGEST_FIELD = 2048
"""Bytes of a field that are looked at: no title is longer, and a hostile one must not cost more."""
GROWTH = 3
"""No code point becomes more than this many times its bytes (`letters.LONGEST_LETTERS` sees to it)."""

APART, LETTERS, NOTHING, OPENS, CLOSES, DASH, COLON, COMMA, AND, SLASH, APOSTROPHE = range(11)

_BLANK, _BAR, _OPEN, _CLOSE, _COMMA, _AND = 0x20, 0x7C, 0x28, 0x29, 0x2C, 0x26
_L, _DIGIT = 0x6C, 0x30


@inlined
def _next_point(data: Any, position: int, end: int) -> tuple[int, int]:
    """The code point at `position` and where the next begins; bytes that are no UTF-8 count as blanks."""
    byte = data[position]
    if byte < 0x80:
        return int(byte), position + 1
    more = 1 if 0xC2 <= byte < 0xE0 else 2 if 0xE0 <= byte < 0xF0 else 3 if 0xF0 <= byte < 0xF5 else 0
    if more == 0 or position + more >= end:
        return 0x20, position + 1
    code = int(byte) & (0x3F >> more)
    for at in range(position + 1, position + 1 + more):
        if data[at] & 0xC0 != 0x80:
            return 0x20, position + 1
        code = (code << 6) | (int(data[at]) & 0x3F)
    return code, position + 1 + more


@inlined
def _mark(kind: int, spaced: bool, before_blank: bool, waiting: int) -> int:
    """The mark that waits to be written before the next letter, the strongest one first."""
    if kind == COLON or ((kind in (DASH, SLASH)) and spaced and before_blank):
        return _BAR if before_blank or kind == DASH else max(waiting, _BLANK)
    if waiting == _BAR:
        return waiting
    if kind == COMMA:
        return _COMMA
    if kind == AND:
        return _AND
    return max(waiting, _BLANK)


@kernel
def words_into(
    data: Any, offsets: Any, kinds: Any, starts: Any, letters: Any, out: Any, out_offsets: Any
) -> None:
    """Write the words of each field `data[offsets[i]:offsets[i + 1]]` to `out`, one after the other.

    `kinds` uint8 and `starts` int32 say for each code point what it is and where its letters are in `letters`.
    """
    count = 0
    known = kinds.size
    for field in range(offsets.size - 1):
        out_offsets[field] = count
        first = count
        waiting = 0
        position, end = offsets[field], min(offsets[field + 1], offsets[field] + LONGEST_FIELD)
        blank = True
        while position < end:
            code, after = _next_point(data, position, end)
            kind = kinds[code] if code < known else APART
            if kind == LETTERS:
                if waiting != 0 and count > first:
                    out[count] = waiting
                    count += 1
                waiting = 0
                for at in range(starts[code], starts[code + 1]):
                    out[count] = letters[at]
                    count += 1
            elif kind in (OPENS, CLOSES):
                if kind == OPENS or count > first:
                    out[count] = _OPEN if kind == OPENS else _CLOSE
                    count += 1
                waiting = 0
            elif kind == APOSTROPHE:
                if count > first and out[count - 1] == _L and (count == first + 1 or out[count - 2] < _DIGIT):
                    waiting = _BLANK  # the French article: L’Été is été
            elif kind != NOTHING:
                next_blank = after >= end or data[after] <= _BLANK
                waiting = _mark(kind, blank, next_blank, waiting)
            blank = code == _BLANK
            position = after
    out_offsets[offsets.size - 1] = count
