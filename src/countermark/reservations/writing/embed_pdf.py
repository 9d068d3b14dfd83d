"""XMP into a copy of a PDF, as an incremental update (ISO 32000-2, section 7.5.6): the original's bytes stay.

Appended are the metadata stream, the document catalog that points at it, and a cross-reference section of the kind that
the file has. pypdf finds the objects; its own incremental writer leaves /Info out of the trailer.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import warnings
from typing import TYPE_CHECKING, Final

from countermark.errors import DocumentError
from countermark.reservations.containers.pdf import check_end

if TYPE_CHECKING:
    from collections.abc import Callable

    from pypdf import PdfReader

_SIGNED: Final = re.compile(rb"/ByteRange\s*\[")
_SECTION: Final = re.compile(rb"xref\s|\d{1,10}\s+\d{1,5}\s+obj")
_KEPT: Final = ("/Root", "/Info", "/ID")


class ProtectedError(DocumentError):
    """The PDF is signed or encrypted: changing it would break the signature, or needs the password."""


def pdf_with_packet(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The PDF with the XMP that `change` makes of what stands in it (b"" for none).

    Raises ProtectedError for a signed or encrypted PDF, DocumentError `damaged` for one that cannot be read.
    """
    if _SIGNED.search(data):
        raise ProtectedError("signed", "the PDF is signed; its signature would no longer cover it")
    check_end(data)
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _updated(data, change)
        except DocumentError:
            raise
        except Exception as error:  # noqa: BLE001 - on hostile files pypdf raises errors of every kind
            raise DocumentError("damaged", f"the PDF is damaged ({type(error).__name__}: {error})") from None


def _updated(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    from pypdf import PdfReader  # noqa: PLC0415 - slow to load
    from pypdf.generic import DecodedStreamObject, DictionaryObject, IndirectObject, NameObject  # noqa: PLC0415

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise ProtectedError("encrypted", "the PDF is encrypted; save a copy without a password")
    root = reader.trailer.raw_get("/Root")
    if not isinstance(root, IndirectObject):
        raise DocumentError("damaged", "the trailer of the PDF does not point at a catalog")
    catalog = DictionaryObject(reader.root_object)
    old = catalog.raw_get("/Metadata") if "/Metadata" in catalog else None
    stream = old.get_object() if old is not None else None
    packet = change(bytes(stream.get_data()) if stream is not None else b"")
    size = int(str(reader.trailer["/Size"]))
    number, generation = (old.idnum, old.generation) if isinstance(old, IndirectObject) else (size, 0)
    metadata = DecodedStreamObject()
    metadata.set_data(packet)
    metadata.update(
        {NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")}
    )
    catalog[NameObject("/Metadata")] = IndirectObject(number, generation, reader)
    out = bytearray(data)
    if not out.endswith((b"\n", b"\r")):
        out += b"\n"
    places: dict[tuple[int, int], int] = {}
    for key, thing in (((number, generation), metadata), ((root.idnum, root.generation), catalog)):
        places[key] = len(out)
        written = io.BytesIO()
        thing.write_to_stream(written)
        out += b"%d %d obj\n" % key + written.getvalue() + b"\nendobj\n"
    out += _cross_references(reader, bytes(data), places, size, len(out))
    return bytes(out)


def _cross_references(
    reader: PdfReader, data: bytes, places: dict[tuple[int, int], int], size: int, at: int
) -> bytes:
    """The cross-reference section in the form of the last one, with its trailer."""
    previous = _last_startxref(data)
    if not _SECTION.match(data, previous):
        raise DocumentError("damaged", "the PDF does not say where its cross-references stand")
    size = max(size, *(number + 1 for number, _ in places))
    if data[previous : previous + 4] == b"xref":
        rows = b"".join(
            b"%d 1\n%010d %05d n \n" % (number, place, generation)
            for (number, generation), place in sorted(places.items())
        )
        entries = f"/Size {size} /Prev {previous}".encode() + _trailer_entries(reader, data)
        return b"xref\n" + rows + b"trailer\n<< " + entries + b" >>\nstartxref\n%d\n%%%%EOF\n" % at
    own = {**places, (size, 0): at}
    rows = b"".join(
        b"\x01" + place.to_bytes(8) + generation.to_bytes(2) for (_, generation), place in sorted(own.items())
    )
    index = " ".join(f"{number} 1" for number, _ in sorted(own))
    entries = (
        f"/Type /XRef /W [1 8 2] /Index [{index}] /Size {size + 1} /Prev {previous} /Length {len(rows)}".encode()
        + _trailer_entries(reader, data)
    )
    head = b"%d 0 obj\n<< " % size + entries + b" >>\nstream\n"
    return head + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


def _trailer_entries(reader: PdfReader, data: bytes) -> bytes:
    """/Root and /Info as they are; of /ID the first part stays and the second one is of this update (14.4)."""
    from pypdf.generic import ArrayObject, ByteStringObject  # noqa: PLC0415

    out = io.BytesIO()
    for name in _KEPT:
        if name not in reader.trailer:
            continue
        value = reader.trailer.raw_get(name)
        identifiers = value.get_object() if name == "/ID" else None
        if isinstance(identifiers, ArrayObject) and identifiers:
            value = ArrayObject([identifiers[0], ByteStringObject(hashlib.sha256(data).digest()[:16])])
        out.write(f" {name} ".encode())
        value.write_to_stream(out)
    return out.getvalue()


def _last_startxref(data: bytes) -> int:
    match = (
        re.match(rb"startxref\s+(\d{1,15})", data[data.rfind(b"startxref") :])
        if b"startxref" in data
        else None
    )
    if match is None or not 0 < int(match[1]) < len(data):
        raise DocumentError("damaged", "the PDF does not say where its cross-references stand")
    return int(match[1])
