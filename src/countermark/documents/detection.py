"""What a file is: by its first bytes, then by its name."""

from __future__ import annotations

import re
from typing import Final

from countermark.documents.archive import Archive
from countermark.documents.markup import looks_like_html
from countermark.errors import DocumentError

_SUFFIXES: Final = {
    **dict.fromkeys(("txt", "text", "asc"), "text"),
    **dict.fromkeys(("md", "markdown", "mkd", "mdown"), "markdown"),
    **dict.fromkeys(("html", "htm", "xhtml", "xht"), "html"),
    **dict.fromkeys(("xml", "tei", "fb2"), "xml"),
    **{name: name for name in ("epub", "pdf", "docx", "odt")},
    **dict.fromkeys(("docm", "dotx"), "docx"),
    "ott": "odt",
    "lrc": "lyrics",
}
_MEDIA_TYPES: Final = {
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/epub+zip": "epub",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
}
_ACCEPTED: Final = "accepted are TXT, Markdown, HTML, XML, EPUB, PDF, DOCX, ODT"
# Formats that are told by name in the message, so that the user knows what to do.
_FOREIGN: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.doc, .xls, .ppt), or an encrypted new one"),
    (b"{\\rtf", "an RTF file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed"),
    (b"BZh", "bzip2-compressed"),
    (b"\xfd7zXZ\0", "xz-compressed"),
    (b"PAR1", "a Parquet table"),
    (b"%!PS", "a PostScript file"),
    (b"AT&TFORM", "a DjVu file"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
)


def named_format(name: str, media_type: str | None = None) -> str | None:
    """The format that a media type or a file name says, or None where it says none of ours."""
    if media_type is not None:
        stated = _MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower())
        if stated is not None:
            return stated
    _, dot, suffix = name.rpartition(".")
    return _SUFFIXES.get(suffix.lower()) if dot else None


def detect(data: bytes, named: str | None) -> str:
    """The format of `data`, `named` being what it says it is; raises DocumentError `unsupported` or `damaged`."""
    for magic, what in _FOREIGN:
        if data.startswith(magic):
            raise DocumentError("unsupported", f"is {what}; {_ACCEPTED}")
    if data[60:68] == b"BOOKMOBI":
        raise DocumentError("unsupported", f"is a Mobipocket or Kindle book; {_ACCEPTED}")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _detect_zip(data)
    if re.search(rb"%PDF-\d", data[:1024]) and (named in {None, "pdf"} or data.lstrip()[:5] == b"%PDF-"):
        return "pdf"
    return _detect_text(_as_ascii(data[:4096]), named)


def _detect_text(head: bytes, named: str | None) -> str:
    if looks_like_html(head):
        return "html"
    if head.lstrip().startswith(b"<?xml"):
        return "html" if re.search(rb"(?i)<html[\s>]", head) else "xml"
    return named if named in {"text", "markdown", "html", "xml", "lyrics"} else "text"


def _detect_zip(data: bytes) -> str:
    archive = Archive(data)
    mimetype = archive.read("mimetype")[:200].strip() if "mimetype" in archive else b""
    if "META-INF/container.xml" in archive and (
        mimetype == b"application/epub+zip" or "content.xml" not in archive
    ):
        return "epub"
    if "word/document.xml" in archive:
        return "docx"
    if mimetype.startswith(b"application/vnd.oasis.opendocument.text"):
        return "odt"
    raise DocumentError("unsupported", f"is a zip archive, but neither EPUB nor DOCX nor ODT; {_ACCEPTED}")


def _as_ascii(head: bytes) -> bytes:
    """`head` without the NULs and the mark of UTF-16, so that markup can be told in any encoding."""
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
