"""Goods: GTIN (EAN, UPC, ICPN) and ASIN.

- GTIN: GS1 General Specifications, section 7.9 (check digit): 8, 12, 13 or 14 digits, of which the shorter ones are
  those of fourteen without their leading zeros. The canonical form has fourteen. A GTIN that begins with 978 or 979
  *is* the ISBN or ISMN of those digits (ISO 2108, ISO 10957), and is read as such, so that both are equal.
- ASIN: ten letters and digits that Amazon assigns; for printed books it is the ISBN-10 (Amazon, "What are ASINs,
  UPCs, EANs and ISBNs?"). There is no check digit and no published alphabet.
"""

from __future__ import annotations

import re
from typing import Final

from stdnum import ean

from countermark.works.identifiers.books import isbn10_check, isbn13_of
from countermark.works.identifiers.identifier import Identifier, IdentifierError
from countermark.works.identifiers.typed import compact, need_check, need_digits, need_length

_ASIN: Final = re.compile(r"[A-Z0-9]{10}")
_OLD_ISBN: Final = re.compile(r"[0-9]{9}[0-9X]")
ASIN_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:www\.|smile\.|m\.)?amazon\.(?:[a-z]{2,3}|com?\.[a-z]{2})"
    r"/(?:[^/?#]+/)?(?:dp|gp/product|exec/obidos/ASIN)/([A-Z0-9]{10})(?:[/?#].*)?",
    re.IGNORECASE,
)


def read_gtin(text: str) -> Identifier:
    """A GTIN as fourteen digits; an ISBN or ISMN where the digits are one."""
    number = compact(text)
    need_digits(number)
    need_length(number, 8, 12, 13, 14)
    need_check(number[-1], ean.calc_check_digit(number[:-1]))
    number = number.rjust(14, "0")
    if number.startswith("09790"):
        return Identifier("ismn", number[1:])
    if number.startswith(("0978", "0979")):
        return Identifier("isbn", number[1:])
    return Identifier("gtin", number)


def read_asin(text: str) -> Identifier:
    """An ASIN, bare or as the address of a product."""
    if found := ASIN_ADDRESS.fullmatch(text):
        text = found[1]
    number = compact(text)
    need_length(number, 10)
    if not _ASIN.fullmatch(number):
        raise IdentifierError("letters", "it is not ten letters or digits")
    return Identifier("asin", number)


def isbn_of_asin(asin: Identifier) -> Identifier | None:
    """The ISBN that the ASIN of a printed book is: ten digits, the last of which fits. None for other ASINs."""
    number = asin.value
    if asin.scheme != "asin" or not _OLD_ISBN.fullmatch(number) or isbn10_check(number[:9]) != number[-1]:
        return None
    return Identifier("isbn", isbn13_of(number))
