"""Records of MARC 21 and UNIMARC as plain fields, from ISO 2709 and from MARCXML or MarcXchange.

Sources: ISO 2709:2008; ISO 25577:2013; Library of Congress, "MARC 21 Specifications for Record Structure" and
"MARCXML". ISO 2709 is read by pymarc, one record at a time; a record can have at most 99,999 bytes, so that no file
fills the memory. Where a record's length is wrong, reading goes on after the next record terminator (hexadecimal 1D).
The letters are told by `marc_letters`.
"""

from __future__ import annotations

import logging
import re
import warnings
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from countermark.media import Refusal
from countermark.works.entry import Source
from countermark.works.importers.base import CatalogFile, refused
from countermark.works.importers.marc_letters import UnreadLettersError, reader_of
from countermark.works.importers.marc_telling import CODED, Told, told
from countermark.works.importers.names import one_line
from countermark.works.importers.xml_stream import line_of, local, records, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree

_LEADER: Final = 24
_TERMINATOR: Final = b"\x1d"
_LENGTH: Final = re.compile(rb"\d{5}")
_LONGEST: Final = 99_999
_PIECE: Final = 1 << 16
logging.getLogger("pymarc").addHandler(logging.NullHandler())  # a hostile file must not fill the terminal
_UNSORTED: Final = dict.fromkeys((0x88, 0x89, 0x98, 0x9C))
"""Marks around words that sorting passes over (ISO 6630 and its places in Unicode): `Le`, `The`."""


class Field(NamedTuple):
    """One field: its tag, its indicators, and its subfields; a control field has its text under the empty code."""

    tag: str
    indicators: str
    subfields: tuple[tuple[str, str], ...]

    def all(self, codes: str) -> list[str]:
        """The subfields of these codes that are not empty, in their order."""
        return [text for code, text in self.subfields if code in codes and text and code]

    def first(self, code: str) -> str:
        """The first subfield of this code, or the empty string."""
        return next(iter(self.all(code)), "")


class MarcRecord(NamedTuple):
    """One record: where it stands (the line of an XML file, or 0), its place in the file from 1, leader and fields.

    `declared` and `kind` are the attributes `format` and `type` of MarcXchange; `told` says whether it is UNIMARC.
    """

    line: int
    number: int
    leader: str
    fields: tuple[Field, ...]
    declared: str = ""
    kind: str = ""
    told: Told = Told("", "")

    def tagged(self, *tags: str) -> list[Field]:
        """The fields of these tags, in their order."""
        return [field for field in self.fields if field.tag in tags]

    def control(self, tag: str) -> str:
        """The text of a control field."""
        return next(
            (field.subfields[0][1] for field in self.fields if field.tag == tag and field.subfields), ""
        )


def exchanged(file: CatalogFile, forced: str = "") -> Iterator[MarcRecord | Refusal]:
    """The records of an ISO 2709 file. Reasons: `truncated`, `malformed`, `encoding`."""
    with file.open() as opened:
        stream, number = _Ahead(opened), 0
        while head := _past_blanks(stream):
            number += 1
            data, reason = _whole(stream, head)
            if reason:
                yield _refused(
                    file, number, reason, "the record's length does not fit, or its end is missing"
                )
            else:
                yield _parsed(file, number, data, forced)


class _Ahead:
    """A stream that is read in pieces, so that looking for the end of a record is quick."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = b""

    def read(self, count: int) -> bytes:
        """So many bytes, fewer at the end of the stream."""
        parts = [self._left[:count]]
        self._left = self._left[count:]
        wanted = count - len(parts[0])
        while wanted > 0 and (piece := self._stream.read(_PIECE)):
            parts.append(piece[:wanted])
            self._left = piece[wanted:]
            wanted -= len(parts[-1])
        return b"".join(parts)

    def skip_past(self, sign: bytes) -> bool:
        """Go on after the next `sign`; False where the stream ends before."""
        while sign not in self._left:
            self._left = self._stream.read(_PIECE)
            if not self._left:
                return False
        self._left = self._left.partition(sign)[2]
        return True


def _past_blanks(stream: _Ahead) -> bytes:
    """The five digits that a record begins with; line ends between records are skipped."""
    while (sign := stream.read(1)) in {b"\r", b"\n", b" "}:
        pass
    return sign + stream.read(4) if sign else b""


def _whole(stream: _Ahead, head: bytes) -> tuple[bytes, str]:
    length = int(head) if _LENGTH.fullmatch(head) else 0
    data = head + stream.read(max(length, _LEADER + 2) - 5)
    if data.endswith(_TERMINATOR) and data.count(_TERMINATOR) == 1 and length:
        return data, ""
    reason = "malformed" if _TERMINATOR in data or stream.skip_past(_TERMINATOR) else "truncated"
    return b"", reason


def _require_apart(data: bytes) -> None:
    """Raise ValueError where the fields together are longer than the record: a directory may name bytes twice."""
    base = int(data[12:17])
    lengths = sum(int(data[at + 3 : at + 7]) for at in range(_LEADER, base - 1, 12))
    if lengths > len(data):
        raise ValueError(f"fields of {lengths:,} bytes in a record of {len(data):,}")


def _parsed(file: CatalogFile, number: int, data: bytes, forced: str) -> MarcRecord | Refusal:
    """The record: its bytes as Latin letters first, by which its format is told; then as the letters that they are."""
    from pymarc import Record  # noqa: PLC0415 - XML needs no pymarc

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _require_apart(data)
            raw = Record(data, to_unicode=False)
        leader = str(raw.leader)
        bytes_read = MarcRecord(0, number, leader, tuple(_raw_field(field) for field in raw.fields))
        form = told(bytes_read, forced)
        read = reader_of(form.form, bytes_read)
        return bytes_read._replace(fields=tuple(_lettered(f, read) for f in bytes_read.fields), told=form)
    except UnreadLettersError as error:
        return _refused(file, number, "encoding", str(error))
    except UnicodeError as error:
        return _refused(
            file, number, "encoding", f"its bytes are not of the encoding that its leader names ({error})"
        )
    except Exception as error:  # noqa: BLE001 - pymarc raises whatever it met in a damaged directory
        return _refused(file, number, "malformed", f"its directory does not fit its fields ({error})")


def _raw_field(field: Any) -> Field:
    if field.control_field:
        return Field(field.tag, "", (("", (field.data or b"").decode("latin-1")),))
    pairs = tuple((sub.code, sub.value.decode("latin-1")) for sub in field.subfields)
    return Field(field.tag, "".join(field.indicators or ()), pairs)


def _lettered(field: Field, read: Callable[[bytes], str]) -> Field:
    if not field.indicators:
        return field._replace(subfields=tuple(("", _spaced(text)) for _, text in field.subfields))
    pairs = tuple((code, _value(field.tag, read(text.encode("latin-1")))) for code, text in field.subfields)
    return field._replace(subfields=pairs)


def marked_up(file: CatalogFile, forced: str = "") -> Iterator[MarcRecord | Refusal]:
    """The records of a MARCXML file, alone or within OAI-PMH. Reasons are those of `xml_stream.records`."""
    number = 0
    for element in records(file, {"record"}):
        if isinstance(element, Refusal):
            yield element
            continue
        for record in element.iter():
            if isinstance(record.tag, str) and local(record) == "record" and _has_leader(record):
                number += 1
                made = _of_element(record, number)
                yield made._replace(told=told(made, forced))


def _has_leader(element: etree._Element) -> bool:
    return any(isinstance(child.tag, str) and local(child) in {"leader", "datafield"} for child in element)


def _of_element(element: etree._Element, number: int) -> MarcRecord:
    leader, fields = "", []
    for child in element:
        kind = local(child) if isinstance(child.tag, str) else ""
        if kind == "leader":
            leader = child.text or ""
        elif kind == "controlfield":
            fields.append(Field(child.get("tag", ""), "", (("", _spaced(child.text or "")),)))
        elif kind == "datafield":
            marks = f"{child.get('ind1', ' '):1.1}{child.get('ind2', ' '):1.1}"
            tag = child.get("tag", "")
            pairs = ((sub.get("code", ""), sub) for sub in child if isinstance(sub.tag, str))
            fields.append(Field(tag, marks, tuple((code, _value(tag, _text(sub))) for code, sub in pairs)))
    declared, kind = one_line(element.get("format", ""), 60), one_line(element.get("type", ""), 60)
    return MarcRecord(line_of(element), number, leader, tuple(fields), declared, kind)


def _value(tag: str, text: str) -> str:
    """A subfield on one line; in UNIMARC's coded data every place counts."""
    if tag == "100" and CODED.match(text):
        return _spaced(text)
    return one_line(text.translate(_UNSORTED))


def _text(element: etree._Element) -> str:
    """The text as it stands; that of inner elements too, which no format has here, folded."""
    return text_of(element) if len(element) else (element.text or "")


def _spaced(text: str) -> str:
    """A control field, in which every place counts."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:_LONGEST])


def _refused(file: CatalogFile, number: int, reason: str, detail: str) -> Refusal:
    return refused(Source(file.name, 0, str(number)), "", reason, detail)
