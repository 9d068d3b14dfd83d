"""What people type, before any scheme looks at it: full-width digits, many dashes, invisible signs, separators.

Only the writing is made plain here, never the number: no digit is added, dropped or changed.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from countermark.works.identifiers.identifier import IdentifierError

LONGEST: Final = 8_000
"""Longer texts are no identifiers. RFC 9110, section 4.1, asks that addresses of this length be supported."""

_SHOWN: Final = 60
_SEPARATORS: Final = str.maketrans("", "", " -")


class _Plain(dict[int, str]):
    """One plain character for each that stands for it; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        kind = unicodedata.category(sign)
        if kind == "Pd" or code in {
            0x2212,
            0x00AD,
        }:  # dashes, the minus sign, and the soft hyphen of word processors
            plain = "-"
        elif kind == "Cf":  # zero-width and direction marks, which copying from a page brings along
            plain = ""
        elif kind == "Nd":
            plain = str(unicodedata.decimal(sign))
        elif kind == "Zs":
            plain = " "
        elif 0xFF01 <= code <= 0xFF5E:  # full-width forms of ASCII
            plain = chr(code - 0xFEE0)
        else:
            plain = sign
        self[code] = plain
        if len(self) > 4_096:  # a stream of odd characters must not fill the memory
            self.clear()
        return plain


_PLAIN: Final = _Plain()


def plain(text: str) -> str:
    """`text` in plain writing, without spaces at its ends. Raises IdentifierError where it is longer than LONGEST."""
    if len(text) > LONGEST:
        raise IdentifierError("length", f"it has {len(text):,} characters")
    return text.strip() if text.isascii() else text.translate(_PLAIN).strip()


def compact(text: str) -> str:
    """`text` without hyphens and spaces, in capitals."""
    return text.translate(_SEPARATORS).upper()


def shown(text: str) -> str:
    """`text` as a message quotes it: escaped, and not longer than a line."""
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…")


def need_digits(number: str) -> None:
    """Every sign of `number` is a digit."""
    if not (number.isascii() and number.isdigit()):
        wrong = next((sign for sign in number if sign not in "0123456789"), "")
        raise IdentifierError("letters", f"{shown(wrong)} is no digit" if wrong else "it is empty")


def need_length(number: str, *lengths: int) -> None:
    """`number` is as long as one of `lengths`."""
    if len(number) not in lengths:
        due = " or ".join(str(length) for length in lengths)
        raise IdentifierError("length", f"it has {len(number)} digits or letters, where {due} are due")


def need_check(given: str, due: str) -> None:
    """The check digit, or digits, are the due ones."""
    if given != due:
        raise IdentifierError("check-digit", f"its check digit is {given}, where {due} is due")
