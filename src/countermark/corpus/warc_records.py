"""The records of a WARC file, whatever is then read in them: one loop for texts and for reservations.

A record belongs to the part in which it begins. Its `row` is the byte offset at which it begins in the file, as in a
CDX index. Where offsets cannot tell records apart (a gzip member that holds several), rows still rise; in files that
are compressed otherwise, offsets count in the decompressed stream. After a damaged place reading goes on at the next
record that can be recognised.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol

from fastwarc.warc import ArchiveIterator, WarcHeader, WarcRecord, WarcRecordType

from countermark.corpus.compression import StreamError, compression_of, open_stream
from countermark.corpus.parts import next_gzip_member, next_warc_record
from countermark.errors import CorpusError, DocumentError
from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from countermark.corpus.base import Shard

    Undone = Literal["all", "transfer", "none"]

MAX_RECORD: Final = 64 << 20
"""A longer record is refused."""

CONVERSION: Final = int(WarcRecordType.conversion)
RESPONSE: Final = int(WarcRecordType.response)
RESOURCE: Final = int(WarcRecordType.resource)
REVISIT: Final = int(WarcRecordType.revisit)
WARCINFO: Final = int(WarcRecordType.warcinfo)

_URL, _DATE = WarcHeader.WARC_TARGET_URI, WarcHeader.WARC_DATE
_QUICK: Final = {  # a name of fastwarc's own is found ten times as fast as the same letters
    "Content-Type": WarcHeader.CONTENT_TYPE,
    "WARC-Identified-Payload-Type": WarcHeader.WARC_IDENTIFIED_PAYLOAD_TYPE,
    "WARC-Record-ID": WarcHeader.WARC_RECORD_ID,
    "WARC-Truncated": WarcHeader.WARC_TRUNCATED,
}


class Refuse(Protocol):
    """Takes a row that was not read, the reason and the detail."""

    def __call__(self, row: int, reason: str, detail: str, /) -> None:
        """Note it."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record: its kind (`RESPONSE` …), its WARC header fields (`get(name)`), and the bytes of its block."""

    kind: int
    row: int
    headers: Any
    data: bytes

    @property
    def record_id(self) -> str | None:
        """`WARC-Record-ID`."""
        return self.field("WARC-Record-ID")

    @property
    def url(self) -> str | None:
        """`WARC-Target-URI`."""
        said: str | None = self.headers.get(_URL)
        return said

    @property
    def date(self) -> str | None:
        """`WARC-Date`, as it stands there."""
        said: str | None = self.headers.get(_DATE)
        return said

    @property
    def content_type(self) -> str:
        """The content type of the block, "" where none is given."""
        return self.field("Content-Type") or ""

    def field(self, name: str) -> str | None:
        """A WARC header field by name."""
        said: str | None = self.headers.get(_QUICK.get(name, name))
        return said


@contextmanager
def open_records(shard: Shard, kinds: int, refuse: Refuse, most: int = MAX_RECORD) -> Iterator[WarcRecords]:
    """Open the part of a file for reading; a record of more than `most` bytes is refused.

    Raises CorpusError where the file cannot be read.
    """
    try:
        with open_binary(shard.path) as file:
            kind = compression_of(file.read(6))
            records = WarcRecords(shard, kind, file, kinds, refuse, most)
            try:
                yield records
            finally:
                records.close()
    except OSError as error:
        raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


class WarcRecords:
    """The records of some kinds that begin in the part, once; what cannot be read goes to `refuse`.

    `last` is the row of the last record met, -1 before the first; `consumed` counts the bytes of the part so far.
    """

    def __init__(
        self, shard: Shard, packed: str, file: BinaryIO, kinds: int, refuse: Refuse, most: int = MAX_RECORD
    ) -> None:
        self._shard = shard
        self._packed = packed
        self._file = file
        self._kinds = kinds
        self._refuse = refuse
        self._most = most
        self._seekable = packed in ("", "gz")
        self._forward = None if self._seekable else _Forward(shard.path)
        self._reached = shard.begin
        self.last = -1

    def close(self) -> None:
        """Close what was opened to decompress the file."""
        if self._forward is not None:
            self._forward.close()

    @property
    def consumed(self) -> int:
        """Bytes of the part, as it is compressed, that were read so far."""
        if self._forward is not None:
            return self._forward.consumed
        return max(0, self._reached - self._shard.begin)

    def __iter__(self) -> Iterator[RawRecord]:
        """Read to the end of the part, over damaged places."""
        begin: int | None = self._shard.begin
        while begin is not None:
            self._file.seek(begin)
            self._reached = begin
            stream = self._forward or _Bounded(self._file, self._shard.end)
            failure = yield from self._run(stream)
            begin = None
            if failure is not None:
                self._refuse(
                    self._reached, "corrupt", f"damaged at or after byte {self._reached}: {failure}"[:300]
                )
                begin = self._resume()
            elif self._forward is not None and self._forward.failure is not None:
                self._refuse(self._reached, self._forward.failure.reason, str(self._forward.failure))

    def _run(self, stream: Any) -> Iterator[RawRecord] | Any:
        """Read until the end of the part; return what went wrong, None if nothing did."""
        records = _guarded(stream, self._kinds)
        while True:
            found = next(records)
            if found is None or isinstance(found, str):
                return found
            record = self._read(found)
            if isinstance(record, str):
                return record
            if record is not None:
                yield record

    def _read(self, record: Any) -> RawRecord | str | None:
        """Read a record; None where it was refused, what went wrong where the stream is damaged."""
        row = self._row(record.stream_pos)
        length = record.content_length
        if length > self._most:
            self._refuse(row, "too-large", f"a record of {length} bytes; at most {self._most} are read")
            return None
        try:
            data = record.reader.read()
        except BaseException as error:  # noqa: BLE001  raised again unless it is damage
            return _damage(error)
        if len(data) < length:
            self._refuse(row, "truncated", f"the record has {len(data)} of {length} bytes")
            return None
        return RawRecord(int(record.record_type), row, record.headers, data)

    def _row(self, position: int) -> int:
        self._reached = max(self._reached, position)
        self.last = max(position, self.last + 1)
        return self.last

    def _resume(self) -> int | None:
        """Where the next record after the damaged place begins, None if the part has no more."""
        if not self._seekable:
            return None
        search = next_gzip_member if self._packed == "gz" else next_warc_record
        found = search(self._file, self._reached + 1)
        return None if found is None or (self._shard.end != -1 and found >= self._shard.end) else found


def _guarded(stream: Any, kinds: Any) -> Iterator[Any]:
    """Yield fastwarc's records of some kinds (its flags joined), then None at the end or what went wrong."""
    try:
        yield from ArchiveIterator(stream, record_types=kinds, parse_http=False, buffer_size=1 << 20)
    except BaseException as error:  # noqa: BLE001  raised again unless it is damage
        yield _damage(error)
        return
    yield None


def _damage(error: BaseException) -> str:
    """What a damaged place is called; anything else is raised again."""
    # fastwarc's native code panics on some damaged input
    if isinstance(error, OSError) or type(error).__name__ == "PanicException":
        return str(error)
    raise error


def http_body(
    data: bytes, undone: Sequence[Undone] = ("all", "transfer", "none"), most: int = MAX_RECORD
) -> tuple[bytes, str]:
    """Return the body of an HTTP response, its encodings undone, and its content type. Raises DocumentError.

    `undone` are the encodings to undo (in the words of fastwarc); where that fails, the next ones. `most` bounds the
    bytes of the body.
    """
    for encodings in undone:
        # Crawlers often undo an encoding and keep the header that announced it.
        message = WarcRecord()
        message.set_bytes_content(data)
        message.is_http = True
        try:
            message.parse_http(auto_decode=encodings)
            body = message.reader.read(most + 1)
        except OSError:
            continue
        if len(body) > most:
            raise DocumentError("too-large", f"more than {most} bytes after decompression")
        return body, message.http_headers.get("Content-Type") or ""
    raise DocumentError("decode-error", "the HTTP response cannot be read")


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
