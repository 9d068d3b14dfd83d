"""WARC and WET: responses as text, conversion records as they are.

A record belongs to the part in which it begins. Its `row` is the byte offset at which it begins in the file, as in a
CDX index. Where offsets cannot tell records apart (a gzip member that holds several), rows still rise; in files that
are compressed otherwise, offsets count in the decompressed stream. After a damaged place reading goes on at the next
record that can be recognised.

What is read: `conversion` records; `response` and `resource` records that are HTML, XHTML or plain text, whatever the
HTTP status. Other media types are refused. `warcinfo`, `request`, `metadata` and `revisit` records hold no document
and are passed over; a file or part of nothing else (WAT) is refused as `no-documents`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcHeader, WarcRecord, WarcRecordType

from countermark.corpus.batching import BatchBuilder
from countermark.corpus.compression import StreamError, compression_of, open_stream
from countermark.corpus.parts import next_gzip_member, next_warc_record
from countermark.documents import decode, html_text
from countermark.errors import CorpusError, DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import RecordBatch, Shard

MAX_RECORD = 64 << 20
"""A longer record is refused."""

_CONVERSION = int(WarcRecordType.conversion)
_READ = int(WarcRecordType.conversion) | int(WarcRecordType.response) | int(WarcRecordType.resource)
_KINDS = WarcRecordType.conversion | WarcRecordType.response | WarcRecordType.resource
_HTML = {"text/html", "application/xhtml+xml"}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_LOOKS_HTML = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


class WarcReader:
    """Reads `.warc` and `.wet` files, plain or compressed."""

    format = "warc"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the records that begin in the part; see CorpusReader."""
        try:
            with Path(shard.path).open("rb") as file:
                kind = compression_of(file.read(6))
                records = _Records(shard, kind, file)
                try:
                    yield from records.read()
                finally:
                    records.close()
        except OSError as error:
            raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


class _Bounded:
    """A file that ends where the part does."""

    def __init__(self, file: BinaryIO, end: int) -> None:
        self._file = file
        self._end = end

    def read(self, size: int = -1) -> bytes:
        if self._end != -1:
            left = max(0, self._end - self._file.tell())
            size = left if size < 0 else min(size, left)
        return self._file.read(size)

    def tell(self) -> int:
        return self._file.tell()


class _Forward:
    """A decompressed stream as fastwarc wants it: with `tell`."""

    def __init__(self, path: str) -> None:
        self._stream = open_stream(path)
        self._position = 0
        self.failure: StreamError | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._stream.read(size)
        except StreamError as error:
            self.failure = error
            return b""
        self._position += len(data)
        return data

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        self._stream.close()

    @property
    def consumed(self) -> int:
        return self._stream.consumed


class _Records:
    """The reading of one shard."""

    def __init__(self, shard: Shard, kind: str, file: BinaryIO) -> None:
        self._shard = shard
        self._kind = kind
        self._file = file
        self._seekable = kind in ("", "gz")
        self._forward = None if self._seekable else _Forward(shard.path)
        self._out = BatchBuilder(shard.name)
        self._last = -1
        self._reached = shard.begin

    def close(self) -> None:
        if self._forward is not None:
            self._forward.close()

    def read(self) -> Iterator[RecordBatch]:
        begin: int | None = self._shard.begin
        while begin is not None:
            self._file.seek(begin)
            self._reached = begin
            stream = self._forward or _Bounded(self._file, self._shard.end)
            failure = yield from self._run(stream)
            begin = None
            if failure is not None:
                self._out.refuse(
                    self._reached, "corrupt", f"damaged at or after byte {self._reached}: {failure}"[:300]
                )
                begin = self._resume()
            elif self._forward is not None and self._forward.failure is not None:
                self._out.refuse(self._reached, self._forward.failure.reason, str(self._forward.failure))
        if self._last < 0 and not self._out.pending:
            self._out.refuse(
                -1, "no-documents", "WARC records of other kinds only (metadata, requests): no text"
            )
        if self._out.pending:
            yield self._out.flush(self._consumed())

    def _run(self, stream: Any) -> Iterator[RecordBatch] | Any:
        """Read until the end of the part; return what went wrong, None if nothing did."""
        try:
            records = ArchiveIterator(stream, record_types=_KINDS, parse_http=False, buffer_size=1 << 20)
            for record in records:
                position = record.stream_pos
                self._record(record, self._row(position))
                if self._out.full:
                    yield self._out.flush(self._consumed())
        except OSError as error:
            return str(error)
        except BaseException as error:  # fastwarc's native code panics on some damaged input
            if type(error).__name__ != "PanicException":
                raise
            return str(error)
        return None

    def _row(self, position: int) -> int:
        self._reached = max(self._reached, position)
        self._last = max(position, self._last + 1)
        return self._last

    def _consumed(self) -> int:
        if self._forward is not None:
            return self._forward.consumed
        return max(0, self._reached - self._shard.begin)

    def _resume(self) -> int | None:
        """Where the next record after the damaged place begins, None if the part has no more."""
        if not self._seekable:
            return None
        search = next_gzip_member if self._kind == "gz" else next_warc_record
        found = search(self._file, self._reached + 1)
        return None if found is None or (self._shard.end != -1 and found >= self._shard.end) else found

    def _record(self, record: Any, row: int) -> None:
        headers = record.headers
        length = record.content_length
        if length > MAX_RECORD:
            self._out.refuse(row, "too-large", f"a record of {length} bytes; at most {MAX_RECORD} are read")
            return
        data = record.reader.read()
        if len(data) < length:
            self._out.refuse(row, "truncated", f"the record has {len(data)} of {length} bytes")
            return
        try:
            text = data if int(record.record_type) == _CONVERSION else _text(record, data)
        except DocumentError as error:
            self._out.refuse(row, error.reason, str(error))
            return
        if not text:
            self._out.refuse(row, "empty", "the text is empty")
            return
        self._out.add(
            text,
            row,
            record.record_id,
            headers.get(WarcHeader.WARC_TARGET_URI),
            headers.get(WarcHeader.WARC_DATE),
        )


def _text(record: Any, data: bytes) -> str:
    """Return the text of a response or resource. Raises DocumentError."""
    content_type = record.headers.get("Content-Type") or ""
    if content_type.lower().startswith("application/http"):
        data, content_type = _payload(data)
    media_type = content_type.partition(";")[0].strip().lower()
    identified = (record.headers.get("WARC-Identified-Payload-Type") or "").lower()
    if media_type in ("", "application/octet-stream", "unknown/unknown"):
        media_type = identified or ("text/html" if _LOOKS_HTML.match(data[:4096]) else media_type)
    charset = _CHARSET.search(content_type)
    declared = charset.group(1) if charset else None
    if not data:
        return ""
    if media_type in _HTML:
        return html_text(data, declared)
    if media_type == "text/plain":
        return decode(data, declared)[0]
    raise DocumentError(
        "media-type", f"the media type is {media_type or 'not given'}; HTML and plain text are read"
    )


def _payload(data: bytes) -> tuple[bytes, str]:
    """Return the body of an HTTP response, its encodings undone, and its media type."""
    for encodings in ("all", "transfer", "none"):
        # Crawlers often undo an encoding and keep the header that announced it.
        message = WarcRecord()
        message.set_bytes_content(data)
        message.is_http = True
        try:
            message.parse_http(auto_decode=encodings)
            body = message.reader.read(MAX_RECORD + 1)
        except OSError:
            continue
        if len(body) > MAX_RECORD:
            raise DocumentError("too-large", f"more than {MAX_RECORD} bytes after decompression")
        return body, message.http_headers.get("Content-Type") or ""
    raise DocumentError("decode-error", "the HTTP response cannot be read")
