"""Plain text and Markdown: the text is kept as it is, markup included."""

from __future__ import annotations

import re
from typing import Final

from countermark.documents.charset import decode_text
from countermark.documents.document import Document, stated_date

_FRONT_MATTER: Final = re.compile(
    r"---[ \t]*\n((?:(?!---|\.\.\.)[^\n]{0,2000}\n){1,200})(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_MULTIMARKDOWN: Final = re.compile(r"((?:[A-Za-z][\w ]{0,40}:[^\n]{0,2000}\n){1,50})\n")
_FIELD: Final = re.compile(
    r"^(title|authors?|lang|language|date)[ \t]*:[ \t]*(.*)$", re.MULTILINE | re.IGNORECASE
)
_HEADING: Final = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def read_text(data: bytes, declared: str | None = None) -> Document:
    """Plain text; it carries no metadata."""
    decoded = decode_text(data, declared)
    return Document(decoded.text, encoding=decoded.encoding, warnings=decoded.warnings)


def read_markdown(data: bytes, declared: str | None = None) -> Document:
    """Markdown: title, author, language and date from its front matter; else the title from its first heading."""
    decoded = decode_text(data, declared)
    text = decoded.text.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text) or _MULTIMARKDOWN.match(text)
    fields = {m[1].lower(): m[2].strip().strip("\"'") for m in _FIELD.finditer(front[1])} if front else {}
    heading = _HEADING.search(text[:10_000])
    return Document(
        text,
        title=fields.get("title") or (heading[1] if heading else ""),
        author=fields.get("author") or fields.get("authors", ""),
        language=fields.get("lang") or fields.get("language", ""),
        published=stated_date(fields.get("date", "")),
        format="markdown",
        encoding=decoded.encoding,
        warnings=decoded.warnings,
    )
