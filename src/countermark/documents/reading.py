"""Reading a document: detection, the reader of its format, and the promises that hold for all of them."""

from __future__ import annotations

import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from countermark.documents.detection import detect, named_format
from countermark.documents.epub import read_epub
from countermark.documents.lyrics import read_lyrics
from countermark.documents.opendocument import read_odt
from countermark.documents.page import read_page
from countermark.documents.pdf import read_pdf
from countermark.documents.plain import read_markdown, read_text
from countermark.documents.word import read_docx
from countermark.errors import DocumentError

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.documents.document import Document

MAX_BYTES: Final = 256 << 20
_MARKUP: Final = frozenset({"html", "xml"})
_WHOLE: Final = {"epub": read_epub, "pdf": read_pdf, "docx": read_docx, "odt": read_odt}
_TEXTUAL: Final = {"markdown": read_markdown, "lyrics": read_lyrics}


def read_bytes(path: Path) -> bytes:
    """The bytes of one regular file; raises DocumentError `missing`, `unreadable` or `too-large`, without the name."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError("unreadable", "is no regular file")
        if status.st_size > MAX_BYTES:
            said = f"has {status.st_size:,} bytes; documents of up to {MAX_BYTES:,} bytes are accepted"
            raise DocumentError("too-large", said)
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise DocumentError("missing", "does not exist") from None
    except (OSError, ValueError) as error:
        raise DocumentError(
            "unreadable", f"cannot be read ({getattr(error, 'strerror', None) or error})"
        ) from None


def read_document(path: Path) -> Document:
    """The document in the file `path`; raises DocumentError with a message that begins with the path."""
    try:
        return extract(read_bytes(path), name=path.name)
    except DocumentError as error:
        raise DocumentError(error.reason, f"{path}: {error}") from None


def extract(data: bytes, *, name: str, media_type: str | None = None) -> Document:
    """The document in `data`; `name` and `media_type` say what it ought to be, and what it is wins.

    Raises DocumentError; its reason is one of empty, binary, unsupported, damaged, missing-part, encrypted,
    no-text, bomb, too-large, and its message does not repeat the name.
    """
    if not data:
        raise DocumentError("empty", "is empty")
    if len(data) > MAX_BYTES:
        raise DocumentError("too-large", f"has {len(data):,} bytes; up to {MAX_BYTES:,} bytes are accepted")
    named = named_format(name, media_type)
    found = detect(data, named)
    document = _read(data, found, _charset_of(media_type)).clean()
    if not document.text or document.text.isspace():
        kind = "empty" if document.format in {"text", "markdown", "lyrics"} else "no-text"
        raise DocumentError(kind, "holds no text")
    if named is not None and named != found and not {named, found} <= _MARKUP:
        told = f"is named as {named}, but is {found}; read as {found}"
        document = replace(document, warnings=(told, *document.warnings))
    return document


def _read(data: bytes, found: str, declared: str | None) -> Document:
    if found in _MARKUP:
        return read_page(data, declared)
    if (read_whole := _WHOLE.get(found)) is not None:
        return read_whole(data)
    return _TEXTUAL.get(found, read_text)(data, declared)


def _charset_of(media_type: str | None) -> str | None:
    """The charset parameter of a media type, or None."""
    for parameter in (media_type or "").split(";")[1:]:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None
