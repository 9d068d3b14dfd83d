"""JSON-LD: catalogs exported by Countermark, and plain documents of schema.org.

Of schema.org are read: the type, name or headline, alternateName, people (author, creator, composer, …), isbn,
isrcCode, iswcCode, url, sameAs, identifier, datePublished, license, copyrightHolder, publisher, inLanguage, isPartOf,
and editions under workExample. No context is loaded from anywhere: names are read with or without `schema:` or the
address before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.errors import CatalogError
from countermark.works.catalog.facts import from_facts
from countermark.works.catalog.jsonld import FACTS, FORMS, NAMESPACE, ROLES
from countermark.works.dates import parse_date
from countermark.works.entry import Contributor, Edition, Entry, RightsFact, RightsKind, Source, WorkMedium
from countermark.works.identifiers.guessing import guess_identifier
from countermark.works.identifiers.identifier import Identifier, IdentifierError
from countermark.works.identifiers.schemes import SCHEMES, parse_identifier
from countermark.works.importers.base import refused
from countermark.works.importers.json_stream import JsonDamagedError, objects
from countermark.works.importers.names import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.importers.base import CatalogFile, Importer

Node = dict[str, Any]

MEDIA: Final = {
    "Book": WorkMedium.TEXT,
    "Audiobook": WorkMedium.TEXT,
    "CreativeWork": WorkMedium.TEXT,
    "Chapter": WorkMedium.TEXT,
    "Play": WorkMedium.TEXT,
    "ShortStory": WorkMedium.TEXT,
    "Thesis": WorkMedium.TEXT,
    "WebPage": WorkMedium.TEXT,
    "Article": WorkMedium.ARTICLE,
    "NewsArticle": WorkMedium.ARTICLE,
    "ReportageNewsArticle": WorkMedium.ARTICLE,
    "OpinionNewsArticle": WorkMedium.ARTICLE,
    "BlogPosting": WorkMedium.ARTICLE,
    "ScholarlyArticle": WorkMedium.ARTICLE,
    "MusicComposition": WorkMedium.MUSIC,
    "MusicRecording": WorkMedium.RECORDING,
    "ImageObject": WorkMedium.IMAGE,
    "Photograph": WorkMedium.IMAGE,
    "VisualArtwork": WorkMedium.IMAGE,
    "Painting": WorkMedium.IMAGE,
    "VideoObject": WorkMedium.AUDIOVISUAL,
    "Movie": WorkMedium.AUDIOVISUAL,
}
_LONGEST: Final = 20_000  # characters of a value; no field that is read is a text
_NUMBERS: Final = {"isbn": "isbn", "isrcCode": "isrc", "iswcCode": "iswc", "issn": "issn", "url": "url"}
_FORM_OF: Final = {address.rpartition("/")[2]: form for form, address in FORMS.items()}
_ROLE_OF: Final = {name: role for role, name in ROLES.items() if name != "creator"} | {
    "contributor": "contributor"
}


class JsonLd:
    """Reads JSON-LD as a stream, whatever the length of its `@graph`."""

    format = "jsonld"

    def recognises(self, file: CatalogFile) -> bool:
        """Whether it begins as JSON and speaks of a context soon."""
        head = file.head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return head[:1] in (b"{", b"[") and b'"@context"' in head

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """One entry for each work; what is of another type is refused, once for each."""
        found = False
        with file.open() as stream:
            try:
                for line, node in objects(stream):
                    found = True
                    yield from _node(node, Source(file.name, line))
            except JsonDamagedError as error:
                if not found:
                    raise CatalogError(f"{file.name}, line {error.line}: {error}") from None
                yield refused(
                    Source(file.name, error.line), "", "damaged", f"{error}; what stands before it is used"
                )


def _node(node: object, source: Source) -> Iterator[Entry | Refusal]:
    if not isinstance(node, dict):
        yield refused(source, "", "type", "is no object; a work of schema.org is accepted")
        return
    node = {_short(name): value for name, value in node.items()}
    source = source._replace(record=_text(node.get("@id"))[:200])
    if FACTS in node or "facts" in node:
        yield from _exact(node.get(FACTS, node.get("facts")), source)
        return
    kind = next((kind for kind in map(_short, map(_text, _list(node.get("@type")))) if kind in MEDIA), "")
    if not kind:
        told = _text(node.get("@type")) or "no type"
        yield refused(source, "@type", "type", f"{told[:60]!r} is no work; accepted: {', '.join(MEDIA)}")
        return
    noted: dict[Refusal, None] = {}
    entry = _entry(node, MEDIA[kind], source, noted)
    yield from noted
    if entry.title or entry.identifiers or any(edition.identifiers for edition in entry.editions):
        yield entry
    else:
        yield refused(source, "name", "no-title", "has neither a name nor an identifier")


def _exact(facts: object, source: Source) -> Iterator[Entry | Refusal]:
    """A work that Countermark exported."""
    facts = facts.get("@value") if isinstance(facts, dict) and "@value" in facts else facts
    try:
        work = from_facts(facts)  # type: ignore[arg-type]
    except CatalogError as error:
        yield refused(source, FACTS, "facts", str(error))
        return
    told = {
        name: getattr(work, name) for name in ("title", "subtitle", "other_titles", "medium", "contributors")
    }
    more = ("identifiers", "published", "country", "licence", "part_of", "editions", "rights", "work_id")
    yield Entry(source=source, **told, **{name: getattr(work, name) for name in more})


def _entry(node: Node, medium: WorkMedium, source: Source, noted: dict[Refusal, None]) -> Entry:
    examples = [one for one in _list(node.get("workExample")) if isinstance(one, dict)]
    own = _edition(node, source, noted)
    editions = [_edition({_short(k): v for k, v in one.items()}, source, noted) for one in examples]
    if own.identifiers or not editions:
        editions.insert(0, own)
    rights = [
        RightsFact(
            RightsKind.OWNER,
            name,
            basis="copyright-notice",
            begins=_text(node.get("copyrightYear"))[:4],
            source=source,
        )
        for name in map(_name, _list(node.get("copyrightHolder")))
        if name
    ]
    return Entry(
        source=source,
        title=_text(node.get("name")) or _text(node.get("headline")),
        subtitle=_text(node.get("alternativeHeadline")),
        other_titles=tuple(filter(None, map(_text, _list(node.get("alternateName"))))),
        medium=medium,
        contributors=tuple(_contributors(node, medium)),
        identifiers=tuple(
            i for i in _identifiers(node, noted, source) if i.scheme in ("iswc", "isan", "eidr")
        ),
        published=own.published if not examples else _date(node, source, noted),
        licence=_text(node.get("license")),
        part_of=next(filter(None, map(_name, _list(node.get("isPartOf")))), ""),
        editions=tuple(edition for edition in editions if edition != Edition(source=source)),
        rights=tuple(rights),
    )


def _edition(node: Node, source: Source, noted: dict[Refusal, None]) -> Edition:
    found = _identifiers(node, noted, source)
    return Edition(
        identifiers=tuple(i for i in found if i.scheme not in ("iswc", "isan", "eidr")),
        title=_text(node.get("name")) or _text(node.get("headline")),
        form=_FORM_OF.get(_short(_text(node.get("bookFormat"))), ""),
        publisher=next(filter(None, map(_name, _list(node.get("publisher")))), ""),
        published=_date(node, source, noted),
        language=next(filter(None, map(_text, _list(node.get("inLanguage")))), ""),
        source=source,
    )


def _contributors(node: Node, medium: WorkMedium) -> Iterator[Contributor]:
    creator = "photographer" if medium is WorkMedium.IMAGE else "author"
    for field, role in (*_ROLE_OF.items(), ("creator", creator)):
        for one in _list(node.get(field)):
            if name := _name(one):
                yield Contributor(name, role, tuple(_of_person(one)))


def _of_person(one: object) -> Iterator[Identifier]:
    for address in _list(one.get("sameAs")) if isinstance(one, dict) else []:
        found = guess_identifier(_text(address))
        if found and found.scheme in ("isni", "orcid"):
            yield found


def _identifiers(node: Node, noted: dict[Refusal, None], source: Source) -> tuple[Identifier, ...]:
    found: dict[Identifier, None] = {}
    told = [(scheme, _text(one)) for field, scheme in _NUMBERS.items() for one in _list(node.get(field))]
    for one in _list(node.get("identifier")):
        if isinstance(one, dict):
            told.append((_text(one.get("propertyID")).lower(), _text(one.get("value"))))
        else:
            told.append(("", _text(one)))
    told += [("", _text(one)) for one in _list(node.get("sameAs")) if "doi.org" in _text(one)]
    for scheme, text in told:
        try:
            if scheme in SCHEMES and text:
                found[parse_identifier(scheme, text)] = None
            elif guessed := guess_identifier(text):
                found[guessed] = None
        except IdentifierError as error:
            noted[refused(source, scheme, "identifier", f"{error}; the rest is used")] = None
    return tuple(found)


def _date(node: Node, source: Source, noted: dict[Refusal, None]) -> str:
    text = _text(node.get("datePublished"))
    try:
        return parse_date(text)
    except ValueError as error:
        noted[refused(source, "datePublished", "date", f"{error}; the rest is used")] = None
        return ""


def _short(name: str) -> str:
    """A term without what stands before it."""
    if name.startswith(NAMESPACE):
        return FACTS
    for prefix in ("https://schema.org/", "http://schema.org/", "schema:"):
        name = name.removeprefix(prefix)
    return name


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: object) -> str:
    """A text or a number, also of `{"@value": …}`, on one line."""
    if isinstance(value, dict):
        value = value.get("@value", value.get("@id", ""))
    if isinstance(value, list):
        value = value[0] if value else ""
        return _text(value) if not isinstance(value, list) else ""
    return one_line(str(value), _LONGEST) if isinstance(value, str | int) else ""


def _name(value: object) -> str:
    return _text(value.get("name", value.get("schema:name"))) if isinstance(value, dict) else _text(value)


IMPORTER: Final[Importer] = JsonLd()
