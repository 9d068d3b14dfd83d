"""Feeds: RSS 0.9x, 2.0 and 1.0 (RDF), and Atom 1.0 (RFC 4287), item by item.

What the channel says before its items (title, language, copyright, licence) holds for each item that does not say it
itself. A feed is no archive: it holds what its publisher left in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.media import Refusal
from countermark.works.entry import Contributor, Source
from countermark.works.importers.names import given_first, one_line
from countermark.works.importers.stories import Stories, Story
from countermark.works.importers.xml_root import line_of, root_of
from countermark.works.importers.xml_stream import (
    child_text,
    local,
    plain_text,
    records,
    text_of,
    without_markup,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile

_ITEMS: Final = frozenset({"item", "entry"})
_CHANNEL: Final = frozenset({
    "title", "link", "language", "copyright", "rights", "license", "publisher", "creator", "author", "id",
})  # fmt: skip
_APART: Final = frozenset({"image", "textInput", "textinput", "source"})
"""Elements of a channel with a title and a link of their own."""
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_RESOURCE: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
_ATOM: Final = b"http://www.w3.org/2005/Atom"
_MAIL: Final = re.compile(r"\s*[^\s@()<>]{1,100}@[^\s@()<>]{1,200}\s*(?:\((.{1,300})\))?\s*")


class FeedImporter:
    """RSS and Atom."""

    format = "feed"

    def recognises(self, file: CatalogFile) -> bool:
        """By the root element; an export of WordPress is RSS too, and is left to its own importer."""
        root = root_of(file.head)
        if root.name == "rss":
            return b"wordpress.org/export" not in file.head
        if root.name == "RDF":
            return b"purl.org/rss/" in root.attributes or b"my.netscape.com/rdf" in root.attributes
        return root.name in {"feed", "entry"} and _ATOM in root.attributes

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The items of the feed, in its order."""
        channel, stories = _Channel(), Stories()
        number = 0
        for element in records(file, _ITEMS | _CHANNEL | _APART):
            if isinstance(element, Refusal):
                yield element
            elif local(element) in _ITEMS:
                number += 1
                yield from stories.entry(_story(file, element, number, channel))
            elif local(element) not in _APART:
                channel.take(element)


@dataclass(slots=True)
class _Channel:
    """What the channel says of all its items."""

    title: str = ""
    language: str = ""
    publisher: str = ""
    notices: list[str] = field(default_factory=list)
    licences: list[str] = field(default_factory=list)
    issuer: str = ""
    author: str = ""

    def take(self, element: _Element) -> None:
        """One element of the channel."""
        name, text = local(element), plain_text(element)
        if name == "title":
            self.title = self.title or text
            self._inherit(element)
        elif name == "language":
            self.language = self.language or text
        elif name in {"copyright", "rights"} and text and len(self.notices) < 20:
            self.notices.append(text)
        elif name == "license" and len(self.licences) < 20:
            self.licences.append(text)
        elif name == "link":
            self._link(element, text)
        elif name == "publisher":
            self.publisher = self.publisher or text
        elif name == "author":
            self.author = self.author or child_text(element, "name")

    def _link(self, element: _Element, text: str) -> None:
        relation = element.get("rel") or ""
        if relation == "license":
            self.licences.append(element.get("href") or "")
        elif relation in {"", "alternate"}:
            self.issuer = self.issuer or text or element.get("href") or ""

    def _inherit(self, element: _Element) -> None:
        parent = element.getparent()
        if parent is not None:
            self.language = self.language or parent.get(_XML_LANG) or ""


def _story(file: CatalogFile, element: _Element, number: int, channel: _Channel) -> Story:
    source = Source(file.name, line_of(element), str(number))
    story = Story(
        source,
        publisher=channel.publisher or channel.title,
        language=element.get(_XML_LANG) or channel.language,
        issuer=channel.issuer or channel.title,
    )
    description = ""
    for child in element:
        name = local(child)
        if name in {"description", "summary", "content"} and not description:
            description = plain_text(child)[:400]
        else:
            _take(story, name, child)
    if not story.contributors and channel.author:
        story.contributors.append(Contributor(given_first(one_line(channel.author, 500))))
    story.notices = story.notices or channel.notices
    story.licences = story.licences or channel.licences
    story.fallback_title = description
    return story


def _take(story: Story, name: str, child: _Element) -> None:
    """One element of an item."""
    text = text_of(child)
    if name == "title" and not _is_media(child):
        story.title = story.title or plain_text(child)
    elif name == "link":
        _link(story, child, text)
    elif name == "guid":
        story.own_key = text
        if (child.get("isPermaLink") or "true").strip().lower() != "false" and text.startswith(
            ("http:", "https:")
        ):
            story.addresses.append(("guid", text))
    elif name == "origLink":  # feedburner: the address before the counter's
        story.addresses.insert(0, ("feedburner:origLink", text))
    elif name == "id":
        story.own_key = text
    elif name in {"author", "creator", "contributor"}:
        _person(story, name, child, text)
    elif name in {"pubDate", "published", "issued"}:
        story.dates.insert(0, (name, text))
    elif name == "date":  # never `updated`: a change would make the story younger than it is
        story.dates.append((name, text))
    else:
        _take_rights(story, name, child, text)


def _take_rights(story: Story, name: str, child: _Element, text: str) -> None:
    if name in {"rights", "copyright"}:
        story.notices.append(plain_text(child))
    elif name == "license":
        story.licences.append(text or child.get("href") or child.get(_RESOURCE) or "")
    elif name == "language":
        story.language = text
    elif name == "publisher":
        story.publisher = text
    elif name in {"identifier", "doi"}:
        story.numbers.append((name, text))


def _link(story: Story, child: _Element, text: str) -> None:
    relation = (child.get("rel") or "alternate").lower()
    address = child.get("href") or text
    if relation == "license":
        story.licences.append(address)
    elif relation == "canonical":
        story.addresses.insert(0, ("link rel=canonical", address))
    elif relation == "alternate":
        story.addresses.append(("link", address))


def _person(story: Story, name: str, child: _Element, text: str) -> None:
    """`jo@example.org (Jo Martin)` of RSS, `<name>` of Atom, the text of Dublin Core."""
    written = child_text(child, "name") if len(child) else without_markup(text)
    mail = _MAIL.fullmatch(written)
    if mail:
        written = mail[1] or ""
    role = "contributor" if name == "contributor" else "author"
    for part in written.split(";"):
        if shown := one_line(part, 500):
            story.contributors.append(Contributor(given_first(shown), role))


def _is_media(child: _Element) -> bool:
    return "search.yahoo.com/mrss" in str(child.tag)


IMPORTER = FeedImporter()
