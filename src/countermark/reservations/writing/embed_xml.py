"""Changing a few elements of an XML document and leaving every other byte of it as it stands.

An XML document that is parsed and written again loses prefixes, comments, the order of attributes and its padding. So
the parser only tells where things stand; what is taken out and put in is cut at those places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from countermark.errors import DocumentError

_ATTRIBUTE: Final = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_NO_XML: Final = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_MAX_DEPTH: Final = 1000


@dataclass(slots=True)
class Element:
    """One element: `start` to `end` is all of it; `close` is where its end tag starts (`end` if it has none).

    `parent` is the `start` of the element around it, -1 for the root.
    """

    name: str
    qualified: str
    namespace: str
    attributes: dict[str, str]
    prefixes: dict[str, str]
    start: int
    tag_end: int
    parent: int
    close: int = 0
    end: int = 0

    def key(self, qualified: str) -> tuple[str, str]:
        """Namespace and local name of one of its attributes; one without a prefix has no namespace."""
        prefix, colon, local = qualified.rpartition(":")
        return (self.prefixes.get(prefix, "") if colon else "", local)


@dataclass(slots=True)
class Places:
    """Where the elements of a document stand, in document order. `data` is UTF-8."""

    data: bytes
    elements: list[Element] = field(default_factory=list)

    def named(self, name: str, namespace: str | None = None) -> list[Element]:
        """The elements of that local name."""
        return [e for e in self.elements if e.name == name and namespace in {None, e.namespace}]

    def children(self, *parents: Element) -> list[Element]:
        """The elements directly within these."""
        starts = {parent.start for parent in parents}
        return [e for e in self.elements if e.parent in starts]

    def attribute(self, element: Element, qualified: str) -> tuple[int, int]:
        """Where an attribute stands, with the white space before it."""
        tag = self.data[element.start : element.tag_end]
        for match in _ATTRIBUTE.finditer(tag):
            if match[1].decode("utf-8") == qualified:
                return element.start + match.start(), element.start + match.end()
        raise DocumentError("damaged", f"the attribute {qualified} is not found where the parser saw it")


def places(data: bytes, what: str) -> Places:
    """Where the elements of an XML document stand; raises DocumentError `damaged` or `bomb`, naming `what`.

    A document in UTF-16 is taken over into UTF-8, its declaration with it.
    """
    found = Places(_as_utf8(data, what))
    opened: list[Element] = []
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise DocumentError("bomb", f"{what} declares entities, which are not accepted")

    def start(name: str, attributes: dict[str, str]) -> None:
        found.elements.append(_element(found.data, opened, parser.CurrentByteIndex, name, attributes))
        opened.append(found.elements[-1])

    def end(_: str) -> None:
        element = opened.pop()
        if found.data[element.tag_end - 2 : element.tag_end] == b"/>":
            element.close = element.end = element.tag_end
        else:
            element.close = parser.CurrentByteIndex
            element.end = found.data.index(b">", element.close) + 1

    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(found.data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DocumentError("damaged", f"{what} is not well-formed ({error})") from None
    return found


def cut(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """`data` with each span replaced; spans do not overlap, except that one that lies within another is dropped."""
    pieces, at = [], 0
    for start, end, text in sorted(changes, key=lambda change: (change[0], -change[1])):
        if start < at:
            continue
        pieces += [data[at:start], text]
        at = end
    return b"".join([*pieces, data[at:]])


def escaped(text: str) -> str:
    """Text for XML, in an element or in a value between double quotes; what XML cannot hold is left out."""
    kept = _NO_XML.sub("", text)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _element(
    data: bytes, opened: list[Element], at: int, qualified: str, attributes: dict[str, str]
) -> Element:
    """The element whose start tag stands at `at`, within those that are open."""
    if len(opened) >= _MAX_DEPTH:
        raise DocumentError("bomb", f"more than {_MAX_DEPTH} elements are nested")
    prefixes = opened[-1].prefixes if opened else {}
    declared = {
        k.partition(":")[2]: v for k, v in attributes.items() if k == "xmlns" or k.startswith("xmlns:")
    }
    if declared:
        prefixes = {**prefixes, **declared}
    prefix, _, name = qualified.rpartition(":")
    return Element(
        name,
        qualified,
        prefixes.get(prefix, ""),
        attributes,
        prefixes,
        at,
        _tag_end(data, at),
        opened[-1].start if opened else -1,
    )


_TAG: Final = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")


def _tag_end(data: bytes, at: int) -> int:
    """The place after a start tag; `>` may stand in a value."""
    match = _TAG.match(data, at)
    if match is None:
        raise DocumentError("damaged", "a start tag is not found where the parser saw it")
    return match.end()


def _as_utf8(data: bytes, what: str) -> bytes:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode("utf-16")
        except UnicodeError:
            raise DocumentError("damaged", f"{what} is not what its byte order mark says") from None
        text = re.sub(r"""^(<\?xml[^>]*?encoding\s*=\s*)(["'])[^"']*\2""", r"\1\2UTF-8\2", text, count=1)
        return text.encode("utf-8")
    try:
        data.decode("utf-8")
    except UnicodeError:
        raise DocumentError("damaged", f"{what} is neither UTF-8 nor UTF-16") from None
    return data
