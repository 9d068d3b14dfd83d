"""Lyrics with time stamps (`.lrc`): the words alone, and who the file says made them.

The form has no standard; what is read is what players agree on: `[mm:ss.xx]` before a line (several where it is sung
several times), `<mm:ss.xx>` before a word, and one tag a line, as `[ti:title]`.
"""

from __future__ import annotations

import re
from typing import Final

from countermark.documents.charset import decode_text
from countermark.documents.document import Document

_TIME: Final = r"\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?"
_AT_LINE: Final = re.compile(rf"^[ \t]*(?:\[{_TIME}\][ \t]*)+", re.MULTILINE)
_AT_WORD: Final = re.compile(rf"<{_TIME}>[ \t]?")
_TAG: Final = re.compile(
    r"^[ \t]*\[(ti|ar|al|au|lr|by|re|ve|tool|offset|length|la|lang|id|#):[ \t]*([^\]\n]{0,2000})\][ \t]*(?:\n|\Z)",
    re.MULTILINE | re.IGNORECASE,
)


def read_lyrics(data: bytes, declared: str | None = None) -> Document:
    """Lyrics without their time stamps; title and author (the artist, else who wrote the words) from the tags."""
    decoded = decode_text(data, declared)
    text = decoded.text.replace("\r\n", "\n")
    tags: dict[str, str] = {}
    for tag in _TAG.finditer(text):
        tags.setdefault(tag[1].lower(), tag[2].strip())
    return Document(
        words_of(text),
        title=tags.get("ti", ""),
        author=tags.get("ar") or tags.get("au") or tags.get("lr", ""),
        language=tags.get("la") or tags.get("lang", ""),
        format="lyrics",
        encoding=decoded.encoding,
        warnings=decoded.warnings,
    )


def words_of(text: str) -> str:
    """The words of lyrics: without time stamps and without the lines of tags. Lines end in LF."""
    return _AT_WORD.sub("", _AT_LINE.sub("", _TAG.sub("", text.replace("\r\n", "\n"))))
