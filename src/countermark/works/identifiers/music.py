"""Recordings, compositions and releases: ISRC, ISWC, GRid.

- ISRC: ISO 3901:2019, section 4 (structure and format); isrc.ifpi.org/isrc-standard/structure. It has no check
  digit. The first two letters are those of a prefix code and no longer name a country, so that every pair is
  accepted (the Registration Authority's own example, AA-6Q7-20-00047, is in no list of countries).
- ISWC: ISO 15707:2022; the check digit is the tens' complement of 1 + Σ i·dᵢ.
- GRid: IFPI, GRid Standard 2.1; ISO 7064, MOD 37,36.
"""

from __future__ import annotations

import re
from typing import Final

from stdnum.iso7064 import mod_37_36

from countermark.works.identifiers.identifier import Identifier, IdentifierError
from countermark.works.identifiers.typed import compact, need_check, need_digits, need_length

_ISRC: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_GRID: Final = re.compile(r"A1[A-Z0-9]{16}")


def read_isrc(text: str) -> Identifier:
    """An ISRC, as twelve signs without hyphens."""
    number = compact(text)
    need_length(number, 12)
    if not _ISRC.fullmatch(number):
        raise IdentifierError("letters", "it is not two letters, three letters or digits, and seven digits")
    return Identifier("isrc", number)


def read_iswc(text: str) -> Identifier:
    """An ISWC, as T and ten digits without separators."""
    number = compact(text.replace(".", ""))
    if not number.startswith("T"):
        raise IdentifierError("form", "it does not begin with T")
    need_digits(number[1:])
    need_length(number, 11)
    need_check(number[-1], iswc_check(number[1:10]))
    return Identifier("iswc", number)


def iswc_check(body: str) -> str:
    """The check digit of the nine digits of an ISWC.

    It finds all swapped neighbours, and not every wrong digit: the weights 2, 4, 5, 6 and 8 share factors with 10.
    """
    return str(-(1 + sum(at * int(digit) for at, digit in enumerate(body, 1))) % 10)


def read_grid(text: str) -> Identifier:
    """A GRid, as eighteen signs without hyphens."""
    number = compact(text)
    need_length(number, 18)
    if not _GRID.fullmatch(number):
        raise IdentifierError("letters", "it is not A1 and sixteen letters or digits")
    need_check(number[-1], mod_37_36.calc_check_digit(number[:-1]))
    return Identifier("grid", number)
