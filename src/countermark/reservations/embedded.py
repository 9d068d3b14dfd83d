"""What stands within a file: which container it is, which protocols it may carry, and their readers.

    picture, audio, video, SVG   XMP (TDMRep, IPTC/PLUS), a signed manifest (CAWG)
    PDF                          XMP, a signed manifest
    EPUB                         metas of the package document (TDMRep), a signed manifest
    XMP sidecar                  XMP
    XML                          an ONIX message, RSL terms, a feed with RSL

The kind is told by the first bytes, and by the name only where they say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from countermark.documents.archive import Archive
from countermark.documents.xmp import parse_xmp
from countermark.errors import DocumentError, MissingExtraError
from countermark.reservations.containers.epub import package_metas
from countermark.reservations.containers.kind import kind_of, promised
from countermark.reservations.containers.manifest import carries_manifest, manifest_store
from countermark.reservations.containers.packets import Packets, scanned
from countermark.reservations.containers.pdf import pdf_packet
from countermark.reservations.containers.pictures import picture_packets
from countermark.reservations.statement import Gathering, Reading, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from countermark.reservations.statement import Place
    from countermark.reservations.target import Target

_STRUCTURED: Final = frozenset({"jpeg", "png", "webp", "tiff", "gif"})
_SCANNED: Final = frozenset(
    {"heif", "bmff", "psd", "jxl", "mp3", "wav", "avi", "flac", "postscript", "svg", "c2pa"}
)
_PROVENANCE: Final = "{http://purl.org/dc/terms/}provenance"


def read_embedded(data: bytes, name: str, target: Target, place: Place) -> Reading:
    """What a file says of itself. Never raises: what cannot be read is a remark that leaves doubt."""
    readings: list[Reading] = []

    def read(reader: Callable[[], Iterable[Reading]]) -> None:
        # What one reader has found is kept when another one fails: hostile files find errors of every kind.
        try:
            for reading in reader():
                readings.append(reading)  # noqa: PERF402 - one by one: an error keeps those before it
        except Exception as error:  # noqa: BLE001 - see above
            readings.append(_remarked(place, "failed", error=type(error).__name__))

    signed = carries_manifest(data)
    kind = ""

    def read_metadata() -> Iterator[Reading]:
        nonlocal kind
        kind = kind_of(data, name) or (promised(name) if promised(name) in _SCANNED else "")
        return _metadata(data, kind, name, target, place, signed=signed)

    read(read_metadata)
    if signed:
        read(lambda: [_read_signed(data, kind, target, place)])
    return joined(readings)


def _metadata(
    data: bytes, kind: str, name: str, target: Target, place: Place, *, signed: bool
) -> Iterator[Reading]:
    if kind in _STRUCTURED or kind in _SCANNED:
        yield from _read_packets(picture_packets(data, kind), kind, target, place, signed=signed)
    elif kind == "xmp":
        yield from _read_packets(Packets([data]), kind, target, place, signed=signed)
    elif kind == "pdf":
        yield from _read_pdf(data, target, place, signed=signed)
    elif kind == "epub":
        yield _read_epub(data, target, place)
    elif kind in {"onix", "rsl", "feed"}:
        yield _read_xml(data, kind, target, place)
    elif promised(name):
        yield _remarked(place, "not-what-it-says", kind=promised(name))


def _read_packets(
    packets: Packets, kind: str, target: Target, place: Place, *, signed: bool, technique: str = "xmp"
) -> Iterator[Reading]:
    from countermark.reservations import iptc_plus, tdmrep  # noqa: PLC0415

    for code in packets.damage:
        yield _remarked(place, code, kind=kind)
    for packet in packets.found:
        try:
            values = parse_xmp(packet)
        except DocumentError as error:
            yield _remarked(place, "xmp-unreadable", error=error)
            continue
        yield tdmrep.read_xmp(values, technique, target, place)
        yield iptc_plus.read_xmp(values, target, place)
        if not signed and (address := remote_manifest(packet)):
            yield _cawg_remark(place, "elsewhere", address=address)


def remote_manifest(packet: bytes) -> str:
    """Where a packet says that the manifest stands (C2PA 2.2, section 11.5: `dcterms:provenance`), "" if nowhere."""
    if b"provenance" not in packet:
        return ""
    begin = packet.find(b"<")
    try:
        root = fromstring(packet[max(begin, 0) :].rstrip(b"\0 \t\r\n"), forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        return ""
    for element in root.iter():
        address = element.get(_PROVENANCE) or (element.text if element.tag == _PROVENANCE else "") or ""
        if address.strip().lower().startswith(("http:", "https:")):
            return address.strip()
    return ""


def _read_pdf(data: bytes, target: Target, place: Place, *, signed: bool) -> Iterator[Reading]:
    try:
        packet = pdf_packet(data)
    except Exception as error:  # noqa: BLE001 - on hostile files pypdf raises errors of every kind
        yield _remarked(place, "pdf-unreadable", error=type(error).__name__)
        packets = scanned(data)  # an unencrypted packet stands as plain text, so that it is found this way
    else:
        packets = Packets()
        packets.add(packet)
    yield from _read_packets(packets, "pdf", target, place, signed=signed, technique="pdf")


def _read_epub(data: bytes, target: Target, place: Place) -> Reading:
    from countermark.reservations import tdmrep  # noqa: PLC0415

    try:
        metas, prefixes = package_metas(Archive(data))
    except DocumentError as error:
        return _remarked(place, "epub-unreadable", error=error)
    return tdmrep.read_package(metas, target, place, prefixes or None)


def _read_xml(data: bytes, kind: str, target: Target, place: Place) -> Reading:
    from countermark.reservations import onix, rsl  # noqa: PLC0415

    if kind == "onix":
        return onix.read_onix(data, target, place)
    if kind == "feed":
        return rsl.read_feed(data, target, place)
    return rsl.read_terms(data, target, place)


def _read_signed(data: bytes, kind: str, target: Target, place: Place) -> Reading:
    from countermark.reservations.cawg import read_manifest  # noqa: PLC0415

    try:
        store = manifest_store(data, kind)
    except MissingExtraError:
        return _cawg_remark(place, "not-installed")
    except DocumentError as error:
        return _cawg_remark(place, "unreadable", error=error)
    return read_manifest(store, target, place)


def _remarked(place: Place, code: str, **facts: object) -> Reading:
    gathering = Gathering("embedded", place)
    gathering.remark(code, 0, doubt=True, **facts)
    return gathering.reading()


def _cawg_remark(place: Place, code: str, **facts: object) -> Reading:
    gathering = Gathering("cawg", place)
    gathering.remark(code, 0, doubt=True, **facts)
    return gathering.reading()
