"""ONIX for Books 3.1, 3.0 and 2.1, in reference names and short tags, complete messages and updates, of any size.

    IMPORTER.entries(file)   one Entry for each product, in the order of the file, and a Refusal for what is not usable

A product is one edition: its record reference is `own_key` within the sender. What joins editions to works are the work
identifiers and related products that the records give. Records that delete (05), that update without the block of
titles (04, 12, 13, 14), tests (88, 89) and products that were cancelled before they appeared are refused by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.dates import parse_date
from countermark.works.entry import Source
from countermark.works.importers.base import refused
from countermark.works.importers.onix.codes import DELETED, NOTIFICATIONS, PARTIAL, TESTS
from countermark.works.importers.onix.fields import Names, fields_of
from countermark.works.importers.onix.product import entry_of
from countermark.works.importers.onix.record import Record
from countermark.works.importers.onix.seen import Seen
from countermark.works.importers.xml_stream import line_of, records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile

_ROOT: Final = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:ONIX[mM]essage|Product|product)[\s>]")
_TAGS: Final = ("Header", "header", "Product", "product")
_LONGEST_KEY: Final = 200


class OnixImporter:
    """Reads ONIX messages."""

    format = "onix"

    def recognises(self, file: CatalogFile) -> bool:
        """Whether an element of that name begins within the file's first bytes, UTF-16 among them."""
        head = file.head.replace(b"\0", b"") if file.head[:2] in {b"\xff\xfe", b"\xfe\xff"} else file.head
        found = _ROOT.search(head)
        return found is not None and (b"ONIX" in found[0] or b"RecordReference" in head or b"<a001" in head)

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The products of a message. Raises CatalogError where nothing of it can be read, or it holds no product."""
        message = _Message(file.name)
        products = 0
        for record in records(file, _TAGS):
            if isinstance(record, Refusal):
                yield record
                products += 1
            elif message.names[record.tag] == "Header":
                message.read_header(record)
            else:
                products += 1
                yield from message.product(record)
        if not products:
            raise CatalogError(
                f"{file.name}: there is no <Product> in it; accepted are ONIX messages with products"
            )


@dataclass(slots=True)
class _Message:
    """What is known of the message while its products go by."""

    file: str
    names: Names = field(default_factory=Names)
    sender: str = ""
    sent: str = ""
    seen: Seen = field(default_factory=Seen)

    def read_header(self, element: etree._Element) -> None:
        """The sender's name and the day of the message; what the header says of no sender stays empty."""
        header = fields_of(element, self.names)
        if "Sender" in header:
            self.sender = fields_of(header["Sender"][0], self.names).get("SenderName", "")
        self.sender = self.sender or header.get("FromCompany", "")
        said = header.get("SentDateTime", "") or header.get("SentDate", "")
        try:
            self.sent = parse_date(said[:8] if said[:8].isdigit() else said)
        except ValueError:
            self.sent = ""

    def product(self, element: etree._Element) -> Iterator[Entry | Refusal]:
        product = fields_of(element, self.names)
        reference = product.get("RecordReference", "")[:_LONGEST_KEY]
        source = Source(self.file, line_of(element), reference)
        again = bool(reference) and self.seen.add(reference)
        code = product.get("NotificationType", "")
        if refusal := _not_taken(code, again, source):
            yield refusal
            return
        record = Record(source, self.names, self.sender, self.sent)
        entry = entry_of(product, reference, record)
        if isinstance(entry, str):
            yield _unusable(entry, code, source)
        else:
            yield entry
            if again:
                yield refused(
                    source,
                    "",
                    "replaces",
                    "a record of this reference stands earlier in the file; both are taken",
                )
            if not reference:
                yield refused(
                    source, "RecordReference", "no-reference", "the record has no reference; it is taken"
                )
            if code not in NOTIFICATIONS:
                told = f"{code!r} is no code of list 1; the record is taken as a complete one"
                yield refused(source, "NotificationType", "unknown-code", told)
        yield from record.remarks


def _not_taken(code: str, again: bool, source: Source) -> Refusal | None:
    """The refusal of a record that says nothing of a work: one that deletes, or a test."""
    if code == DELETED:
        told = "; a record of this reference stands earlier in the file and was taken" if again else ""
        return refused(source, "NotificationType", "deleted", f"the record deletes the product (05){told}")
    if code in TESTS:
        return refused(source, "NotificationType", "test-record", f"the record is marked as a test ({code})")
    return None


def _unusable(reason: str, code: str, source: Source) -> Refusal:
    if reason == "cancelled":
        return refused(
            source, "PublishingStatus", reason, "the product was cancelled and never published (01)"
        )
    if code in PARTIAL:
        told = f"the update ({code}) leaves out the block of titles; accepted are complete records"
        return refused(source, "DescriptiveDetail", "partial-update", told)
    return refused(source, "TitleDetail", reason, "the product has no title; accepted are records with one")


IMPORTER: Final = OnixImporter()
