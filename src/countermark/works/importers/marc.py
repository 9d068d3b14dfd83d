"""MARC 21 and UNIMARC, as ISO 2709 (`.mrc`) or XML: what libraries say of books, scores, recordings and articles.

Sources: Library of Congress, "MARC 21 Format for Bibliographic Data" (`marc21.py` says what is taken); IFLA, "UNIMARC
Manual: Bibliographic Format" (`unimarc.py`), which libraries in France, Portugal, Italy and elsewhere give. The two
number their fields alike and mean other things by them: `marc_telling.py` tells them apart, record by record, and a
remark says once for the file where UNIMARC was assumed. The option `marc` (`marc21`, `unimarc`) settles it. Authority
records and holdings are no works, and are refused. Of the first publication neither format says anything: the date
is that of the edition.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.media import Refusal
from countermark.works.entry import Source
from countermark.works.importers.base import refused
from countermark.works.importers.marc21 import Marc21Reading
from countermark.works.importers.marc_records import exchanged, marked_up
from countermark.works.importers.marc_telling import MARC21, NAMES, UNIMARC, forced_form
from countermark.works.importers.unimarc import UnimarcReading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile
    from countermark.works.importers.marc_records import MarcRecord

_EXCHANGED: Final = re.compile(rb"[\r\n ]*\d{5}[acdnop][a-z]..[ a-z0-9]22\d{5}")
_NAMESPACES: Final = (b"//www.loc.gov/MARC21/slim", b"info:lc/xmlns/marcxchange-v")
_MARKED_UP: Final = re.compile(
    rb"<(?:\w+:)?leader>[^<]{20,28}</|<(?:\w+:)?datafield\s[^>]{0,80}?\btag\s*=\s*[\"']\d{3}[\"']"
)
_READINGS: Final[dict[str, type[Marc21Reading | UnimarcReading]]] = {
    MARC21: Marc21Reading,
    UNIMARC: UnimarcReading,
}
_NO_WORKS: Final = frozenset("quvwxyz")
"""Leader position 06: community information, holdings, classification, authorities."""


class MarcImporter:
    """Reads MARC 21 and UNIMARC."""

    format = "marc"

    def recognises(self, file: CatalogFile) -> bool:
        """Whether the file begins with a leader of ISO 2709, or is XML with the namespace or the elements of MARC."""
        if _EXCHANGED.match(file.head):
            return True
        head = file.head.replace(b"\0", b"")
        return any(name in head for name in _NAMESPACES) or bool(_MARKED_UP.search(head))

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """One Entry for each record. Raises CatalogError where the XML cannot be read at all, or for a wrong option.

        Reasons: `missing`, `format`, `not-bibliographic`, and where the record is kept `assumed`, `identifier`,
        `people`, `date`; and those of `marc_records`.
        """
        forced = forced_form(file.options, file.name)
        assumed: set[str] = set()
        for record in (exchanged if _EXCHANGED.match(file.head) else marked_up)(file, forced):
            if isinstance(record, Refusal):
                yield record
                continue
            form = record.told.form
            if record.told.is_assumed and form not in assumed:
                assumed.add(form)
                yield _assumption(file.name, record)
            yield from _read(file.name, record)


def _read(file: str, record: MarcRecord) -> Iterator[Entry | Refusal]:
    source = Source(file, record.line, record.control("001").strip() or str(record.number))
    kind = record.kind or ("" if record.leader[6:7] not in _NO_WORKS else "authority or holdings")
    if kind and kind.lower() != "bibliographic":
        yield refused(
            source, "", "not-bibliographic", f"this is a record of {kind!r}; accepted are those of works"
        )
    elif not record.told.form:
        yield refused(source, "", "format", record.told.why)
    else:
        yield from _READINGS[record.told.form](file, record).items()


def _assumption(file: str, record: MarcRecord) -> Refusal:
    form = record.told.form
    other = MARC21 if form == UNIMARC else UNIMARC
    detail = f"read as {NAMES[form]}, because {record.told.why}; --marc {other} reads it as {NAMES[other]}"
    return refused(Source(file, record.line, str(record.number)), "", "assumed", detail)


IMPORTER = MarcImporter()
