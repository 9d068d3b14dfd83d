"""EPUB 2 and 3: the metadata of the package document (EPUB 3.3, section 5.5; OPF 2.0.1, section 2.2; TDMRep)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.documents.archive import Archive
from countermark.reservations.containers.epub import local, package_root
from countermark.works.identifiers import labelled_scheme
from countermark.works.importers.document_facts import DocumentFacts

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAX_ITEMS: Final = 10_000
_SCHEMES: Final = {
    "isbn": "isbn",
    "isbn-13": "isbn",
    "isbn-10": "isbn",
    "asin": "asin",
    "mobi-asin": "asin",
    "doi": "doi",
}
_BINDERS: Final = frozenset({"bkp", "bkd"})  # the program that made the file


def epub_facts(data: bytes) -> DocumentFacts:
    """The facts of the first package document; raises DocumentError."""
    archive = Archive(data)
    metadata = next((e for e in package_root(archive).iter() if local(e) == "metadata"), None)
    facts = DocumentFacts()
    if metadata is not None:
        elements = [e for e in metadata.iter() if isinstance(e.tag, str)][:_MAX_ITEMS]
        _Package(elements).tell(facts)
    return facts


class _Package:
    """The elements of one `<metadata>`, with what refines them."""

    def __init__(self, elements: list[Element]) -> None:
        self._elements = elements
        self._refined: dict[tuple[str, str], str] = {}  # (id, property): value
        for element in elements:
            if local(element) == "meta" and element.get("refines", "").startswith("#"):
                key = (element.get("refines", "")[1:], element.get("property", ""))
                self._refined.setdefault(key, _text(element))

    def tell(self, facts: DocumentFacts) -> None:
        """Fill `facts`."""
        for element in self._elements:
            name, text = local(element), _text(element)
            if name == "meta":
                self._meta(facts, element, text)
            elif name == "identifier" and text:
                self._identifier(facts, element, text)
            elif name in {"creator", "contributor"}:
                role = self._said(element, "role") or ("aut" if name == "creator" else "ctb")
                if role not in _BINDERS:
                    facts.made_by(text, role, self._said(element, "file-as"))
            elif name == "title":
                self._title(facts, element, text)
            elif name == "source":
                self._source(facts, text)
            elif name != "date" or _attribute(element, "event") in {"", "publication"}:
                _plain(facts, name, text)

    def _said(self, element: Element, name: str) -> str:
        """What EPUB 2 writes as an attribute and EPUB 3 as a refinement."""
        return self._refined.get((element.get("id", ""), name), "") or _attribute(element, name)

    def _title(self, facts: DocumentFacts, element: Element, text: str) -> None:
        if self._said(element, "title-type") == "subtitle":
            facts.subtitle = facts.subtitle or text
        elif self._said(element, "title-type") in {"", "main"}:
            facts.title = facts.title or text

    def _identifier(self, facts: DocumentFacts, element: Element, text: str) -> None:
        scheme = _SCHEMES.get(_attribute(element, "scheme").lower(), "")
        if not scheme and self._refined.get((element.get("id", ""), "identifier-type")) in {"15", "02"}:
            scheme = "isbn"  # list 5 of ONIX
        scheme = scheme or _SCHEMES.get(labelled_scheme(text), "")
        if not scheme and "uuid" in f"{text} {_attribute(element, 'scheme')}".lower():
            facts.identify("dc:identifier", text.lower().removeprefix("urn:uuid:"), "own:uuid")
        else:
            facts.identify("dc:identifier", text, scheme)

    def _source(self, facts: DocumentFacts, text: str) -> None:
        """The edition that this one was made from, mostly the printed one."""
        source = DocumentFacts()
        source.identify("dc:source", text, "isbn" if labelled_scheme(text) == "isbn" else "")
        facts.same_work += [i for i in source.identifiers if i.scheme == "isbn" and i not in facts.same_work]
        facts.remarks += source.remarks

    @staticmethod
    def _meta(facts: DocumentFacts, element: Element, text: str) -> None:
        name = element.get("property") or element.get("name") or ""
        value = text or element.get("content", "")
        if name == "tdm:reservation":
            facts.tdm_reservation = facts.tdm_reservation or value
        elif name == "tdm:policy":
            facts.tdm_policy = facts.tdm_policy or value


def _plain(facts: DocumentFacts, name: str, text: str) -> None:
    """What needs no more than its text."""
    if name == "date":
        facts.dated("dc:date", text)
    elif name == "publisher":
        facts.publisher = facts.publisher or text
    elif name == "language":
        facts.language = facts.language or text
    elif name == "rights":
        facts.noticed([text])


def _text(element: Element) -> str:
    return " ".join((element.text or "")[:20_000].split())


def _attribute(element: Element, name: str) -> str:
    """An attribute by its local name: OPF 2 writes `opf:role`, and some programs `role`."""
    return next(
        (value.strip() for key, value in element.attrib.items() if key.rpartition("}")[2] == name), ""
    )
