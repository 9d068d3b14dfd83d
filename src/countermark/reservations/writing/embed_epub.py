"""TDMRep into a copy of an EPUB: metas in the package document; every other member keeps its compressed bytes.

Source: TDMRep, section 4.5 (EPUB 2: `<meta name= content=>`; EPUB 3: `<meta property=>` and the prefix
`tdm: http://www.w3.org/ns/tdmrep#`). The container (OCF 3.3, section 4.3):
`mimetype` comes first, stored, without an extra field.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from countermark.documents.archive import DAMAGED, Archive
from countermark.errors import DocumentError
from countermark.reservations.containers.epub import TDMREP, declared_prefixes, package_name
from countermark.reservations.writing.embed_xml import Element, Places, cut, escaped, places
from countermark.reservations.writing.embed_zip import Member, stored_members, written_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MIMETYPE: Final = "mimetype"
_EPUB: Final = b"application/epub+zip"
_PROTECTED: Final = (
    ("META-INF/rights.xml", "encrypted", "the EPUB is under DRM"),
    ("META-INF/signatures.xml", "signed", "the EPUB is signed; its signature would no longer hold"),
)
_OBFUSCATION: Final = (b"http://www.idpf.org/2008/embedding", b"http://ns.adobe.com/pdf/enc#RC")


def epub_with_metas(data: bytes, metas: Sequence[tuple[str, str]]) -> bytes:
    """The EPUB with these metas (`tdm:reservation`, `1`) in place of those of the same names.

    Raises DocumentError where the EPUB is damaged, signed, or protected by DRM.
    """
    archive = Archive(data)
    _check(archive)
    name = package_name(archive)
    package = archive.read(name)
    members = stored_members(data)
    mimetype = next((m for m in members if m.name == _MIMETYPE), None)
    changed = with_metas(package, metas, name)
    kept = [m.replaced(changed) if m.name == name else m for m in members if m.name != _MIMETYPE]
    first = Member.stored(_MIMETYPE, _EPUB, mimetype.date_time if mimetype else (1980, 1, 1, 0, 0, 0))
    return written_zip([first, *kept])


def with_metas(package: bytes, metas: Sequence[tuple[str, str]], name: str) -> bytes:
    """A package document with these metas."""
    found = places(package, name)
    root = next(iter(found.elements))
    metadata = next((e for e in found.children(root) if e.name == "metadata"), None)
    if root.name != "package" or metadata is None or metadata.close == metadata.end:
        raise DocumentError("damaged", f"{name} is not a package document with metadata")
    modern = not root.attributes.get("version", "").startswith(("1", "2"))
    changes = list(_removed(found, metadata, {key for key, _ in metas}, root))
    home = next((e for e in found.children(metadata) if e.name == "meta"), None)
    prefix = (home or root).qualified.rpartition(":")[0]
    tag = f"{prefix}:meta" if prefix else "meta"
    lines = [
        f'<{tag} property="{key}">{escaped(value)}</{tag}>'
        if modern
        else f'<{tag} name="{key}" content="{escaped(value)}"/>'
        for key, value in metas
    ]
    changes.append(
        (metadata.close, metadata.close, "".join(f"  {line}\n  " for line in lines).encode("utf-8"))
    )
    if modern and metas:
        changes += _with_prefix(found, root, name)
    return cut(found.data, changes)


def _removed(
    found: Places, metadata: Element, names: set[str], root: Element
) -> Iterable[tuple[int, int, bytes]]:
    prefixes = declared_prefixes(root.attributes.get("prefix", ""))
    for element in found.children(metadata):
        said = element.attributes.get("property") or element.attributes.get("name", "")
        prefix, _, rest = said.partition(":")
        if prefixes.get(prefix, "").rstrip("#/") == TDMREP:
            said = f"tdm:{rest}"
        if element.name == "meta" and said in names and not element.attributes.get("refines"):
            yield element.start, element.end, b""


def _with_prefix(found: Places, root: Element, name: str) -> list[tuple[int, int, bytes]]:
    """The declaration of the prefix `tdm`, unless it stands there."""
    declared = root.attributes.get("prefix", "")
    there = declared_prefixes(declared).get("tdm")
    if there is not None:
        if there.rstrip("#/") != TDMREP:
            raise DocumentError("damaged", f"{name} binds the prefix tdm to {there}; it belongs to {TDMREP}#")
        return []
    value = f"{declared} tdm: {TDMREP}#".strip()
    written = f' prefix="{escaped(value)}"'.encode()
    if "prefix" in root.attributes:
        return [(*found.attribute(root, "prefix"), written)]
    end = root.tag_end - (2 if found.data[root.tag_end - 2 : root.tag_end] == b"/>" else 1)
    return [(end, end, written)]


def _check(archive: Archive) -> None:
    for part, reason, message in _PROTECTED:
        if part in archive:
            raise DocumentError(reason, message)
    if "META-INF/encryption.xml" in archive:
        found = places(archive.read("META-INF/encryption.xml"), "META-INF/encryption.xml")
        methods = [e.attributes.get("Algorithm", "") for e in found.named("EncryptionMethod")]
        if not all(method.encode() in _OBFUSCATION for method in methods):  # obfuscated fonts are no DRM
            raise DocumentError("encrypted", "the EPUB is encrypted (DRM)")


def verified(data: bytes) -> None:
    """Raise DocumentError where a member's checksum is wrong; everything is inflated once, piece by piece."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            bad = opened.testzip()
    except DAMAGED as error:
        raise DocumentError("damaged", f"the EPUB is damaged ({error})") from None
    if bad is not None:
        raise DocumentError("damaged", f"the EPUB is damaged: the checksum of {bad!r} is wrong")
