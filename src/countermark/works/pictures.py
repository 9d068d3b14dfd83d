"""Works that are pictures: their bytes, and what they say of themselves.

Nothing is decoded here. What a picture says of itself is its XMP packet, which stands as it is in files of every
format that is read (ISO 16684-1 and -3); title, creator and licence are taken of it, never a date: that of a scan or
of an edition is no date of the work.
"""

from __future__ import annotations

import stat
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.audio.recognition import recognised
from countermark.documents.detection import named_format
from countermark.documents.xmp import parse_xmp
from countermark.errors import DocumentError, PictureError
from countermark.images.limits import MOST_BYTES, check_bytes
from countermark.images.sniffing import looks_like_picture, sniff

if TYPE_CHECKING:
    from pathlib import Path

A_TEXT: Final = "a text; build a second index with --medium text"
UNREAD: Final = "a picture of a format that is not read ({}): export it as JPEG, PNG or TIFF"
A_PICTURE: Final = "a picture; build a second index with --medium image"
A_RECORDING: Final = "a recording; build a second index with --medium audio"

_HEAD: Final = 4096
_NAMED: Final = frozenset(
    (
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".apng",
        ".webp",
        ".avif",
        ".gif",
        ".tif",
        ".tiff",
        ".bmp",
        ".dib",
    )
)
# Raw files of cameras (most begin as TIFF does, but what can be read of them is a preview), HEIC, files of editors.
_UNREAD: Final = frozenset(
    {
        ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf", ".sr2", ".dng", ".raf",
        ".orf", ".rw2", ".rwl", ".pef", ".srw", ".3fr", ".iiq", ".x3f", ".heic", ".heif",
        ".hif", ".jxl", ".jp2", ".j2k", ".jpf", ".psd", ".psb", ".xcf", ".exr", ".tga",
    }
)  # fmt: skip
SUFFIXES: Final = _NAMED | _UNREAD
"""Names under which a picture is expected, for a guess at what is meant."""
_MAY_BE: Final = frozenset(
    ("jpeg", "png", "webp", "avif", "gif", "bmp")
)  # named wrongly, and read all the same
_DRAWN: Final = (b"<svg", b"<?xml", b"%!PS", b"gimp xcf")
_HEIC: Final = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"))
_OPENING: Final = b"<x:xmpmeta"
_CLOSING: Final = b"</x:xmpmeta>"
_MOST_XMP: Final = 1 << 20  # bytes of a packet that is looked at
_MOST_SAID: Final = 500  # characters of a title, a name, a licence
_LICENCES: Final = ("cc:license", "xmpRights:UsageTerms", "xmpRights:WebStatement", "dc:rights")


class Said(NamedTuple):
    """What a file says of its work itself; empty where it says nothing."""

    title: str = ""
    author: str = ""
    licence: str = ""


def read_picture(path: Path) -> bytes:
    """The bytes of a picture; raises PictureError without the name: the reasons of `sniff`, and those of a file.

    The reason is `medium` for a text or a recording, `missing` and `unreadable` for a file that cannot be opened.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise PictureError("unreadable", "is no regular file")
        with path.open("rb", buffering=0) as file:
            head = file.read(_HEAD)
            _require_picture(head, path.name)
            if status.st_size > MOST_BYTES:
                said = f"has {status.st_size:,} bytes; pictures of up to {MOST_BYTES:,} bytes are accepted"
                raise PictureError("too-large", said)
            data = head + file.read(MOST_BYTES + 1 - len(head))
    except (FileNotFoundError, NotADirectoryError):
        raise PictureError("missing", "does not exist") from None
    except (OSError, ValueError) as error:
        raise PictureError(
            "unreadable", f"cannot be read ({getattr(error, 'strerror', None) or error})"
        ) from None
    check_bytes(data)
    return data


def said_within(data: bytes) -> Said:
    """What the first XMP packet of a picture says; nothing where there is none, or where it cannot be read."""
    begin = data.find(_OPENING)
    end = data.find(_CLOSING, begin, begin + _MOST_XMP) if begin >= 0 else -1
    if end < 0:
        return Said()
    try:
        values = parse_xmp(data[begin : end + len(_CLOSING)])
    except DocumentError:
        return Said()
    licence = next((values[key][0] for key in _LICENCES if values.get(key)), "")
    return Said(
        _one_line(values.get("dc:title", [])[:1]),
        _one_line(values.get("dc:creator", [])[:20]),
        _one_line([licence]),
    )


def unread_format(head: bytes, name: str) -> str:
    """What a picture is that is not read (CR2, HEIC, …), by its name and its first bytes; empty where it is none."""
    suffix = PurePath(name).suffix.lower()
    if suffix in _UNREAD and looks_like_picture(head) not in _MAY_BE:
        return suffix[1:].upper()
    return "HEIC" if head[4:8] == b"ftyp" and head[8:12] in _HEIC else ""


def drawn(head: bytes) -> bool:
    """Whether a file is a drawing that is written as a text (SVG, PostScript)."""
    return head.lstrip().startswith(_DRAWN)


def _require_picture(head: bytes, name: str) -> None:
    """Raise PictureError where a file is no picture: `medium` for what another index is for."""
    if not head:
        raise PictureError("empty", "holds no bytes")
    if unread := unread_format(head, name):
        raise PictureError("not-a-picture", UNREAD.format(unread))
    try:
        sniff(head)
    except PictureError as error:
        if recognised(head, name):
            raise PictureError("medium", A_RECORDING) from None
        if named_format(name) is not None or not (b"\0" in head or drawn(head)):
            raise PictureError("medium", A_TEXT) from None
        raise PictureError("not-a-picture", str(error)) from None


def _one_line(values: list[str]) -> str:
    return "; ".join(" ".join(value.split()) for value in values if value.strip())[:_MOST_SAID]
