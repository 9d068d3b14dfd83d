"""Small files of every container, made here, for the tests of what stands within files."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

DMI: Final = "http://ns.useplus.org/ldf/vocab/DMI-"
OPF3: Final = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="id">urn:example:1</dc:identifier>
    <dc:title>Under the Quiet Elm</dc:title>{metas}
  </metadata>
  <manifest/><spine/>
</package>
"""
OPF2: Final = OPF3.replace('version="3.0"', 'version="2.0"')


def packet(inner: str = "", attributes: str = "") -> bytes:
    """An XMP packet with these properties."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:tdm="http://www.w3.org/ns/tdmrep/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"{attributes}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode()


RESERVED: Final = packet("<tdm:reservation>1</tdm:reservation>")
PROHIBITED: Final = packet(f"<plus:DataMining>{DMI}PROHIBITED</plus:DataMining>")
ALLOWED: Final = packet(f"<plus:DataMining>{DMI}ALLOWED</plus:DataMining>")


def segment(marker: int, body: bytes) -> bytes:
    """A JPEG segment."""
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body


def jpeg(xmp: bytes = b"", *more: bytes) -> bytes:
    """The skeleton of a JPEG: markers as in a real one, picture data that decodes to nothing."""
    own = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp) if xmp else b""
    head = b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    return head + own + b"".join(more) + segment(0xDA, b"\1\1\0\0\x3f\0") + b"picture" + b"\xff\xd9"


def chunk(name: bytes, body: bytes) -> bytes:
    """A PNG chunk."""
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def png(xmp: bytes = b"", *, squeezed: bool = False) -> bytes:
    """A PNG of one pixel."""
    text = zlib.compress(xmp) if squeezed else xmp
    own = (
        chunk(b"iTXt", b"XML:com.adobe.xmp\0" + (b"\1" if squeezed else b"\0") + b"\0\0\0" + text)
        if xmp
        else b""
    )
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + own + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def riff(name: bytes, body: bytes) -> bytes:
    """A chunk of RIFF."""
    return name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def webp(xmp: bytes = b"") -> bytes:
    """A WebP without loss, 2 by 3 pixels, with transparency."""
    bits = 1 | 2 << 14 | 1 << 28
    lossless = riff(b"VP8L", b"\x2f" + bits.to_bytes(4, "little") + b"\0\0")
    if xmp:
        body = riff(b"VP8X", b"\x14\0\0\0\1\0\0\2\0\0") + lossless + riff(b"XMP ", xmp)
    else:
        body = lossless
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def tiff(xmp: bytes = b"", order: str = "<") -> bytes:
    """A TIFF with one directory: width, and XMP if given."""
    entries = [struct.pack(order + "HHII", 256, 4, 1, 1)]
    if xmp:
        entries.append(struct.pack(order + "HHII", 700, 1, len(xmp), 8 + 2 + 2 * 12 + 4))
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    directory = struct.pack(order + "H", len(entries)) + b"".join(entries) + struct.pack(order + "I", 0)
    return head + directory + xmp


def gif(xmp: bytes = b"") -> bytes:
    """A GIF of one pixel."""
    trailer = b"\1" + bytes(range(255, -1, -1)) + b"\0"
    own = b"!\xff\x0bXMP DataXMP" + xmp + trailer if xmp else b""
    picture = b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + b"!\xf9\4\0\0\0\0\0" + own + picture + b";"


def heif(xmp: bytes = b"") -> bytes:
    """The first box of an AVIF, and a packet somewhere after it."""
    return b"\0\0\0\x18ftypavif\0\0\0\0avifmif1" + b"\0\0\0\x10mdat12345678" + xmp


def epub(metas: str = "", package: str = OPF3, more: dict[str, bytes] | None = None) -> bytes:
    """An EPUB; `metas` stand in its package document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
        parts = {
            "META-INF/container.xml": container.encode(),
            "OEBPS/book.opf": package.format(metas=metas).encode(),
            "OEBPS/one.xhtml": b"<html><body><p>The elm stood quiet.</p></body></html>" * 20,
            **(more or {}),
        }
        for name, content in parts.items():
            book.writestr(zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pdf(xmp: bytes = b"", *, streams: bool = False) -> bytes:
    """A PDF of one empty page, by hand; `streams` gives it a cross-reference stream."""
    things = [
        b"<< /Type /Catalog /Pages 2 0 R" + (b" /Metadata 4 0 R" if xmp else b"") + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>",
    ]
    if xmp:
        head = b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n" % len(xmp)
        things.append(head + xmp + b"\nendstream")
    out, places = b"%PDF-1.7\n", []
    for number, thing in enumerate(things, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + thing + b"\nendobj\n"
    size, at = len(things) + 1, len(out)
    trailer = b"/Root 1 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    if streams:
        rows = b"\0" * 11 + b"".join(b"\1" + p.to_bytes(8) + b"\0\0" for p in [*places, at])
        head = b"%d 0 obj\n<< /Type /XRef /W [1 8 2] /Size %d /Length %d " % (size, size + 1, len(rows))
        out += head + trailer + b" >>\nstream\n" + rows + b"\nendstream\nendobj\n"
    else:
        rows = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
        out += b"xref\n0 %d\n" % size + rows + b"trailer\n<< /Size %d " % size + trailer + b" >>\n"
    return out + b"startxref\n%d\n%%%%EOF\n" % at
