"""EPUB 2 and 3: the package document, and the metas in it (EPUB 3.3, section 5.5; OPF 2.0.1, section 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from countermark.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from countermark.documents.archive import Archive

CONTAINER: Final = "META-INF/container.xml"
TDMREP: Final = "http://www.w3.org/ns/tdmrep"
_MAX_METAS: Final = 10_000


def package_name(archive: Archive) -> str:
    """The name of the first package document; raises DocumentError."""
    rootfile = next((e for e in _root(archive, CONTAINER).iter() if local(e) == "rootfile"), None)
    if rootfile is None:
        raise DocumentError("missing-part", f"{CONTAINER} names no package document")
    return rootfile.get("full-path", "")


def package_root(archive: Archive) -> Element:
    """The first package document; raises DocumentError `missing-part`, `damaged`, `encrypted` or `bomb`."""
    return _root(archive, package_name(archive))


def package_metas(archive: Archive) -> tuple[tuple[tuple[str, str], ...], str]:
    """Name or property of each `<meta>` that refines nothing, with its value; and what the package's `prefix` says.

    Raises DocumentError.
    """
    root = package_root(archive)
    metas: list[tuple[str, str]] = []
    metadata = next((e for e in root.iter() if local(e) == "metadata"), None)
    for element in metadata.iter() if metadata is not None else ():
        if local(element) != "meta" or element.get("refines"):
            continue
        name = element.get("property") or element.get("name") or ""
        if len(metas) == _MAX_METAS:
            raise DocumentError("bomb", f"the package document has more than {_MAX_METAS:,} metas")
        metas.append((name, " ".join((element.text or "").split()) or element.get("content", "").strip()))
    return tuple(metas), root.get("prefix", "")


def declared_prefixes(value: str) -> dict[str, str]:
    """What the attribute `prefix` declares: `tdm: http://… other: http://…`."""
    words = value.split()
    return {words[i][:-1]: words[i + 1] for i in range(0, len(words) - 1, 2) if words[i].endswith(":")}


def local(element: Element) -> str:
    """The name of an element without its namespace; "" for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _root(archive: Archive, part: str) -> Element:
    try:
        return fromstring(archive.read(part), forbid_dtd=False)
    except DefusedXmlException:
        raise DocumentError("bomb", f"{part}: the XML declares entities, which are not accepted") from None
    except (ParseError, ValueError, LookupError) as error:
        raise DocumentError("damaged", f"{part}: the XML is not well-formed ({error})") from None
