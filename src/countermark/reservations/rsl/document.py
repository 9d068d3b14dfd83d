"""RSL XML as a small tree that knows where everything stood.

The parser is expat through defusedxml: no document type, no entities, nothing fetched; size, depth and number of
elements are bounded. Names are split into namespace and local name, so a prefix (`rsl:content`) makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from defusedxml import DefusedXmlException, ElementTree

from countermark.reservations.rsl.vocabulary import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_SIZE: Final = 4 << 20
MAX_FEED: Final = 32 << 20
"""Bytes that are read of a document and of a feed; real terms have a few thousand."""
MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 20_000
MAX_FEED_ELEMENTS: Final = 300_000


class BrokenRslError(Exception):
    """Nothing can be read: `code` names the sentence, `facts` fill it, `line` is where it broke (0: not known)."""

    def __init__(self, code: str, line: int = 0, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.facts = {name: str(value) for name, value in facts.items()}


@dataclass(slots=True)
class Element:
    """One element: `start` and `end` are offsets in the bytes, `line` counts from 1."""

    namespace: str
    name: str
    attributes: dict[str, str]
    line: int
    start: int
    depth: int = 0
    end: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)

    @property
    def is_rsl(self) -> bool:
        """Whether it stands in the namespace of RSL."""
        return self.namespace == NAMESPACE

    def all(self, name: str) -> list[Element]:
        """The children of that name in the namespace of RSL."""
        return [child for child in self.children if child.is_rsl and child.name == name]

    def walk(self) -> Iterator[Element]:
        """The element and all within it, in the order of the document."""
        left = [self]
        while left:
            element = left.pop()
            yield element
            left.extend(reversed(element.children))


def parse(data: bytes, *, limit: int = MAX_SIZE, elements: int = MAX_ELEMENTS) -> Element:
    """The root element; raises BrokenRslError. `limit` is in bytes."""
    if len(data) > limit:
        raise BrokenRslError("too-large", size=len(data), limit=limit)
    builder = _Builder(elements)
    parser: Any = ElementTree.XMLParser(target=builder, forbid_dtd=True)
    builder.expat = parser.parser
    try:
        parser.feed(data)
        root = parser.close()
    except DefusedXmlException:
        raise BrokenRslError("doctype", builder.expat.CurrentLineNumber) from None
    except ElementTree.ParseError as error:
        reason, _, _ = str(error).partition(":")
        raise BrokenRslError("not-xml", error.position[0], reason=reason) from None
    except (ValueError, LookupError) as error:
        raise BrokenRslError("not-xml", builder.expat.CurrentLineNumber, reason=str(error)[:100]) from None
    if not isinstance(root, Element):
        raise BrokenRslError("not-xml", 1, reason="no element found")
    _close_spans(root, data)
    return root


class _Builder:
    """The bridge from ElementTree's parser to Element."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.expat: Any = None
        self._root: Element | None = None
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > self._limit:
            raise BrokenRslError("too-many-elements", self.expat.CurrentLineNumber, limit=self._limit)
        if len(self._open) >= MAX_DEPTH:
            raise BrokenRslError("too-deep", self.expat.CurrentLineNumber, limit=MAX_DEPTH)
        namespace, name = _split(tag)
        line, offset = self.expat.CurrentLineNumber, self.expat.CurrentByteIndex
        element = Element(namespace, name, dict(attributes), line, offset, len(self._open))
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._texts.append([])

    def end(self, tag: str) -> None:  # noqa: ARG002  the parser has checked that it is the open one
        element = self._open.pop()
        element.end = self.expat.CurrentByteIndex
        element.text = "".join(self._texts.pop())

    def data(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def close(self) -> Element | None:
        return self._root


def _split(tag: str) -> tuple[str, str]:
    if not tag.startswith("{"):
        return "", tag
    namespace, _, name = tag[1:].rpartition("}")
    return namespace, name


def _close_spans(root: Element, data: bytes) -> None:
    """Move each end behind the `>` of the end tag: expat tells where that tag begins."""
    for element in root.walk():
        if data.startswith(b"</", element.end):
            element.end = data.find(b">", element.end) + 1 or len(data)
