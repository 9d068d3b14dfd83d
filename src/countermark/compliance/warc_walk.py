"""WARC: every record that is kept is written byte for byte; where it has a gzip member of its own, that is copied.

Judged are responses by what they hold, and all others that may hold content (resource, conversion, revisit, metadata,
continuation) by address and date; a metadata, conversion or continuation record goes with the record that it belongs
to. `warcinfo` and `request` records are the crawler's own words, and stay.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, BinaryIO, Final

from countermark.compliance.moments import moment
from countermark.compliance.record import Seen, Unread
from countermark.compliance.warc_stream import DamagedError, GzipSource, OtherSource, PlainSource, Records
from countermark.corpus.captured import captured_of
from countermark.corpus.parts import next_gzip_member, next_warc_record
from countermark.corpus.warc_records import CONVERSION, RESOURCE, RESPONSE, REVISIT, RawRecord

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.compliance.packing import Packer
    from countermark.compliance.record import Visitor
    from countermark.compliance.warc_stream import WarcRecord

MARK_FIELD: Final = b"WARC-Reservation"
_PIECE: Final = 1 << 20
_PASSED: Final = {"warcinfo", "request"}
_FOLLOWING: Final = {
    "metadata": ("warc-concurrent-to", "warc-refers-to"),
    "conversion": ("warc-refers-to",),
    "continuation": ("warc-segment-origin-id",),
}

_DOCUMENTS: Final = {"response", "resource", "conversion"}
_KINDS: Final = {"response": RESPONSE, "resource": RESOURCE, "revisit": REVISIT}


def walk_warc(path: Path, packed: str, visitor: Visitor, out: Packer | None) -> None:
    """Show every record to the visitor, and write what is kept. Raises OSError."""
    with path.open("rb") as file, path.open("rb") as members:
        walk = _Walk(file, members, packed, visitor, out)
        if packed in {"", "gz"}:
            begin: int | None = 0
            while begin is not None:
                begin = walk.run(Records((GzipSource if packed else PlainSource)(file, begin)))
            return
        other = OtherSource(path)
        try:
            walk.run(Records(other))
        finally:
            other.close()


class _Walk:
    """The reading of one file."""

    def __init__(
        self, file: BinaryIO, members: BinaryIO, packed: str, visitor: Visitor, out: Packer | None
    ) -> None:
        self._file = file
        self._members = members
        self._packed = packed
        self._visitor = visitor
        self._out = out
        self._row = 0

    def run(self, records: Records) -> int | None:
        """Read until the end or a damaged place; return where reading can go on, None where it cannot."""
        try:
            while record := records.next():
                try:
                    self._record(record)
                finally:
                    record.close()
                self._row += 1
                self._visitor.progress(self._file.tell())
        except DamagedError as error:
            place = max(records.began, error.place)
            self._visitor.unread(Unread(self._row, place, error.reason, f"{error} (at byte {place})"))
            self._row += 1
            return self._resume(place)
        return None

    def _resume(self, place: int) -> int | None:
        if self._packed == "gz":
            return next_gzip_member(self._file, place + 1)
        return next_warc_record(self._file, place + 1) if self._packed == "" else None

    def _record(self, record: WarcRecord) -> None:
        kind = record.field("warc-type").lower()
        if kind in _PASSED:
            self._visitor.passed(lambda: _digest(record))
            self._write(record, None)
            return
        fate = self._visitor.seen(_seen(record, kind, self._row))
        if fate.keep:
            self._write(record, fate.mark)

    def _write(self, record: WarcRecord, mark: str | None) -> None:
        if self._out is None:
            return
        if mark is None and record.member is not None:
            place, size = record.member
            self._members.seek(place)
            while size and (piece := self._members.read(min(size, _PIECE))):
                self._out.copy(piece)
                size -= len(piece)
            return
        head = None if mark is None else _marked(record.head, mark)
        for piece in record.pieces(head):
            self._out.write(piece)
        self._out.write(record.tail or b"\r\n\r\n")
        self._out.end_record()


def _marked(head: bytes, mark: str) -> bytes:
    """Add a named field before the empty line; the block and its digests stay true."""
    end = b"\r\n" if head.endswith(b"\r\n") else b"\n"
    return head[: -len(end)] + MARK_FIELD + b": " + mark.encode("ascii") + end + end


class _Raw(RawRecord):
    """A record as `captured_of` asks for it; its header fields are a dictionary, by name in lower case."""

    @property
    def url(self) -> str | None:
        """`WARC-Target-URI`, without the angle brackets of old writers."""
        said = self.field("warc-target-uri")
        return said and said.strip("<>")

    @property
    def date(self) -> str | None:
        """`WARC-Date`."""
        return self.field("warc-date")

    def field(self, name: str) -> str | None:
        """A WARC header field by name."""
        return self.headers.get(name.lower()) or None


def _seen(record: WarcRecord, kind: str, row: int) -> Seen:
    headers = record.first
    if record.rest is not None:
        headers = headers | {"warc-truncated": "length"}  # only the beginning of such a block is looked at
    raw = _Raw(_KINDS.get(kind, CONVERSION), row, headers, record.block)
    captured = captured_of(raw)
    return Seen(
        row,
        record.offset,
        record.field("warc-record-id"),
        captured.url,
        moment(captured.date),
        lambda: _digest(record),
        captured.size or record.length,
        captured,
        follows=_follows(record, kind),
        document=kind in _DOCUMENTS and (captured.status == 0 or 200 <= captured.status < 300),
    )


def _follows(record: WarcRecord, kind: str) -> tuple[str, ...]:
    """The ids of the records that this one goes with."""
    said = _FOLLOWING.get(kind)
    return tuple(value for name, value in record.fields if name in said) if said else ()


def _digest(record: WarcRecord) -> str:
    digest = hashlib.sha256()
    for piece in record.pieces():
        digest.update(piece)
    return digest.hexdigest()
