"""XMP: the metadata packets of pictures and PDF (ISO 16684-1), read into plain values.

The parser is expat through defusedxml: a packet with a document type or entities is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from countermark.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

MAX_PACKET: Final = 8 << 20  # bytes
MAX_VALUES: Final = 1000  # of one property
MAX_VALUE: Final = 10_000  # characters

_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFIXES: Final = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://creativecommons.org/ns#": "cc",
    "http://www.w3.org/ns/tdmrep/": "tdm",
    "http://www.w3.org/ns/tdmrep#": "tdm",  # what EPUB uses; met in PDF too
    **{
        f"http://prismstandard.org/namespaces/basic/{v}/": "prism"
        for v in ("1.2", "2.0", "2.1", "2.2", "3.0", "3.1")
    },
}
_ANYWHERE: Final = frozenset({"plus", "tdm"})
"""Prefixes whose properties may stand within structures (plus:Licensor holds plus:LicensorURL)."""
_NESTED: Final = frozenset({"Iptc4xmpExt:LinkedRightsExpr", "Iptc4xmpExt:EncRightsExpr"})
"""Properties of structures that hold what reservations refer to (IPTC Extension, Encoded Rights Expressions)."""

Values = dict[str, list[str]]
"""Values by `prefix:Name`; those in the default language (x-default) stand first.

Namespaces that share a prefix are told apart under `xmlns:tdm`, as the addresses that its properties stand in.
"""

_Gathered = dict[str, dict[str, None]]
"""The same in the making: each value once, found without a search through the others."""


def parse_xmp(packet: bytes) -> Values:
    """The properties of a packet; raises DocumentError `damaged` or `bomb`. Values keep the packet's order."""
    if len(packet) > MAX_PACKET:
        raise DocumentError(
            "bomb", f"the XMP has {len(packet):,} bytes; up to {MAX_PACKET:,} bytes are accepted"
        )
    begin = packet.find(b"<")
    try:
        root = fromstring(packet[max(begin, 0) :].rstrip(b"\0 \t\r\n"), forbid_dtd=True)
    except DefusedXmlException:
        raise DocumentError(
            "bomb", "the XMP declares a document type or entities, which are not accepted"
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise DocumentError("damaged", f"the XMP is not well-formed ({error})") from None
    values: _Gathered = {}
    top = {id(child) for description in root.iter(f"{_RDF}Description") for child in description}
    for element in root.iter():
        for name, value in element.attrib.items():
            _add(values, _key(name), [value])
            _add_namespace(values, name)
        key = _key(element.tag)
        if key and (id(element) in top or key.partition(":")[0] in _ANYWHERE or key in _NESTED):
            _add(values, key, list(_texts(element)))
            _add_namespace(values, element.tag)
    return {key: list(found) for key, found in values.items()}


def _key(name: object) -> str:
    """`dc:title` for a name in Clark's notation, or nothing where the namespace is none of ours."""
    if not isinstance(name, str) or not name.startswith("{"):
        return ""
    namespace, _, local = name[1:].partition("}")
    prefix = _PREFIXES.get(namespace)
    return f"{prefix}:{local}" if prefix else ""


def _add_namespace(values: _Gathered, name: str) -> None:
    """Note the namespace of a property whose prefix has two: TDMRep writes `/` for PDF and `#` elsewhere."""
    if _key(name).startswith("tdm:"):
        _add(values, "xmlns:tdm", [name[1:].partition("}")[0]])


def _texts(element: Element) -> Iterator[str]:
    """The values of one property: its text, its resource, or the items of its list."""
    container = next((c for c in element if c.tag in {f"{_RDF}Alt", f"{_RDF}Seq", f"{_RDF}Bag"}), None)
    if container is None:
        yield element.get(f"{_RDF}resource") or (element.text or "")
        return
    items = [item for item in container if item.tag == f"{_RDF}li"]
    items.sort(key=lambda item: item.get(_LANGUAGE) != "x-default")
    for item in items:
        yield item.get(f"{_RDF}resource") or (item.text or "")


def _add(values: _Gathered, key: str, texts: list[str]) -> None:
    if not key:
        return
    there = values.setdefault(key, {})
    for raw in texts:
        text = raw.strip()[:MAX_VALUE]
        if not text or text in there:
            continue
        if len(there) >= MAX_VALUES:
            if key.partition(":")[0] in _ANYWHERE:  # these reserve rights: none may be lost without a word
                raise DocumentError("bomb", f"{key} has more than {MAX_VALUES:,} values")
            return
        there[text] = None
