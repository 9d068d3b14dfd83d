"""WARC and WET: responses as text, conversion records as they are.

What is read: `conversion` records; `response` and `resource` records that are HTML, XHTML or plain text, whatever the
HTTP status. Other media types are refused. `warcinfo`, `request`, `metadata` and `revisit` records hold no document
and are passed over; a file or part of nothing else (WAT) is refused as `no-documents`. Beside the text stands what
may tell of a reservation, as it was captured (`captured`). How records are found is said in `warc_records`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from countermark.corpus.batching import BatchBuilder
from countermark.corpus.captured import HTML, captured_of, media_type_of
from countermark.corpus.warc_records import (
    CONVERSION,
    MAX_RECORD,
    RESOURCE,
    RESPONSE,
    http_body,
    open_records,
)
from countermark.documents import decode, html_text
from countermark.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import RecordBatch, Shard
    from countermark.corpus.captured import Captured
    from countermark.corpus.warc_records import RawRecord

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)


class WarcReader:
    """Reads `.warc` and `.wet` files, plain or compressed."""

    format = "warc"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the records that begin in the part; see CorpusReader."""
        out = BatchBuilder(shard.name)
        with open_records(shard, CONVERSION | RESPONSE | RESOURCE, out.refuse) as records:
            for record in records:
                _add(record, out)
                if out.full:
                    yield out.flush(records.consumed)
            if records.last < 0 and not out.pending:
                out.refuse(
                    -1, "no-documents", "WARC records of other kinds only (metadata, requests): no text"
                )
            if out.pending:
                yield out.flush(records.consumed)


def _add(record: RawRecord, out: BatchBuilder) -> None:
    """Add the text of a record, or say why there is none."""
    try:
        text, captured = _text(record)
    except DocumentError as error:
        out.refuse(record.row, error.reason, str(error))
        return
    if not text:
        out.refuse(record.row, "empty", "the text is empty")
        return
    out.add(text, record.row, record.record_id, record.url, record.date, captured)


def _text(record: RawRecord) -> tuple[str | bytes, Captured]:
    """Return the text of a record, and its signals. Raises DocumentError."""
    if record.kind == CONVERSION:
        return record.data, captured_of(record)
    body, content_type = record.data, record.content_type
    if content_type.lower().startswith("application/http"):
        body, content_type = http_body(body)
    media_type = media_type_of(record, content_type, body)
    charset = _CHARSET.search(content_type)
    declared = charset.group(1) if charset else None
    if not body:
        return "", captured_of(record, body)
    if media_type in HTML:
        return html_text(body, declared), captured_of(record, body)
    if media_type == "text/plain":
        return decode(body, declared)[0], captured_of(record, body)
    raise DocumentError(
        "media-type", f"the media type is {media_type or 'not given'}; HTML and plain text are read"
    )


__all__ = ["MAX_RECORD", "WarcReader"]
