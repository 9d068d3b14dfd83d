"""Printed things: ISBN, ISSN, ISMN.

- ISBN: ISO 2108:2017; ISBN Users' Manual, 7th edition (check digits of both forms; ten digits become thirteen).
- ISSN: ISO 3297:2022; ISSN Manual.
- ISMN: ISO 10957:2021; ISMN Users' Manual (the old `M` stands for `979-0`).

The check digits are reckoned by python-stdnum.
"""

from __future__ import annotations

import re
from typing import Final

from stdnum import ean, issn

from countermark.works.identifiers.identifier import Identifier, IdentifierError
from countermark.works.identifiers.typed import compact, need_check, need_digits, need_length, plain

_ROUNDED: Final = re.compile(r"\d(?:[.,]\d*)?E\+?\d+", re.IGNORECASE)
_SHORT_ISBN: Final = re.compile(r"[1-9]\d{5,7}[\dXx]")


def read_isbn(text: str) -> Identifier:
    """An ISBN of ten or thirteen digits, as one of thirteen."""
    number = compact(text)
    if _ROUNDED.fullmatch(number):
        raise IdentifierError("form", "a spreadsheet has rounded it, and its last digits are lost")
    is_old = len(number) == 10
    need_digits(number[:-1] if is_old and number[-1] == "X" else number)
    need_length(number, 10, 13)
    if is_old:
        need_check(number[-1], isbn10_check(number[:9]))
        return Identifier("isbn", isbn13_of(number))
    if number.startswith("9790"):
        raise IdentifierError("form", "979-0 begins an ISMN (printed music)")
    if not number.startswith(("978", "979")):
        raise IdentifierError("form", "it begins with neither 978 nor 979")
    need_check(number[-1], ean.calc_check_digit(number[:-1]))
    return Identifier("isbn", number)


def isbn10_check(body: str) -> str:
    """The check digit of the nine digits of an ISBN-10: weights 10 to 2, modulus 11."""
    check = -sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), body, strict=True)) % 11
    return "X" if check == 10 else str(check)


def isbn13_of(number: str) -> str:
    """The thirteen digits for the ten of an ISBN whose check digit fits."""
    body = f"978{number[:9]}"
    return body + ean.calc_check_digit(body)


def repaired_isbn(text: str) -> tuple[str, str] | None:
    """The ISBN (thirteen digits) that lost its leading zeros in a spreadsheet, and a sentence on the repair.

    None where there is nothing to repair, or where nothing certain can be done: a number of nine digits, or of eight
    or seven (publisher prefixes 0-0 and 0-00 lose two or three zeros), whose check digit fits once the zeros are put
    back. `9.78E+12` is never repaired: its digits are gone. A number of this length that is no ISBN passes by chance
    once in eleven times, so whoever takes the repair says that it was made.
    """
    number = plain(text)
    if not _SHORT_ISBN.fullmatch(number):
        return None
    whole = number.upper().rjust(10, "0")
    if isbn10_check(whole[:9]) != whole[-1]:
        return None
    lost = 10 - len(number)
    what = "a leading zero was" if lost == 1 else f"{lost} leading zeros were"
    return isbn13_of(whole), f"{what} missing: {number} was read as {whole}, whose check digit fits"


def read_issn(text: str) -> Identifier:
    """An ISSN, written `0317-8471`."""
    number = compact(text)
    need_digits(number[:-1] if number.endswith("X") else number)
    need_length(number, 8)
    need_check(number[-1], issn.calc_check_digit(number[:-1]))
    return Identifier("issn", f"{number[:4]}-{number[4:]}")


def read_ismn(text: str) -> Identifier:
    """An ISMN of thirteen digits, or of nine after the letter M, as one of thirteen."""
    number = compact(text.replace(".", ""))
    if number.startswith("M"):
        need_length(number, 10)
        number = f"9790{number[1:]}"
    need_digits(number)
    need_length(number, 13)
    if not number.startswith("9790"):
        raise IdentifierError("form", "it begins with neither M nor 979-0")
    need_check(number[-1], ean.calc_check_digit(number[:-1]))
    return Identifier("ismn", number)
