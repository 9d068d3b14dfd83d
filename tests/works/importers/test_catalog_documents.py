"""Documents as catalogue files: what their containers say, and the identifier that a scan's index gives them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from countermark.works.entry import RightsKind
from countermark.works.importers.documents import IMPORTER
from countermark.works.reading import read_works
from countermark.works.work import WorkFile
from works.importers.catalog_files import held, imported

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.media import Refusal
    from countermark.works.entry import Entry

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
REASONS = {"damaged", "missing-part", "unsupported", "binary", "no-text"}
EPUB3 = """<dc:identifier id="i">urn:isbn:9782070360024</dc:identifier>
<dc:identifier>urn:uuid:1B9D6BCD-BBFD-4B2D-9B5D-AB8DFBBD4BED</dc:identifier>
<dc:title id="t">La Crue</dc:title><meta refines="#t" property="title-type">main</meta>
<dc:title id="s">Roman</dc:title><meta refines="#s" property="title-type">subtitle</meta>
<dc:creator id="c">Jeanne Aubry</dc:creator><meta refines="#c" property="role" scheme="marc:relators">aut</meta>
<meta refines="#c" property="file-as">Aubry, Jeanne Marie</meta>
<dc:contributor id="r">Mara Quill</dc:contributor><meta refines="#r" property="role">trl</meta>
<dc:contributor id="b">calibre</dc:contributor><meta refines="#b" property="role">bkp</meta>
<dc:publisher>Éditions du Val</dc:publisher><dc:date>2012-09</dc:date><dc:language>fr</dc:language>
<dc:rights>© 2012 Éditions du Val</dc:rights><dc:source>urn:isbn:9782070368228</dc:source>
<meta property="tdm:reservation">1</meta><meta property="tdm:policy">https://val.example/tdm.json</meta>"""
EPUB2 = """<dc:identifier opf:scheme="ISBN">2-07-036002-4</dc:identifier><dc:title>La Crue</dc:title>
<dc:creator opf:role="aut" opf:file-as="Aubry, Jeanne">Jeanne Aubry</dc:creator>
<dc:date opf:event="modification">2020-01-01</dc:date><dc:date opf:event="publication">2012</dc:date>
<meta name="tdm:reservation" content="0"/>"""


def epub(metadata: str, text: str = "Il pleuvait depuis trois jours.") -> bytes:
    package = f"""<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata>
<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="a"/></spine></package>"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OPS/package.opf", package)
        archive.writestr(
            "OPS/a.xhtml", f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{text}</p></body></html>"
        )
    return out.getvalue()


def read(data: bytes | str, name: str) -> tuple[Entry, list[Refusal]]:
    entries, refusals = imported(IMPORTER, held(name, data))
    assert len(entries) == 1, refusals
    return entries[0], refusals


def test_an_epub_3() -> None:
    """Identifiers, roles, the printed edition, rights, the reservation; the date is the edition's."""
    entry, refusals = read(epub(EPUB3), "crue.epub")
    edition = entry.editions[0]
    assert refusals == []
    assert (entry.title, entry.subtitle, entry.published) == ("La Crue", "Roman", "")
    assert [(p.name, p.role) for p in entry.contributors] == [
        ("Jeanne Aubry", "author"),
        ("Mara Quill", "translator"),
    ]
    assert entry.contributors[0].known_as == ("Jeanne Marie Aubry",)
    assert [str(i) for i in edition.identifiers] == [
        "isbn:9782070360024",
        "own:uuid:1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
    ]
    assert (edition.form, edition.publisher, edition.published) == ("ebook", "Éditions du Val", "2012-09")
    assert [(r.kind, str(r.other)) for r in edition.relations] == [("same-work", "isbn:9782070368228")]
    owner, reserved = entry.rights
    assert (owner.kind, owner.party) == (RightsKind.OWNER, "Éditions du Val")
    assert (reserved.kind, reserved.basis, reserved.uses) == (RightsKind.RESERVATION, "tdmrep", "tdm")
    assert reserved.note == "tdm:policy https://val.example/tdm.json"
    assert len(edition.assets[0].digest) == 64


def test_an_epub_2() -> None:
    """Attributes of OPF, the ISBN of ten digits, a reservation of 0, which is none and is told."""
    entry, refusals = read(epub(EPUB2), "crue.epub")
    assert str(entry.editions[0].identifiers[0]) == "isbn:9782070360024"
    assert (entry.editions[0].published, entry.rights, entry.contributors[0].known_as) == ("2012", (), ())
    assert [(r.reason, "not reserved" in r.detail) for r in refusals] == [("warning", True)]


def test_damaged_fields_of_an_epub_are_told() -> None:
    """And left out."""
    made = epub(
        "<dc:identifier>urn:isbn:9782070360025</dc:identifier><dc:title>T</dc:title><dc:date>MMXII</dc:date>"
    )
    entry, refusals = read(made, "a.epub")
    assert (entry.title, entry.editions[0].identifiers, entry.editions[0].published) == ("T", (), "")
    assert [r.reason for r in refusals] == ["identifier", "date"]
    assert refusals[0].detail.startswith("a.epub, dc:identifier: ")


def test_entities_in_the_package_are_refused() -> None:
    """As a bomb."""
    whole = epub(EPUB3)
    bomb = whole.replace(b"<package xmlns", b"<!DOCTYPE p [<!ENTITY a 'b'>]><package xmlns")
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert bomb != whole
    parts["OPS/package.opf"] = b"<!DOCTYPE p [<!ENTITY a 'b'>]>" + parts["OPS/package.opf"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    entries, refusals = imported(IMPORTER, held("a.epub", out.getvalue()))
    assert (entries, refusals[0].reason) == ([], "bomb")


def test_a_docx() -> None:
    """Title and authors of the core properties; the file's dates are not taken."""
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("Il pleuvait.")
    document.core_properties.title, document.core_properties.author = "La Crue", "Jeanne Aubry; Paul Noir"
    document.core_properties.identifier = "ISBN 978-2-07-036002-4"
    out = io.BytesIO()
    document.save(out)
    entry, _ = read(out.getvalue(), "crue.docx")
    assert [p.name for p in entry.contributors] == ["Jeanne Aubry", "Paul Noir"]
    assert (entry.title, str(entry.editions[0].identifiers[0])) == ("La Crue", "isbn:9782070360024")
    assert (entry.published, entry.editions[0].published) == ("", "")


def pdf(xmp: str = "") -> bytes:
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": "La Crue", "/Author": "Jeanne Aubry"})
    if xmp:
        stream = DecodedStreamObject()
        stream.set_data(xmp.encode())
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_scanned_pdf_is_an_entry_by_its_metadata() -> None:
    """ISBN, owner, reservation from its XMP; that it has no text is told."""
    xmp = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tdm="http://www.w3.org/ns/tdmrep/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" prism:isbn="978-2-07-036002-4">
<dc:creator><rdf:Seq><rdf:li>Aubry, Jeanne</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© 2012 Éditions du Val</rdf:li></rdf:Alt></dc:rights>
<tdm:reservation>1</tdm:reservation></rdf:Description></rdf:RDF></x:xmpmeta>"""
    entry, refusals = read(pdf(xmp), "scan.pdf")
    assert str(entry.editions[0].identifiers[0]) == "isbn:9782070360024"
    assert [fact.kind for fact in entry.rights] == [RightsKind.OWNER, RightsKind.RESERVATION]
    assert entry.contributors[0].name == "Jeanne Aubry"
    assert "taken without its text" in refusals[0].detail


def test_a_web_page() -> None:
    """Canonical address, licence, its own date, the reservation of its head."""
    page = """<html lang="fr"><head><title>La crue</title><meta name="author" content="Jeanne Aubry">
<link rel="canonical" href="https://quai.example/crue?utm_source=x"><meta property="og:type" content="article">
<meta property="article:published_time" content="2020-03-05T10:00:00+01:00">
<meta name="tdm-reservation" content="1"><link rel="license" href="https://creativecommons.org/licenses/by/4.0/">
</head><body><p>Il pleuvait.</p></body></html>"""
    entry, refusals = read(page, "crue.html")
    assert refusals == []
    assert (entry.medium, entry.published, entry.licence) == ("article", "2020-03-05", "CC-BY-4.0")
    assert str(entry.editions[0].identifiers[0]) == "url:https://quai.example/crue"
    assert entry.rights[0].basis == "tdmrep"


def test_markdown_and_text() -> None:
    """Front matter; a year stays a year; the file's name is the title of what has none."""
    entry, _ = read("---\ntitle: La crue\nauthor: Jeanne Aubry\ndate: 2019\n---\nTexte.\n", "a.md")
    assert (entry.title, entry.published, entry.contributors[0].name) == ("La crue", "2019", "Jeanne Aubry")
    assert read("Texte.", "d/le pont.txt")[0].title == "le pont"


@pytest.mark.parametrize("name", ["a.epub", "a.pdf", "a.docx"])
def test_every_cut_is_one_refusal_or_one_entry(name: str) -> None:
    """A document that ends early never ends the import."""
    whole = {"a.epub": epub(EPUB3), "a.pdf": pdf(), "a.docx": epub(EPUB2)}[name]
    for end in range(8, len(whole), 211):
        entries, refusals = imported(IMPORTER, held(name, whole[:end]))
        assert len(entries) == 1 or refusals[-1].reason in {
            "damaged",
            "missing-part",
            "unsupported",
            "binary",
            "no-text",
        }


def test_the_identifier_is_that_of_a_scans_index(tmp_path: Path) -> None:
    """So that findings of a scan over the folder name the works of the catalog."""
    files = {
        "crue.epub": epub(EPUB3),
        "a.html": b"<title>T</title><meta name=author content=A><p>x",
        "b.txt": b"y",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    scanned = {item.asset.path: item for item in read_works([tmp_path]) if isinstance(item, WorkFile)}
    for name, data in files.items():
        entry = read(data, name)[0]
        assert (entry.work_id, entry.editions[0].assets[0].digest) == (
            scanned[name].work.work_id,
            scanned[name].asset.digest,
        )


def test_other_files_are_not_recognised() -> None:
    """Tables and other XML have importers of their own."""
    for name in ("a.csv", "a.xml", "a.json", "a"):
        assert not IMPORTER.recognises(held(name, b"<x/>"))
