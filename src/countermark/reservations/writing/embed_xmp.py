"""The XMP packet with a reservation in it: made anew, or put into a packet that stands there already.

Of an existing packet only the properties of the reservation change; everything else keeps its bytes (ISO 16684-1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.documents.xmp import MAX_PACKET
from countermark.errors import DocumentError
from countermark.reservations.writing.embed_xml import Element, Places, cut, escaped, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NAMESPACES: Final = {
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "tdm": "http://www.w3.org/ns/tdmrep/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
}
_ALIASES: Final = {
    "http://www.w3.org/ns/tdmrep#": "tdm",
    **{uri: prefix for prefix, uri in NAMESPACES.items()},
}
_BEGIN: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_EMPTY: Final = f"""{_BEGIN}
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{_RDF}">
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


class Property(NamedTuple):
    """One property: `tdm:reservation`, its value, and its form: `text`, `alt` (by language) or `bag`."""

    name: str
    value: str
    form: str = "text"


def with_properties(packet: bytes, properties: Sequence[Property], gone: Iterable[str] = ()) -> bytes:
    """A packet with these properties in place of those of the same names; b"" makes a new one.

    `gone` are names that are taken out. The same packet with the same properties gives the same bytes. Raises
    DocumentError where the packet is damaged, declares entities or is too large.
    """
    if len(packet) > MAX_PACKET:
        raise DocumentError(
            "bomb", f"the XMP has {len(packet):,} bytes; up to {MAX_PACKET:,} bytes are accepted"
        )
    found = _places(packet if packet.strip(b"\0 \t\r\n") else _EMPTY.encode())
    roots = found.named("RDF", _RDF)
    if len(roots) != 1:
        raise DocumentError("damaged", f"the XMP has {len(roots)} elements rdf:RDF; one is accepted")
    root = roots[0]
    descriptions = [e for e in found.children(root) if (e.namespace, e.name) == (_RDF, "Description")]
    changes = list(_removed(found, descriptions, {*gone, *(p.name for p in properties)}))
    if properties:
        text = _description(root, descriptions, properties).encode("utf-8")
        if root.close == root.end:  # <rdf:RDF/>
            opened = found.data[root.start : root.end].rstrip(b"/> \t\r\n") + b">\n"
            changes.append((root.start, root.end, opened + text + f"</{root.qualified}>".encode()))
        else:
            changes.append((root.close, root.close, text))
    return cut(found.data, changes)


def has_property(packet: bytes, names: Iterable[str]) -> bool:
    """Whether a packet has any of these properties at its top."""
    if not packet.strip(b"\0 \t\r\n"):
        return False
    found = _places(packet)
    descriptions = found.named("Description", _RDF)
    return any(_removed(found, descriptions, set(names)))


def _places(packet: bytes) -> Places:
    if not packet.startswith((b"\xff\xfe", b"\xfe\xff")):
        packet = packet[max(packet.find(b"<"), 0) :].rstrip(b"\0")
    return places(packet, "the XMP")


def _removed(
    found: Places, descriptions: Sequence[Element], names: set[str]
) -> Iterable[tuple[int, int, bytes]]:
    """The spans of the properties of these names, as elements and as attributes."""
    for child in found.children(*descriptions):
        if f"{_ALIASES.get(child.namespace)}:{child.name}" in names:
            yield child.start, child.end, b""
    for description in descriptions:
        for qualified in description.attributes:
            namespace, local = description.key(qualified)
            if f"{_ALIASES.get(namespace)}:{local}" in names:
                yield (*found.attribute(description, qualified), b"")


def _description(root: Element, descriptions: Sequence[Element], properties: Sequence[Property]) -> str:
    """One rdf:Description with the properties, about what the others are about."""
    rdf = next((prefix for prefix, uri in sorted(root.prefixes.items()) if uri == _RDF and prefix), "rdf")
    about = next(
        (
            value
            for d in descriptions
            for name, value in d.attributes.items()
            if d.key(name) == (_RDF, "about")
        ),
        "",
    )
    used = sorted({p.name.partition(":")[0] for p in properties})
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in used)
    bound = "" if root.prefixes.get(rdf) == _RDF else f' xmlns:{rdf}="{_RDF}"'
    lines = [f'  <{rdf}:Description {rdf}:about="{escaped(about)}"{bound}{declared}>']
    for name, value, form in properties:
        if form == "alt":
            item = f'<{rdf}:li xml:lang="x-default">{escaped(value)}</{rdf}:li>'
            lines.append(f"   <{name}><{rdf}:Alt>{item}</{rdf}:Alt></{name}>")
        elif form == "bag":
            item = f"<{rdf}:li>{escaped(value)}</{rdf}:li>"
            lines.append(f"   <{name}><{rdf}:Bag>{item}</{rdf}:Bag></{name}>")
        else:
            lines.append(f"   <{name}>{escaped(value)}</{name}>")
    return "\n".join([*lines, f"  </{rdf}:Description>", " "])
