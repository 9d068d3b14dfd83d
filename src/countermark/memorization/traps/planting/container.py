"""Writing a zip container (EPUB, DOCX) again with some of its parts changed; nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from countermark.documents.archive import DAMAGED, Archive
from countermark.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNED: Final = ("META-INF/signatures.xml", "_xmlsignatures/")


def check_container(data: bytes) -> Archive:
    """The container, once it is known that it can be written again.

    Raises DocumentError `unplantable` for names that leave the container or stand in it twice, and for signed ones; and
    what Archive raises.
    """
    archive = Archive(data)
    seen: set[str] = set()
    for entry in _entries(data):
        name = entry.filename
        if (
            name.startswith(("/", "\\"))
            or ".." in name.replace("\\", "/").split("/")
            or "\0" in name
            or ":" in name
        ):
            raise DocumentError("unplantable", f"holds a part whose name leaves the container: {name!r}")
        if name in seen:
            raise DocumentError("unplantable", f"holds the part {name!r} twice")
        if name.startswith(_SIGNED):
            raise DocumentError(
                "unplantable", "is signed, and a changed copy would not verify; plant it first"
            )
        seen.add(name)
    return archive


def rewritten(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The container with `parts` in place of those of the same names; order, dates and compression as they were."""
    archive = Archive(data)
    buffer = io.BytesIO()
    try:
        with zipfile.ZipFile(buffer, "w") as out:
            for entry in _entries(data):
                content = b"" if entry.is_dir() else parts.get(entry.filename) or archive.read(entry.filename)
                kept = zipfile.ZipInfo(entry.filename, entry.date_time)
                kept.external_attr, kept.create_system = entry.external_attr, entry.create_system
                stored = entry.compress_type == zipfile.ZIP_STORED
                kept.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                out.writestr(kept, content)
    except DAMAGED as error:
        raise DocumentError("damaged", f"the zip container cannot be written again ({error})") from None
    return buffer.getvalue()


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return container.infolist()
