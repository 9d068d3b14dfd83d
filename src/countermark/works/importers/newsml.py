"""NewsML-G2 (IPTC, 2.x): news items, packages and messages; the metadata of what they carry, not the content itself.

A package names its items and holds none: what it refers to is an entry where the file has it, and the package is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.media import Refusal
from countermark.works.entry import Contributor, Source, WorkMedium
from countermark.works.identifiers import Identifier, IdentifierError, parse_identifier
from countermark.works.importers.base import refused
from countermark.works.importers.names import given_first, one_line
from countermark.works.importers.stories import Stories, Story
from countermark.works.importers.xml_root import line_of, root_of
from countermark.works.importers.xml_stream import local, plain_text, records, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile

_ROOTS: Final = frozenset(
    {"newsMessage", "newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem"}
)
_NOT_WORKS: Final = frozenset({"packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"})
_NAMESPACE: Final = b"iptc.org/std/nar/2006-10-01"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_CLASSES: Final = {  # http://cv.iptc.org/newscodes/ninature/
    "text": (WorkMedium.ARTICLE, "article"),
    "composite": (WorkMedium.ARTICLE, "article"),
    "picture": (WorkMedium.IMAGE, "image"),
    "graphic": (WorkMedium.IMAGE, "image"),
    "video": (WorkMedium.AUDIOVISUAL, "film"),
    "audio": (WorkMedium.RECORDING, "recording"),
}
_WITHHELD: Final = frozenset({"canceled", "withheld"})  # http://cv.iptc.org/newscodes/pubstatusg2/
_SCHEMES: Final = {"orcid": "orcid", "isni": "isni"}


class NewsmlImporter:
    """NewsML-G2."""

    format = "newsml"

    def recognises(self, file: CatalogFile) -> bool:
        """By the root element in IPTC's namespace."""
        return root_of(file.head).name in _ROOTS and _NAMESPACE in file.head

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The news items, each with its newest description."""
        stories = Stories()
        for element in records(file, {"newsItem", *_NOT_WORKS}):
            if isinstance(element, Refusal):
                yield element
                continue
            source = Source(file.name, line_of(element), one_line(element.get("guid") or "", 300))
            if local(element) != "newsItem":
                told = f"is a {local(element)}, which names works and holds none; give its news items too"
                yield refused(source, "", "not-a-work", told)
                continue
            status = _code(_first(element, "itemMeta", "pubStatus"))
            if status in _WITHHELD:
                said = f"{status!r}: the item is not published; accepted are usable items"
                yield refused(source, "pubStatus", "not-published", said)
                continue
            yield from stories.entry(_story(element, source))


def _story(element: _Element, source: Source) -> Story:
    story = Story(source, basis="rightsInfo", own_key=source.record, language=element.get(_XML_LANG) or "")
    item_class = _code(_first(element, "itemMeta", "itemClass"))
    story.medium, story.form = _CLASSES.get(item_class, (WorkMedium.ARTICLE, "article"))
    if source.record.startswith(("http:", "https:")):
        story.addresses.append(("guid", source.record))
    for child in element:
        name = local(child)
        if name == "rightsInfo":
            _rights(story, child)
        elif name == "itemMeta":
            _item_meta(story, child, first_version=(element.get("version") or "1") == "1")
        elif name == "contentMeta":
            _content_meta(story, child)
    # A later version would make the story younger than it is; contentCreated is the day of the making.
    story.dates.sort(key=lambda date: _DATES.index(date[0]))
    story.issuer = story.publisher
    return story


_DATES: Final = ("firstCreated", "contentCreated", "versionCreated")


def _item_meta(story: Story, meta: _Element, *, first_version: bool) -> None:
    for child in meta:
        name, text = local(child), text_of(child)
        if name == "provider":
            story.publisher = _name(child)
        elif name == "firstCreated" or (name == "versionCreated" and first_version):
            story.dates.append((name, text))
        elif name == "title":
            story.fallback_title = text
        elif name == "link" and "canonical" in (child.get("rel") or "").lower():
            story.addresses.insert(0, ("link", child.get("href") or ""))


def _content_meta(story: Story, meta: _Element) -> None:
    for child in meta:
        name, text = local(child), text_of(child)
        if name == "headline":
            _headline(story, child)
        elif name in {"creator", "contributor"}:
            _person(story, child, "author" if name == "creator" else "contributor")
        elif name == "by" and not story.contributors and text:
            story.contributors.append(Contributor(given_first(one_line(text.removeprefix("By "), 500))))
        elif name == "contentCreated":
            story.dates.append((name, text))
        elif name == "language":
            story.language = child.get("tag") or story.language
        elif name == "altId":
            story.numbers.append((name, text))
            if text.startswith(("http:", "https:")):
                story.addresses.append((name, text))
        elif name == "slugline":
            story.fallback_title = story.fallback_title or text


def _headline(story: Story, child: _Element) -> None:
    """The first headline is the title, one with the role `subheadline` the subtitle."""
    if "sub" in (child.get("role") or "").lower():
        story.subtitle = story.subtitle or plain_text(child)
    else:
        story.title = story.title or plain_text(child)


def _person(story: Story, child: _Element, role: str) -> None:
    name = _name(child)
    if story.medium is WorkMedium.IMAGE and role == "author":
        role = "photographer"
    if name:
        story.contributors.append(Contributor(given_first(name), role, _identifiers(child)))


def _name(element: _Element) -> str:
    """`<name>`, else `literal`, else the code: `qcode="nprov:REUTERS"` is REUTERS."""
    names = (text_of(child) for child in element if local(child) == "name")
    return one_line(next(names, "") or element.get("literal") or _code(element) or text_of(element), 500)


def _identifiers(element: _Element) -> tuple[Identifier, ...]:
    """An ORCID or ISNI that stands as a code or an address; the issuer's own code as its own."""
    qcode, uri = element.get("qcode") or "", element.get("uri") or ""
    prefix, _, value = qcode.partition(":")
    scheme = next((s for key, s in _SCHEMES.items() if key in uri.lower() or key == prefix.lower()), "")
    try:
        if scheme:
            return (parse_identifier(scheme, uri or value),)
        return (parse_identifier(f"own:{prefix}", value),) if prefix and value else ()
    except IdentifierError:
        return ()


def _rights(story: Story, rights: _Element) -> None:
    for child in rights:
        name = local(child)
        if name == "copyrightHolder":
            story.owners.append(_name(child))
        elif name in {"copyrightNotice", "usageTerms"}:
            story.notices.append(plain_text(child) or child.get("href") or "")
        elif name == "link" and "license" in (child.get("rel") or "").lower():
            story.licences.append(child.get("href") or "")


def _first(element: _Element, *path: str) -> _Element | None:
    """The first descendant along local names."""
    found: _Element | None = element
    for name in path:
        found = next((child for child in found if local(child) == name), None) if found is not None else None
    return found


def _code(element: _Element | None) -> str:
    """The code of a qcode or a URI: `text` of `ninat:text`."""
    if element is None:
        return ""
    return (element.get("qcode") or element.get("uri") or "").rpartition("/")[2].rpartition(":")[2]


IMPORTER = NewsmlImporter()
