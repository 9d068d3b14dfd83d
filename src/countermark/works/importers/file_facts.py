"""PDF, DOCX, ODT and web pages: what stands in their metadata beside title, author and text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from countermark.documents.archive import Archive
from countermark.documents.word import Properties
from countermark.documents.xml_events import walk
from countermark.documents.xmp import parse_xmp
from countermark.errors import DocumentError
from countermark.reservations.containers.pdf import pdf_packet
from countermark.works.importers.document_facts import DocumentFacts

_HEAD: Final = 1 << 17  # characters of a page that are searched for metadata
_MAX_METAS: Final = 2000
_PARTS: Final = {"docx": "docProps/core.xml", "odt": "meta.xml"}


def office_facts(data: bytes, kind: str) -> DocumentFacts:
    """DOCX (core properties of ISO 29500-2) and ODT (OpenDocument 1.3, section 4.3); raises DocumentError."""
    archive, facts = Archive(data), DocumentFacts()
    part = _PARTS[kind]
    if part in archive:
        properties = Properties()
        walk(archive.read(part), properties, part)
        facts.identify("identifier", properties.values.get("identifier", ""))
        facts.noticed([properties.values.get("rights", "")])
        facts.publisher = " ".join(properties.values.get("publisher", "").split())
    return facts


def pdf_facts(data: bytes) -> DocumentFacts:
    """The XMP of a PDF (ISO 32000-2, section 14.3.2): PRISM, Dublin Core, TDMRep. Dates of the file are not read."""
    facts = DocumentFacts()
    try:
        packet = pdf_packet(data)
        values = parse_xmp(packet) if packet.strip() else {}
    except DocumentError as error:
        facts.remarks.append(("XMP", "warning", f"is not read: {error}"))
        return facts
    except Exception as error:  # noqa: BLE001 - on hostile files pypdf raises errors of every kind
        facts.remarks.append(("XMP", "warning", f"is not read ({type(error).__name__})"))
        return facts
    for key, scheme in (
        ("prism:isbn", "isbn"),
        ("prism:eIsbn", "isbn"),
        ("prism:doi", "doi"),
        ("dc:identifier", ""),
    ):
        for value in values.get(key, ()):
            facts.identify(key, value, scheme)
    for name in values.get("dc:creator", ()):
        facts.made_by(name)
    facts.publisher = next(iter(values.get("dc:publisher", ())), "")
    facts.language = next(iter(values.get("dc:language", ())), "")
    facts.dated("prism:publicationDate", next(iter(values.get("prism:publicationDate", ())), ""))
    facts.noticed([*values.get("dc:rights", ()), *values.get("prism:copyright", ())])
    licences = [*values.get("cc:license", ()), *values.get("xmpRights:WebStatement", ())]
    facts.licence = next(iter(licences), "")
    facts.tdm_reservation = next(iter(values.get("tdm:reservation", ())), "")
    facts.tdm_policy = next(iter(values.get("tdm:policy", ())), "")
    return facts


def page_facts(text: str) -> DocumentFacts:
    """The head of a web page: canonical address, licence, Dublin Core, Highwire Press tags, TDMRep."""
    head = _Head()
    head.feed(text[:_HEAD])
    facts = DocumentFacts()
    if head.canonical:
        facts.identify("canonical", head.canonical)
    for key, scheme in (("citation_isbn", "isbn"), ("citation_doi", "doi"), ("dc.identifier", "")):
        for value in head.metas.get(key, ()):
            facts.identify(key, value, scheme)
    for name in head.metas.get("citation_author", ()) or head.metas.get("dc.creator", ()):
        facts.made_by(name)
    for key in ("dc.rights", "dcterms.rights", "copyright"):
        facts.noticed(head.metas.get(key, ()))
    facts.licence = head.licence or next(iter(head.metas.get("dcterms.license", ())), "")
    facts.publisher = next(
        (
            head.metas[key][0]
            for key in ("og:site_name", "dc.publisher", "citation_publisher")
            if key in head.metas
        ),
        "",
    )
    facts.article = "article" in head.metas.get("og:type", ())
    facts.tdm_reservation = next(iter(head.metas.get("tdm-reservation", ())), "")
    facts.tdm_policy = next(iter(head.metas.get("tdm-policy", ())), "")
    return facts


class _Head(HTMLParser):
    """Collects `<meta>` and `<link>`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.metas: dict[str, list[str]] = {}
        self.canonical = ""
        self.licence = ""
        self._count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element begins."""
        said = {key: (value or "").strip() for key, value in attrs}
        if tag == "meta" and self._count < _MAX_METAS:
            name = (said.get("name") or said.get("property") or said.get("itemprop") or "").lower()
            if name and said.get("content"):
                self._count += 1
                self.metas.setdefault(name, []).append(said["content"][:2000])
        elif tag in {"link", "a"}:
            relations = said.get("rel", "").lower().split()
            if "canonical" in relations and tag == "link":
                self.canonical = self.canonical or said.get("href", "")
            if "license" in relations:
                self.licence = self.licence or said.get("href", "")
