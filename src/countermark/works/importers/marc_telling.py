"""Whether a record is MARC 21 or UNIMARC: both number their fields alike and mean other things by them.

It is said by the option `marc` (`marc21` or `unimarc`), by the attribute `format` of MarcXchange (ISO 25577), or else
told by the fields. The namespace of MARCXML tells nothing: UNIMARC libraries use it too. Of UNIMARC speak a field 200
with a title and a field 100 with coded data (eight digits of a date first); of MARC 21 a field 245 and a field 008.
Where these contradict each other nothing is assumed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.works.importers.marc_records import MarcRecord

MARC21: Final = "marc21"
UNIMARC: Final = "unimarc"
NAMES: Final = {MARC21: "MARC 21", UNIMARC: "UNIMARC"}

CODED: Final = re.compile(r"\d{8}[a-z |#]")
"""How the coded data of UNIMARC (100 $a) begins: the day it was entered, and the kind of date that follows."""


class Told(NamedTuple):
    """The format, empty where it cannot be said; why; and whether it is only assumed."""

    form: str
    why: str
    is_assumed: bool = False


def forced_form(options: Mapping[str, str], name: str) -> str:
    """What the option `marc` says, or nothing. Raises CatalogError for another value."""
    said = options.get("marc", "").strip().lower()
    if said and said not in NAMES:
        raise CatalogError(f"{name}: marc = {said[:40]!r} is no format; accepted are {MARC21} and {UNIMARC}")
    return said


def told(record: MarcRecord, forced: str) -> Told:
    """The format of one record."""
    if forced:
        return Told(forced, "the option marc")
    if record.declared:
        said = re.sub(r"[^a-z0-9]", "", record.declared.lower())
        if said in NAMES:
            return Told(said, "the attribute format")
        return Told("", f"this is {record.declared[:40]!r}; accepted are MARC 21 and UNIMARC")
    return _by_fields(record)


def _by_fields(record: MarcRecord) -> Told:
    has_200 = any(field.first("a") for field in record.tagged("200"))
    has_245, has_008 = bool(record.tagged("245")), bool(record.tagged("008"))
    is_coded = any(CODED.match(field.first("a")) for field in record.tagged("100"))
    unimarc = [name for name, is_there in (("200", has_200), ("100 with coded data", is_coded)) if is_there]
    marc21 = [name for name, is_there in (("245", has_245), ("008", has_008)) if is_there]
    if len(unimarc) > len(marc21):
        return Told(UNIMARC, f"it has a field {' and a field '.join(unimarc)}", is_assumed=True)
    if len(marc21) > len(unimarc) or not unimarc:
        return Told(MARC21, f"it has a field {' and a field '.join(marc21 or ['…'])}", is_assumed=not has_008)
    both = f"it has fields of UNIMARC ({', '.join(unimarc)}) and of MARC 21 ({', '.join(marc21)})"
    return Told("", f"{both}; --marc {MARC21} or --marc {UNIMARC} says which it is")
