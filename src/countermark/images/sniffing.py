"""What a picture's bytes are, by the first of them and never by the name."""

from __future__ import annotations

from typing import Final

from countermark.errors import PictureError

ACCEPTED: Final = "accepted are JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP"
_MAGIC: Final = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
)
# Told by name in the message, so that the user knows what to do.
_FOREIGN: Final = (
    (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"8BPS", "a Photoshop file"),
    (b"\0\0\x01\0", "an icon"),
    (b"%PDF-", "a PDF file"),
    (b"%!PS", "a PostScript file"),
    (b"\xc5\xd0\xd3\xc6", "an EPS file"),
    (b"DDS ", "a DDS texture"),
    (b"v/1\x01", "an OpenEXR picture"),
    (b"gimp xcf", "a GIMP file"),
    (b"PK\x03\x04", "a zip archive"),
)
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_BMP_HEADERS: Final = frozenset({12, 16, 40, 52, 56, 64, 108, 124})


def looks_like_picture(head: bytes) -> str:
    """The format of a file by its first bytes: jpeg, png, webp, avif, gif, tiff, bmp, or empty if none of these.

    64 bytes are enough, but for AVIF files of which the brand stands late in a list.
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "avif" if _brands(head) & _AVIF_BRANDS else ""
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    return ""


def sniff(data: bytes) -> str:
    """The same; raises PictureError `format` with what the file is, where that is known."""
    found = looks_like_picture(data[:4096])
    if found:
        return found
    raise PictureError("format", f"is {_named(data[:4096])}; {ACCEPTED}")


def _brands(head: bytes) -> set[bytes]:
    """The brands in the first box of an ISO base media file."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}


def _named(head: bytes) -> str:
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            return what
    if head[4:8] == b"ftyp":
        return "a HEIC picture" if _brands(head) & _HEIC_BRANDS else "a video"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:2048].lower()
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!doctype svg")) and b"<svg" in start):
        return "an SVG drawing"
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")):
        return "a page of text"
    return "of no known picture format"
