"""Which column is the text, which the id, the address, the date: found by name, in a fixed order.

A name is a path: `metadata.url` is the field `url` of the column `metadata`, unless a column has that very name.
Names are compared without regard to case. The first name of the list that a file has wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TEXT_COLUMNS = (
    "text", "content", "raw_content", "body", "article", "document", "story", "passage",
    "plain_text", "text_content", "page_content", "markdown", "html_text", "full_text", "article_text",
    "paragraph", "sentence", "lyrics", "poem", "chapter", "transcript", "caption", "code", "txt",
)  # fmt: skip
ID_COLUMNS = (
    "id", "doc_id", "document_id", "uuid", "_id", "record_id", "docid", "digest", "hexsha", "key", "path",
    "warc_headers.warc-record-id", "metadata.id", "meta.id",
)  # fmt: skip
URL_COLUMNS = (
    "url", "uri", "link", "source_url", "page_url", "href", "permalink", "target_uri",
    "warc_headers.warc-target-uri", "metadata.url", "meta.url", "metadata.source_url", "metadata.uri",
)  # fmt: skip
DATE_COLUMNS = (
    "date", "timestamp", "published", "date_download", "publish_date", "published_at", "publication_date",
    "date_published", "created", "created_at", "fetch_time", "crawl_date", "crawl_timestamp",
    "warc_headers.warc-date", "metadata.date", "meta.timestamp", "metadata.timestamp", "meta.date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """The paths of the four columns that are read; None where there is no such column."""

    text: tuple[str, ...] | None
    record_id: tuple[str, ...] | None = None
    url: tuple[str, ...] | None = None
    date: tuple[str, ...] | None = None


def find(names: Sequence[str], available: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the first of `names` that stands among the available paths, as it is spelt there."""
    spelt: dict[str, tuple[str, ...]] = {}
    for path in sorted(available, key=len):
        spelt.setdefault(".".join(path).lower(), path)
    for name in names:
        if name.lower() in spelt:
            return spelt[name.lower()]
    return None


def named(name: str, available: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the path of the column that the user named, exactly if possible, else whatever its case."""
    paths = list(available)
    exact = [path for path in paths if ".".join(path) == name]
    return min(exact, key=len) if exact else find([name], paths)


def choose(
    available: Sequence[tuple[str, ...]], textual: Sequence[tuple[str, ...]], text_column: str | None
) -> Columns:
    """Choose the four columns; `textual` are the available paths that can hold a text."""
    text = named(text_column, available) if text_column else find(TEXT_COLUMNS, textual)
    rest = [path for path in available if path != text]
    return Columns(text, find(ID_COLUMNS, rest), find(URL_COLUMNS, rest), find(DATE_COLUMNS, rest))


def field(record: Any, path: tuple[str, ...]) -> Any:
    """Follow a path into nested mappings; None where it leads nowhere."""
    for name in path:
        if not isinstance(record, dict):
            return None
        record = record.get(name)
    return record
