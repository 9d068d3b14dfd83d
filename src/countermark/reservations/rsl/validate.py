"""Naming what does not conform in an RSL 1.0 document: each fault with its line, its element and what is accepted.

Sections are those of RSL-SPEC-1.0, from notes (see `vocabulary`). A byte order mark is told although XML permits it,
because readers that look for `<` in the first place stop at it. A prefixed root (`rsl:rsl`) is not: it is right within
other files and only advised against in a file of its own (2.2).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from countermark.reservations.nonconformance import NonConformance
from countermark.reservations.rsl.document import MAX_FEED, MAX_FEED_ELEMENTS, BrokenRslError, parse
from countermark.reservations.rsl.grammar import RULES, inside
from countermark.reservations.rsl.values import faults_of
from countermark.reservations.rsl.vocabulary import MEDIA_TYPE, NAMESPACE, PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.reservations.rsl.document import Element
    from countermark.reservations.rsl.values import Fault

DOUBTFUL: Final = frozenset(
    f"{PROTOCOL}.{code}"
    for code in (
        *("unknown-element", "misplaced-element", "unqualified-element", "element-twice", "no-content"),
        *("no-license", "no-url", "bad-url", "no-type", "bad-type", "type-twice"),
        *("comma-list", "unknown-token", "empty-list"),
    )
)
"""Faults that may hide a reservation: a reader believes nothing that such a document permits."""

_NAMED: Final = {
    ("content", "url"): "no-url",
    ("permits", "type"): "no-type",
    ("prohibits", "type"): "no-type",
}
_DESCRIBING: Final = frozenset({"legal", "alternate", "schema", "copyright", "terms", "amount"})
_FEED: Final = re.compile(rb"<(?:rss|feed)[ \t\r\n>]")
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def validate(data: bytes, media_type: str = "") -> list[NonConformance]:
    """Everything in `data` that does not conform, in the order of the document; empty for a conforming one.

    `media_type` is what it was served with ("" if that is not known). Where the namespace is missing or wrong, the rest
    is looked at as if it were right. Of an RSS or Atom feed each <rsl:content> is looked at (4.7).
    """
    found = []
    is_feed = _FEED.search(data[:4096]) is not None
    served = media_type.partition(";")[0].strip().lower()
    if served and served != MEDIA_TYPE and not is_feed:
        found.append(_fault("", 0, ("media-type", {"given": served, "accepted": MEDIA_TYPE})))
    if data.startswith(_MARKS):
        found.append(_fault("", 1, ("byte-order-mark", {})))
    try:
        root = parse(data, limit=MAX_FEED, elements=MAX_FEED_ELEMENTS) if is_feed else parse(data)
    except BrokenRslError as broken:
        return [*found, _fault("", broken.line, (broken.code, broken.facts))]
    return [*found, *(_in_feed(root) if is_feed else check(root))]


def check(root: Element) -> list[NonConformance]:
    """What does not conform in a parsed document."""
    found = []
    if root.name != "rsl":
        return [_fault(f"/{root.name}", root.line, ("root", {"element": root.name, "accepted": "rsl"}))]
    if not root.is_rsl:
        code = "wrong-namespace" if root.namespace else "no-namespace"
        facts = {"given": root.namespace, "accepted": NAMESPACE}
        found.append(_fault("/rsl", root.line, (code, facts)))
        _move(root)
    return [*found, *_in(root, "/rsl")]


def _in_feed(root: Element) -> Iterator[NonConformance]:
    contents = (element for element in root.walk() if element.is_rsl and element.name == "content")
    for number, content in enumerate(contents, 1):
        yield from _in(content, f"//content[{number}]")


def check_content(content: Element) -> list[NonConformance]:
    """What does not conform in one <content> that stands within something else."""
    return list(_in(content, "/content"))


def is_doubtful(fault: NonConformance) -> bool:
    """Whether the fault may hide a reservation; one within <legal> or what describes the asset does not."""
    last = fault.where.rpartition("/")[2].partition("[")[0]
    return fault.code in DOUBTFUL and last not in _DESCRIBING


def _move(root: Element) -> None:
    """Put the root and all that share its namespace into that of RSL."""
    wrong = root.namespace
    for element in root.walk():
        if element.namespace == wrong:
            element.namespace = NAMESPACE


def _in(element: Element, where: str) -> Iterator[NonConformance]:
    """The faults of an element of RSL in its right place, and of all within it; foreign elements are passed over."""
    for fault in (*_attributes(element), *faults_of(element), *_missing(element)):
        yield _fault(where, element.line, fault)
    seen: Counter[str] = Counter()
    for child in element.children:
        seen[child.name] += 1
        path = f"{where}/{child.name}[{seen[child.name]}]"
        if not child.namespace:
            yield _fault(path, child.line, ("unqualified-element", {"element": child.name}))
        elif child.is_rsl and (wrong := _misplaced(child, element)):
            yield _fault(path, child.line, wrong)
        elif child.is_rsl:
            yield from _in(child, path)
    yield from _repeated(element, where)


def _misplaced(child: Element, parent: Element) -> Fault | None:
    accepted = ", ".join(inside(parent.name))
    facts = {"element": child.name, "parent": parent.name, "accepted": accepted or "—"}
    if child.name not in RULES:
        return "unknown-element", facts
    if RULES[child.name].parent != parent.name:
        return "misplaced-element", facts
    return None


def _attributes(element: Element) -> Iterator[Fault]:
    rule = RULES[element.name]
    for name in rule.required:
        if name not in element.attributes:
            facts = {"element": element.name, "attribute": name}
            yield _NAMED.get((element.name, name), "missing-attribute"), facts
    known = (*rule.required, *rule.optional)
    for name in element.attributes:
        if name not in known and not name.startswith("{"):
            facts = {"element": element.name, "attribute": name, "accepted": ", ".join(known) or "—"}
            yield "unknown-attribute", facts


def _missing(element: Element) -> Iterator[Fault]:
    """Elements that must be there: a <license> in each <content>, something in <rsl>."""
    if element.name == "content" and not element.all("license"):
        yield "no-license", {"url": element.attributes.get("url", "")}
    if element.name == "rsl" and not element.children:
        yield "no-content", {}


def _repeated(element: Element, where: str) -> Iterator[NonConformance]:
    """Children that stand more often than they may."""
    seen = set()
    for child in element.children:
        rule = RULES.get(child.name)
        if not child.is_rsl or rule is None or rule.often == "many" or rule.parent != element.name:
            continue
        kind = child.attributes.get("type", "") if rule.often == "per-type" else ""
        if (child.name, kind) in seen:
            code = "type-twice" if rule.often == "per-type" else "element-twice"
            facts = {"element": child.name, "parent": element.name, "type": kind}
            yield _fault(f"{where}/{child.name}", child.line, (code, facts))
        seen.add((child.name, kind))


def _fault(where: str, line: int, fault: Fault) -> NonConformance:
    code, facts = fault
    told = tuple((name, value[:200]) for name, value in facts.items())
    return NonConformance(f"{PROTOCOL}.{code}", where, line, told)
