"""A document: the text of one file, and what the file says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from countermark.documents.charset import without_surrogates

_ISO_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?=$|[T\s])")


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one file, with the metadata that the file carries; what it does not say is empty or None.

    Offsets count code points of `text`. Line endings are as read, except that CRLF is LF. `published` is the date
    that the file gives for its own publication: of an EPUB, that of the edition. `format` is one of text, markdown,
    html, xml, epub, pdf, docx, odt, lyrics. `encoding` is the character encoding (`utf-8` for formats that fix it).
    `warnings` are sentences on what was doubtful, for the user.
    """

    text: str
    title: str = ""
    author: str = ""
    language: str = ""
    published: date | None = None
    format: str = "text"
    encoding: str = "utf-8"
    warnings: tuple[str, ...] = ()

    def clean(self) -> Document:
        """The same without lone surrogates, CRLF, and white space around the metadata."""
        return replace(
            self,
            text=without_surrogates(self.text.replace("\r\n", "\n")),
            title=_one_line(self.title),
            author=_one_line(self.author),
            language=_one_line(self.language),
        )


def stated_date(value: str) -> date | None:
    """The date in the metadata of a file, YYYY, YYYY-MM or YYYY-MM-DD with or without a time; None if it is no such.

    Where the month or the day is not said, it is the first.
    """
    match = _ISO_DATE.match(value.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def _one_line(value: str) -> str:
    return without_surrogates(" ".join(value.replace("\0", " ").split()))[:1000]
