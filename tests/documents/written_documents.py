"""Documents of every format, written by the tests: EPUB and ODT by hand, DOCX through python-docx, PDF as bytes."""

from __future__ import annotations

import io
import zipfile
from typing import Final

import docx

PARAGRAPHS: Final = (
    "The copyist lived above the shop and opened the window every morning.",
    "« Les mots d’autrui se gardent comme des lettres », disait-il ; son œuvre tenait dans un coffre.",
    "Он говорил, что чужие слова нужно беречь. 他说,别人的话要好好保存。 बूढ़ा लेखक",
)

_CONTAINER: Final = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def zipped(entries: dict[str, str | bytes]) -> bytes:
    """A zip file of these entries, compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def epub_entries(title: str = "The Copyist", author: str = "A. Writer") -> dict[str, str | bytes]:
    """The entries of an EPUB whose spine reads c1, c2, c3 while its manifest lists them the other way round."""
    chapters = "".join(
        f'<item id="c{n}" href="text/chapter%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in (3, 2, 1)
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
        f"<dc:creator>{author}</dc:creator><dc:language>fr</dc:language>"
        '<dc:date opf:event="modification">2024-01-01</dc:date><dc:date>2019-05-03</dc:date></metadata>'
        f'<manifest>{chapters}<item id="cover" href="cover.jpg" media-type="image/jpeg"/></manifest>'
        '<spine><itemref idref="cover"/>'
        '<itemref idref="c1"/><itemref idref="c2"/><itemref idref="c3"/></spine></package>'
    )
    entries: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": _CONTAINER,
        "OEBPS/book.opf": package,
        "OEBPS/cover.jpg": b"\xff\xd8\xff\xe0 a picture",
    }
    for number, paragraph in enumerate(PARAGRAPHS, 1):
        entries[f"OEBPS/text/chapter {number}.xhtml"] = (
            f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
            f"<body><p>{paragraph}</p></body></html>"
        )
    return entries


def odt_entries(body: str | None = None) -> dict[str, str | bytes]:
    """The entries of an ODT with a footnote, a comment and a tracked deletion."""
    if body is None:
        note = "<t:note><t:note-citation>1</t:note-citation><t:note-body><t:p>A note.</t:p></t:note-body></t:note>"
        body = (
            "<t:tracked-changes><t:p>deleted</t:p></t:tracked-changes>"
            f"<t:h>{PARAGRAPHS[0]}{note}</t:h><t:p>{PARAGRAPHS[1]}<o:annotation><t:p>comment</t:p></o:annotation></t:p>"
            f"<t:p>{PARAGRAPHS[2]}<t:s t:c='2'/>end<t:line-break/>of<t:tab/>text</t:p>"
        )
    scheme = "urn:oasis:names:tc:opendocument:xmlns"
    names = f'xmlns:o="{scheme}:office:1.0" xmlns:t="{scheme}:text:1.0"'
    meta = (
        f'<o:document-meta {names} xmlns:dc="http://purl.org/dc/elements/1.1/"><o:meta><dc:title>The Copyist</dc:title>'
        "<dc:creator>A. Writer</dc:creator><dc:date>2024-05-05T10:00:00</dc:date></o:meta></o:document-meta>"
    )
    return {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<o:document-content {names}><o:body><o:text>{body}</o:text></o:body></o:document-content>",
        "meta.xml": meta,
    }


def docx_bytes() -> bytes:
    """A DOCX through python-docx, with a table, and a footnotes part added by hand."""
    document = docx.Document()
    document.core_properties.title = "The Copyist"
    document.core_properties.author = "A. Writer"
    for paragraph in PARAGRAPHS:
        document.add_paragraph(paragraph)
    document.add_table(rows=1, cols=2).rows[0].cells[1].text = "in a cell"
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        entries: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    entries["word/footnotes.xml"] = (
        f'<w:footnotes {space}><w:footnote w:type="separator"><w:p><w:r><w:t>no</w:t></w:r></w:p></w:footnote>'
        "<w:footnote><w:p><w:r><w:t>A note.</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
        "</w:footnote></w:footnotes>"
    )
    return zipped(entries)


def pdf_bytes(*pages: str, title: str = "The Copyist") -> bytes:
    """A PDF of one line a page, in Helvetica; an empty string makes a page without text."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, line in enumerate(pages):
        content = f"BT /F1 12 Tf 72 700 Td ({line}) Tj ET" if line else ""
        stream = content.encode("cp1252")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects.append(f"<< /Title ({title}) /Author (A. Writer) /CreationDate (D:20240101000000) >>".encode())
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, written in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, written))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    root = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    out.write(f"trailer\n{root}\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()
