"""XML as a stream of events: no tree, no entities, nothing fetched.

The parser is expat through defusedxml: a document that declares entities (the billion laughs, files of the machine)
is refused whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from defusedxml import DefusedXmlException, ElementTree

from countermark.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHUNK: Final = 1 << 16
MAX_DEPTH: Final = 10_000


class Handler(Protocol):
    """What takes the events; names are local names, without their namespace."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins; the names of its attributes are local too."""
        ...

    def end(self, name: str) -> None:
        """An element ends."""
        ...

    def data(self, text: str) -> None:
        """Some text; one passage may arrive in pieces."""
        ...


class _Target:
    """The bridge from ElementTree's parser to a Handler."""

    def __init__(self, handler: Handler, part: str) -> None:
        self._handler = handler
        self._part = part
        self._depth = 0
        self.data = handler.data

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise DocumentError("bomb", f"{self._part}: more than {MAX_DEPTH:,} elements are nested")
        self._handler.start(_local(tag), {_local(key): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._handler.end(_local(tag))

    def close(self) -> None:
        """Nothing is kept here."""


def walk(data: bytes, handler: Handler, part: str) -> None:
    """Send the events of `data` to `handler`; raises DocumentError `damaged` or `bomb`, naming `part`."""
    target: Any = _Target(handler, part)
    parser = ElementTree.XMLParser(target=target, forbid_entities=True)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
        parser.close()
    except DefusedXmlException:
        raise DocumentError("bomb", f"{part}: the XML declares entities, which are not accepted") from None
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise DocumentError("damaged", f"{part}: the XML is not well-formed ({error})") from None


def _local(name: str) -> str:
    return name.rpartition("}")[2]
