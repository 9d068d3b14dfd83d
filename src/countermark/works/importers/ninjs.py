"""ninjs 1.x, 2.x and 3.x (IPTC): news in JSON, one object, an array, or an object on each line.

Objects are cut out of the file one after the other, so an array of any length is read in bounded memory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import CatalogError
from countermark.works.entry import Contributor, Source, WorkMedium
from countermark.works.importers.base import refused
from countermark.works.importers.json_objects import whole_objects
from countermark.works.importers.names import given_first, one_line
from countermark.works.importers.stories import Stories, Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile

_TYPES: Final = {
    "text": (WorkMedium.ARTICLE, "article"),
    "composite": (WorkMedium.ARTICLE, "article"),
    "component": (WorkMedium.ARTICLE, "article"),
    "picture": (WorkMedium.IMAGE, "image"),
    "graphic": (WorkMedium.IMAGE, "image"),
    "video": (WorkMedium.AUDIOVISUAL, "film"),
    "audio": (WorkMedium.RECORDING, "recording"),
}
_NOT_WORKS: Final = frozenset({"planning", "event"})
_WITHHELD: Final = frozenset({"withheld", "canceled"})
_MARKS: Final = re.compile(
    rb'"(?:pubstatus|pubStatus|versioncreated|versionCreated|contentcreated|contentCreated|headline|headlines'
    rb'|byline|infosources|copyrightholder|copyrightHolder|usageterms|usageTerms|rightsinfo|rightsInfo)"\s*:'
)


class NinjsImporter:
    """ninjs, with the names of 1.x and 2.x (small letters) and of 3.x (camel case)."""

    format = "ninjs"

    def recognises(self, file: CatalogFile) -> bool:
        """JSON with `uri` and two properties of ninjs, or one that names its schema."""
        head = file.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head.startswith((b"{", b"[")) or b'"@context"' in head[:2000]:
            return False
        return b"iptc.org/std/ninjs" in head or (b'"uri"' in head and len(set(_MARKS.findall(head))) >= 2)

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The objects of the file, in its order. Raises CatalogError where the first of them cannot be read."""
        stories, any_read = Stories(), False
        for number, (line, found) in enumerate(whole_objects(file), 1):
            source = Source(file.name, line, str(number))
            if isinstance(found, str):
                refusal = refused(source, "", "damaged", found)
                if not any_read and number == 1:
                    raise CatalogError(refusal.detail)
                yield refusal
                continue
            any_read = True
            yield from _object(found, source, stories)


def _object(found: dict[str, Any], source: Source, stories: Stories) -> Iterator[Entry | Refusal]:
    said = {key.lower().replace("_", ""): value for key, value in found.items()}
    uri = _text(said.get("uri"))
    source = source._replace(record=one_line(uri, 300) or source.record)
    kind, status = _text(said.get("type")) or "text", _text(said.get("pubstatus"))
    if kind in _NOT_WORKS:
        yield refused(source, "type", "not-a-work", f"{kind!r} is no work; accepted are {', '.join(_TYPES)}")
    elif status in _WITHHELD:
        yield refused(
            source, "pubstatus", "not-published", f"{status!r}: the item is not published; accepted is usable"
        )
    else:
        yield from stories.entry(_story(said, source, kind, uri))


def _story(said: dict[str, Any], source: Source, kind: str, uri: str) -> Story:
    medium, form = _TYPES.get(kind, (WorkMedium.ARTICLE, "article"))
    story = Story(source, medium=medium, form=form, basis="rightsinfo", own_key=uri)
    story.title = _text(said.get("headline")) or _headline(said, sub=False)
    story.subtitle = _headline(said, sub=True)
    story.fallback_title = _text(said.get("title")) or _text(said.get("slugline")) or _text(said.get("name"))
    for field, value in (("canonicalurl", said.get("canonicalurl")), ("url", said.get("url")), ("uri", uri)):
        if _text(value).startswith(("http:", "https:")):
            story.addresses.append((field, _text(value)))
    story.numbers = [("altids", value) for value in _alternatives(said.get("altids"))]
    story.contributors = _people(said, "photographer" if medium is WorkMedium.IMAGE else "author")
    # A later version would make the story younger than it is.
    later = ("versioncreated",) if str(said.get("version") or "1") == "1" else ()
    story.dates = [(field, _text(said.get(field))) for field in ("firstcreated", "contentcreated", *later)]
    story.language = _text(said.get("language"))
    sources = [s for s in _dicts(said.get("infosources")) if _text(s.get("name"))]
    story.publisher = _text(sources[0].get("name")) if sources else _text(said.get("provider"))
    story.issuer = story.publisher
    _rights(story, said)
    return story


def _rights(story: Story, said: dict[str, Any]) -> None:
    """Flat in 1.x and 2.x; 3.x adds `rightsinfo` with links to what it says in full."""
    info = said.get("rightsinfo")
    nested = {key.lower(): value for key, value in info.items()} if isinstance(info, dict) else {}
    for place in (said, nested):
        story.owners += [_text(place.get("copyrightholder"))]
        story.notices += [_text(place.get("copyrightnotice")), _text(place.get("usageterms"))]
    story.owners = [owner for owner in story.owners if owner]
    address = _text(nested.get("linkedrights"))
    if address:
        story.licences.append(address)


def _people(said: dict[str, Any], role: str) -> list[Contributor]:
    people = [_text(person.get("name")) for person in _dicts(said.get("by"))]
    people += [
        _text(person.get("name"))
        for person in _dicts(said.get("people"))
        if _text(person.get("rel")) in {"author", "creator"}
    ]
    by = _text(said.get("byline"))
    if not any(people) and by:
        people = re.split(r" ?; ?| and | et ", re.sub(r"(?i)^(?:by|par|von) ", "", " ".join(by.split())))
    people += [_text(entry.get("byline")) for entry in _dicts(said.get("bylines"))] if not any(people) else []
    return [
        Contributor(given_first(name), role)
        for name in dict.fromkeys(one_line(p, 500) for p in people)
        if name
    ]


def _headline(said: dict[str, Any], *, sub: bool) -> str:
    """Of `headlines` (2.0 on): the main one, or the one whose role is that of a subheadline."""
    for entry in _dicts(said.get("headlines")):
        role = _text(entry.get("role")).lower()
        if ("sub" in role) == sub:
            return _text(entry.get("value"))
    return ""


def _alternatives(value: object) -> list[str]:
    """`altids`: an object of names in 1.3, a list of {role, value} from 2.0 on."""
    if isinstance(value, dict):
        return [_text(one) for one in value.values()]
    return [_text(one.get("value")) for one in _dicts(value)]


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value[:500] if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


IMPORTER = NinjsImporter()
