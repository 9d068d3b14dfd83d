"""What the bytes of an ISO 2709 record mean: UTF-8 or MARC-8 in MARC 21; UTF-8 in UNIMARC.

Sources: Library of Congress, "MARC 21 Specifications", character sets (leader position 09); IFLA, "UNIMARC Manual:
Bibliographic Format", field 100 (positions 26 to 29 name the character sets) and appendix J. UNIMARC in ISO 5426 and
its kin, as older systems export it, is refused record by record: no library here reads it. A record in which every byte
is ASCII reads the same in all of them; and bytes that are valid UTF-8 are UTF-8 whatever the record says, because an
accent of ISO 5426 stands before its letter, which no UTF-8 allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.works.importers.marc_telling import UNIMARC

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.works.importers.marc_records import MarcRecord

_SETS: Final = {
    "02": "ISO registration 67 (Cyrillic)",
    "03": "ISO 5426",
    "04": "ISO 5427",
    "05": "ISO 5428",
    "06": "ISO 6438",
    "11": "ISO 5426-2",
}
_UTF_8: Final = "50"
_EXPORT: Final = "export the file in UTF-8 (100 $a, positions 26-27: 50)"


class UnreadLettersError(Exception):
    """The record is in a character set that is not read; the message says which, and what is accepted."""


def reader_of(form: str, record: MarcRecord) -> Callable[[bytes], str]:
    """What turns the bytes of a subfield into text; `record` holds them as Latin-1. Raises UnreadLettersError."""
    if form == UNIMARC:
        _need_utf8(record)
        return _utf8
    return _utf8 if record.leader[9:10] == "a" else _marc8


def _need_utf8(record: MarcRecord) -> None:
    try:
        for field in record.fields:
            for _, text in field.subfields:
                text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        coded = next((text for field in record.tagged("100") for text in field.all("a")), "")[26:28]
        if coded == _UTF_8:
            raise UnreadLettersError(f"it says that it is UTF-8, and is not ({error})") from None
        said = (
            f"{_SETS.get(coded, 'the character set ' + repr(coded))} is"
            if coded.strip()
            else "its letters are"
        )
        raise UnreadLettersError(f"{said} not read; {_EXPORT}") from None


def _utf8(data: bytes) -> str:
    return data.decode("utf-8")


def _marc8(data: bytes) -> str:
    from pymarc import marc8_to_unicode  # noqa: PLC0415 - XML needs no pymarc

    return str(marc8_to_unicode(data, True))
