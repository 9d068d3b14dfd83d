"""Dublin Core in XML: `oai_dc` as repositories give it by OAI-PMH, and plain records of the same elements.

Sources: ISO 15836-1:2017 (the fifteen elements); DCMI Metadata Terms; OAI-PMH 2.0, section 4.3. Every element may be
missing and may be repeated. `dc:identifier` is free text: what is clearly an ISBN, a DOI or another known number is
taken as such, other texts are not. `dc:date` does not say of what: it is taken for the edition's, never for the first
publication.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.media import Refusal
from countermark.works.dates import parse_date
from countermark.works.entry import Contributor, Edition, Entry, Source, WorkMedium
from countermark.works.identifiers import guess_identifier
from countermark.works.importers.base import CatalogFile, refused
from countermark.works.importers.names import given_first, one_line
from countermark.works.importers.xml_stream import line_of, local, records, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from countermark.works.identifiers import Identifier

_TERMS: Final = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")
_ROOT: Final = re.compile(
    rb"<(?:[A-Za-z_][\w.-]*:)?(?:OAI-PMH|ListRecords|GetRecord|records|collection|metadata|record|dc)[\s>]",
    re.IGNORECASE,
)
_FIRST: Final = re.compile(rb"<[A-Za-z_]")
_MEDIA: Final = (
    (WorkMedium.AUDIOVISUAL, "film", ("movingimage", "moving image", "video", "film")),
    (WorkMedium.RECORDING, "recording", ("sound", "audio")),
    (WorkMedium.ARTICLE, "article", ("article",)),
    (WorkMedium.MUSIC, "score", ("score", "notated music", "partition")),
    (WorkMedium.IMAGE, "image", ("stillimage", "still image", "image", "photograph")),
    (WorkMedium.TEXT, "", ("text", "book", "livre", "thesis")),
)
"""Words of `dc:type`, as the DCMI Type Vocabulary and repositories use them."""
_COUNTED: Final = 200  # people, identifiers and titles of one record


class DublinCoreImporter:
    """Reads records of Dublin Core."""

    format = "dublincore"

    def recognises(self, file: CatalogFile) -> bool:
        """Whether the file's root is one that holds records, and a namespace of Dublin Core is declared near it."""
        head = file.head.replace(b"\0", b"")
        root = _FIRST.search(head)
        return bool(root and _ROOT.match(head, root.start())) and b"://purl.org/dc/" in head

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """One Entry for each record. Raises CatalogError where the XML cannot be read at all.

        Reasons: `missing`, `deleted`, `date`, and those of `xml_stream.records`.
        """
        number = 0
        for element in records(file, {"record", "dc"}):
            if isinstance(element, Refusal):
                yield element
            else:
                number += 1
                yield from _record(file.name, element, number)


def _record(file: str, element: etree._Element, number: int) -> Iterator[Entry | Refusal]:
    header = next(
        (child for child in element.iter() if isinstance(child.tag, str) and local(child) == "header"), None
    )
    key = (
        next((text_of(child) for child in header if local(child) == "identifier"), "")
        if header is not None
        else ""
    )
    source = Source(file, line_of(element), one_line(key, 200) or str(number))
    if header is not None and header.get("status") == "deleted":
        yield refused(source, "", "deleted", "the repository has deleted this record")
        return
    said = _elements(element)
    titles = said.get("title", []) + said.get("alternative", [])
    if not titles:
        yield refused(source, "dc:title", "missing", "the record has no title")
        return
    date, wrong = _date(source, said)
    yield from wrong
    medium, form = _medium(said.get("type", []))
    edition = Edition(
        identifiers=_identifiers(said),
        form=form,
        publisher=next(iter(said.get("publisher", [])), ""),
        published=date,
        language=next(
            (word for word in said.get("language", []) if re.fullmatch(r"[A-Za-z]{2}(-\w+)*", word)), ""
        ),
        source=source,
    )
    yield Entry(
        source=source,
        title=titles[0],
        other_titles=tuple(dict.fromkeys(titles[1:])),
        medium=medium,
        contributors=tuple(_people(said)),
        licence=_licence(said),
        part_of=next((text for text in said.get("isPartOf", []) if "://" not in text), ""),
        editions=(edition,),
        own_key=one_line(key, 200),
    )


def _elements(element: etree._Element) -> dict[str, list[str]]:
    """The texts of Dublin Core by the local names of their elements; the first _COUNTED of each."""
    found: dict[str, list[str]] = {}
    for child in element.iter():
        if (
            isinstance(child.tag, str)
            and child.tag.startswith(_TERMS, 1)
            and (text := one_line(text_of(child)))
        ):
            kept = found.setdefault(local(child), [])
            if len(kept) < _COUNTED:
                kept.append(text)
    return found


def _date(source: Source, said: dict[str, list[str]]) -> tuple[str, list[Refusal]]:
    """The first date that can be read; refused are the others only where there is none."""
    wrong: list[Refusal] = []
    for text in (*said.get("issued", ()), *said.get("date", ())):
        try:
            return parse_date(text), []
        except ValueError as error:
            wrong.append(refused(source, "dc:date", "date", str(error)))
    return "", wrong


def _medium(types: list[str]) -> tuple[WorkMedium, str]:
    for text in types:
        for medium, form, words in _MEDIA:
            if any(word in text.lower() for word in words):
                return medium, form
    return (WorkMedium.OTHER if types else WorkMedium.TEXT), ""


def _identifiers(said: dict[str, list[str]]) -> tuple[Identifier, ...]:
    found = (guess_identifier(text) for text in said.get("identifier", ()))
    return tuple(dict.fromkeys(identifier for identifier in found if identifier))


def _people(said: dict[str, list[str]]) -> Iterator[Contributor]:
    for element, role in (("creator", "author"), ("contributor", "contributor")):
        for name in dict.fromkeys(said.get(element, ())):
            yield Contributor(given_first(name), role)


def _licence(said: dict[str, list[str]]) -> str:
    """What is said of rights: `dcterms:license`, else the first address among `dc:rights`, else the first text."""
    rights = (
        said.get("license", [])
        + [text for text in said.get("rights", []) if "://" in text]
        + said.get("rights", [])
    )
    return next(iter(rights), "")


IMPORTER = DublinCoreImporter()
