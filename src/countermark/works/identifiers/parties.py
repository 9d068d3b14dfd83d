"""People and organisations: ISNI, ORCID, IPI name numbers, LEI.

- ISNI: ISO 27729:2012; ISO 7064, MOD 11-2.
- ORCID: support.orcid.org, "Structure of the ORCID identifier": an ISNI out of blocks that are set aside for ORCID.
- IPI name number: the IPI system of CISAC and SUISA, whose manual is not public; the rule is the one that software
  for CWR applies (django-music-publisher, validators.py): nine digits with the weights 10 to 2, and the two digits
  that fill the sum up to the next multiple of 101 (00 where 100 are missing).
- LEI: ISO 17442-1:2020; ISO 7064, MOD 97-10.
"""

from __future__ import annotations

import re
from typing import Final

from stdnum.iso7064 import mod_11_2, mod_97_10

from countermark.works.identifiers.identifier import Identifier, IdentifierError
from countermark.works.identifiers.typed import compact, need_check, need_digits, need_length

_LEI: Final = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_ORCID_BLOCKS: Final = (
    ("0000000150000007", "0000000350000001"),
    ("0009000000000000", "0009001000000000"),
)


def read_isni(text: str) -> Identifier:
    """An ISNI, as sixteen signs without spaces."""
    return Identifier("isni", _sixteen(text))


def read_orcid(text: str) -> Identifier:
    """An ORCID, written `0000-0002-1825-0097`."""
    number = _sixteen(text)
    if not is_orcid(number):
        raise IdentifierError("form", "it is outside the blocks of numbers that are set aside for ORCID")
    return Identifier("orcid", "-".join(number[at : at + 4] for at in range(0, 16, 4)))


def is_orcid(number: str) -> bool:
    """Whether the sixteen signs of an ISNI lie in a block of ORCID."""
    return any(first <= number <= last for first, last in _ORCID_BLOCKS)


def _sixteen(text: str) -> str:
    number = compact(text)
    need_digits(number[:-1] if number.endswith("X") else number)
    need_length(number, 16)
    need_check(number[-1], mod_11_2.calc_check_digit(number[:-1]))
    return number


def read_ipi(text: str) -> Identifier:
    """An IPI name number, as eleven digits; it is often written without its leading zeros, as nine or ten."""
    number = compact(text.replace(".", ""))
    if number.startswith("I") and number[1:].isdigit():
        raise IdentifierError("form", "it is an IPI base number")
    need_digits(number)
    need_length(number, 9, 10, 11)
    number = number.rjust(11, "0")
    need_check(number[-2:], ipi_check(number[:9]))
    return Identifier("ipi", number)


def ipi_check(body: str) -> str:
    """The two check digits of the nine digits of an IPI name number."""
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), body, strict=True))
    return f"{-total % 101 % 100:02d}"


def read_lei(text: str) -> Identifier:
    """An LEI, as twenty signs."""
    number = compact(text)
    need_length(number, 20)
    if not _LEI.fullmatch(number):
        raise IdentifierError("letters", "it is not eighteen letters or digits and two digits")
    need_check(number[-2:], mod_97_10.calc_check_digits(number[:-2]))
    return Identifier("lei", number)
