"""What a file is, as far as reservations are concerned: by its first bytes, then by its name."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from countermark.reservations.containers import gif, jpeg, png
from countermark.reservations.containers.tiff import is_tiff
from countermark.reservations.containers.xml import local_name, root_tag

SUFFIXES: Final = {
    **dict.fromkeys(("jpg", "jpeg", "jpe"), "jpeg"),
    **dict.fromkeys(("tif", "tiff", "dng", "nef", "arw", "cr2"), "tiff"),
    **dict.fromkeys(("heic", "heif", "avif"), "heif"),
    **dict.fromkeys(("mp4", "m4v", "m4a", "mov"), "bmff"),
    **{
        name: name
        for name in ("png", "webp", "gif", "pdf", "epub", "xmp", "svg", "psd", "jxl", "mp3", "wav", "c2pa")
    },
}
"""Kinds that a name promises; where the bytes are of none, that is told."""

_HEIF: Final = frozenset(
    {b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"mif1", b"msf1", b"avif", b"avis"}
)
_FIRST: Final = (
    (jpeg.MAGIC, "jpeg"),
    (png.MAGIC, "png"),
    *((magic, "gif") for magic in gif.MAGIC),
    (b"8BPS", "psd"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
    (b"\xff\x0a", "jxl"),
    (b"%!PS", "postscript"),
    (b"fLaC", "flac"),
)
_RIFF: Final = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_ROOTS: Final = {
    "xmpmeta": "xmp",
    "xapmeta": "xmp",
    "RDF": "xmp",
    "svg": "svg",
    "rsl": "rsl",
    "rss": "feed",
    "feed": "feed",
}
_ONIX: Final = frozenset({"onixmessage", "product"})


def kind_of(data: bytes, name: str = "") -> str:
    """The kind of a file: a value of SUFFIXES, `onix`, `rsl`, `feed`, `zip`, …; "" for none that is known."""
    return next((kind for magic, kind in _FIRST if data.startswith(magic)), "") or _by_structure(data, name)


def _by_structure(data: bytes, name: str) -> str:
    if data[:4] == b"RIFF":
        kind = _RIFF.get(data[8:12], "")
    elif is_tiff(data):
        kind = "tiff"
    elif data[4:8] == b"ftyp":
        kind = "heif" if data[8:12] in _HEIF else "bmff"
    elif data[4:8] == b"jumb":
        kind = "c2pa"
    elif data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        kind = _zip_kind(data)
    else:
        kind = "pdf" if b"%PDF-" in data[:1024] else _xml_kind(data, name)
    return kind


def promised(name: str) -> str:
    """The kind that a name's suffix promises, "" for a suffix that is none of ours."""
    return SUFFIXES.get(suffix(name), "")


def suffix(name: str) -> str:
    """The suffix of a file's name or an address, in lower case, without its dot."""
    last = name.partition("#")[0].partition("?")[0].replace("\\", "/").rpartition("/")[2]
    return last.rpartition(".")[2].lower() if "." in last else ""


def _zip_kind(data: bytes) -> str:
    if b"application/epub+zip" in data[:512]:
        return "epub"
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ""
    return "epub" if "META-INF/container.xml" in names and "content.xml" not in names else "zip"


def _xml_kind(data: bytes, name: str) -> str:
    tag = root_tag(data)
    local = local_name(tag)
    if local.lower() in _ONIX and (local.lower() != "product" or suffix(name) == "onix" or "onix" in tag):
        return "onix"
    if "http://purl.org/rss/1.0/" in tag:
        return "feed"
    return _ROOTS.get(local, "xmp" if tag and suffix(name) == "xmp" else "")
