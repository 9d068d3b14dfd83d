"""RSL in RSS and Atom feeds: `<rsl:content>` in an item (RSL 4.7, from notes; see `vocabulary`).

Its `url` must be of the feed's own origin; where it is empty, the item's link is meant. What stands outside of the
items is read too, by its `url`. Notes know RSS only; an Atom entry is read in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.reservations.rsl.document import MAX_FEED, MAX_FEED_ELEMENTS, BrokenRslError, Element, parse
from countermark.reservations.rsl.scope import NO_MATCH, is_absolute, is_pattern, specificity
from countermark.reservations.rsl.terms import PAGE, gather, tell
from countermark.reservations.rsl.validate import check_content
from countermark.reservations.rsl.vocabulary import NAMESPACE, PROTOCOL, REVISION
from countermark.reservations.statement import Gathering, Place, Reading
from countermark.reservations.target import origin_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.reservations.target import Target

_ITEMS: Final = frozenset({"item", "entry"})


def read_feed(data: bytes, target: Target, place: Place) -> Reading:
    """What a feed says of a target; nothing where it does not speak of RSL at all. `place.where` is its address."""
    if not any(NAMESPACE.encode(encoding) in data for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
        return Reading()  # most feeds: not even parsed
    gathering = Gathering(PROTOCOL, place, REVISION)
    try:
        root = parse(data, limit=MAX_FEED, elements=MAX_FEED_ELEMENTS)
    except BrokenRslError as broken:
        gathering.remark(broken.code, broken.line, doubt=True, **broken.facts)
        return gathering.reading()
    found = [content for content in _contents(root, place.where) if _may_match(_url(content), target)]
    own = [content for content in found if _is_own(content, place, gathering)]
    if own:
        tell([fault for content in own for fault in check_content(content)], gathering)
        gather(own, data, target, gathering, "terms", PAGE)
    return gathering.reading()


def _may_match(url: str, target: Target) -> bool:
    """Whether it matches, or cannot be matched at all, which is then told."""
    return not is_pattern(url) or specificity(url, target) != NO_MATCH


def _contents(root: Element, feed: str) -> Iterator[Element]:
    """Every <rsl:content>; an empty url becomes the address of its item, outside of items that of the feed."""
    left = [(root, feed)]
    while left:
        element, link = left.pop()
        if element.is_rsl and element.name == "content":
            if is_absolute(link) and element.attributes.get("url", " ") == "":
                element.attributes["url"] = link.partition("#")[0] + "$"
            yield element
            continue
        if element.name in _ITEMS:
            link = _link(element) or feed
        left.extend((child, link) for child in reversed(element.children))


def _url(content: Element) -> str:
    return content.attributes.get("url", "").strip()


def _link(item: Element) -> str:
    """The address of an item: the text of RSS, the `href` of Atom (`alternate` or none)."""
    for child in item.children:
        if child.name == "link" and not child.is_rsl:
            if child.text.strip():
                return child.text.strip()
            if child.attributes.get("rel", "alternate") == "alternate":
                return child.attributes.get("href", "").strip()
    return ""


def _is_own(content: Element, place: Place, gathering: Gathering) -> bool:
    """Whether the content is of the feed's origin; unknown origins are not held against it."""
    feed, url = origin_of(place.where), _url(content)
    if not feed or not is_absolute(url) or origin_of(url) == feed:
        return True
    gathering.remark("foreign-origin", content.line, doubt=True, url=url, feed=feed)
    return False
