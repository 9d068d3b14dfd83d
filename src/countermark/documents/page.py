"""HTML and XML files: their visible text, and the metadata that stands in the head."""

from __future__ import annotations

import re
from typing import Final

from countermark.documents.charset import decode_text
from countermark.documents.document import Document, stated_date
from countermark.documents.markup import (
    Dialect,
    declared_charset,
    dialect_of,
    unescape_references,
    visible_text,
)

_HEAD: Final = 1 << 17  # characters searched for metadata
_TITLE: Final = re.compile(r"<title(?:\s[^>]{0,1000})?>([^<]{1,2000})</title", re.IGNORECASE)
_LANGUAGE: Final = re.compile(
    r"<(?:html|tei)\s[^>]{0,1000}?\blang\s{0,9}=\s{0,9}[\"']?([\w-]{1,35})", re.IGNORECASE
)
_META: Final = re.compile(r"<meta\s([^>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"([\w:.-]{1,60})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_AUTHOR: Final = re.compile(r"<author(?:\s[^>]{0,1000})?>(.{1,2000}?)</author", re.IGNORECASE | re.DOTALL)
_AUTHOR_NAMES: Final = (
    "author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "article:author",
    "parsely-author",
)
_DATE_NAMES: Final = (
    *(
        "article:published_time",
        "citation_publication_date",
        "dc.date.issued",
        "dcterms.issued",
        "datepublished",
    ),
    *("date", "dc.date", "pubdate", "parsely-pub-date"),
)


def read_page(data: bytes, declared: str | None = None) -> Document:
    """An HTML, XHTML or XML file; raises DocumentError `binary`."""
    decoded = decode_text(data, declared or declared_charset(data))
    dialect = dialect_of(data)
    head = decoded.text[:_HEAD]
    metas = _metas(head)
    title = _TITLE.search(head)
    author = _first(metas, _AUTHOR_NAMES)
    if dialect is Dialect.XML and not author:
        stated = _AUTHOR.search(head)
        author = visible_text(stated[1], dialect) if stated else ""
    language = _LANGUAGE.search(head)
    return Document(
        visible_text(decoded.text, dialect),
        title=unescape_references(title[1]) if title else _first(metas, ("og:title", "dc.title")),
        author="" if author.startswith(("http:", "https:")) else author,
        language=language[1] if language else "",
        published=stated_date(_first(metas, _DATE_NAMES).replace("/", "-")),
        format="xml" if dialect is Dialect.XML else "html",
        encoding=decoded.encoding,
        warnings=decoded.warnings,
    )


def _metas(head: str) -> dict[str, str]:
    """The first content of each named `<meta>`, by its name in lower case."""
    found: dict[str, str] = {}
    for tag in _META.finditer(head):
        attributes = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(tag[1])}
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        if name and "content" in attributes:
            found.setdefault(name.lower(), unescape_references(attributes["content"]))
    return found


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str:
    return next((metas[name] for name in names if metas.get(name)), "")
