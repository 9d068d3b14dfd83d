"""Plain text of any size: one document, in pieces that share one coordinate system.

Text that listing found to be UTF-8 (option `encoding`) is streamed; a part, and each piece within it, begins after a
newline, or between two code points where there is none near. Other text is decoded whole, up to MAX_DECODED bytes.
Offsets count as in any other document: without a byte order mark, and with CRLF as one LF.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pyarrow as pa

from countermark.corpus.base import RecordBatch
from countermark.corpus.compression import StreamError, open_stream
from countermark.corpus.parts import text_cut
from countermark.documents import decode
from countermark.errors import CorpusError, DocumentError
from countermark.media import Refusal
from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard

PIECE = 16 << 20
"""Bytes (code points, where the text was decoded whole) that belong to a piece."""
LEAD_OUT = 64 << 10
"""What follows the piece is read too, at least so far, so that a passage across its end is seen whole."""
MAX_DECODED = 256 << 20
_BOM = b"\xef\xbb\xbf"


class PlainTextReader:
    """Reads one long plain text, or a part of it."""

    format = "text"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the pieces, one a batch; `own_end` says where the lead-out begins. See CorpusReader."""
        try:
            if dict(shard.options).get("encoding") == "utf-8":
                with open_binary(shard.path) as file:
                    yield from _stream(shard, file)
            else:
                yield from _whole(shard)
        except OSError as error:
            raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


def text_of(data: bytes) -> str:
    """Decode UTF-8 as the pieces are decoded: what is no UTF-8 becomes U+FFFD, CRLF becomes LF."""
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def _stream(shard: Shard, file: BinaryIO) -> Iterator[RecordBatch]:
    size = file.seek(0, io.SEEK_END)
    end = size if shard.end == -1 else shard.end
    begin, start = shard.begin, shard.char_start
    while begin < end:
        cut = min(end, text_cut(file, begin + PIECE, size))
        last = text_cut(file, cut + LEAD_OUT, size)
        file.seek(begin)
        data = file.read(cut - begin)
        own = text_of(data.removeprefix(_BOM) if begin == 0 else data)
        text = own + text_of(file.read(last - cut))
        if text:
            yield _piece(shard, text, start, len(own), cut - begin)
        begin, start = cut, start + len(own)


def _whole(shard: Shard) -> Iterator[RecordBatch]:
    refused: list[Refusal] = []
    with open_stream(shard.path) as stream:
        pieces: list[bytes] = []
        length = 0
        try:
            while length <= MAX_DECODED and (data := stream.read(1 << 20)):
                pieces.append(data)
                length += len(data)
        except StreamError as error:
            refused.append(Refusal(shard.name, -1, error.reason, str(error)))
        consumed = stream.consumed
    text = ""
    try:
        text = _decoded(b"".join(pieces))
    except DocumentError as error:
        refused = refused or [Refusal(shard.name, -1, error.reason, str(error))]
    for start in range(0, len(text), PIECE):
        own = min(PIECE, len(text) - start)
        yield _piece(shard, text[start : start + own + LEAD_OUT], start, own, consumed if start == 0 else 0)
    if refused:
        yield _piece(shard, "", 0, 0, 0, tuple(refused))


def _decoded(data: bytes) -> str:
    if not data:
        raise DocumentError("empty", "the file is empty")
    if len(data) > MAX_DECODED:
        limit = f"more than {MAX_DECODED >> 20} MiB of text that is compressed or no UTF-8; give it as plain UTF-8"
        raise DocumentError("too-large", limit)
    return decode(data)[0].replace("\r\n", "\n")


def _piece(
    shard: Shard, text: str, start: int, own: int, bytes_read: int, refused: tuple[Refusal, ...] = ()
) -> RecordBatch:
    count = 1 if text else 0
    name = [shard.name.rpartition("#")[0] if shard.begin or shard.end != -1 else shard.name][:count]
    return RecordBatch(
        text=pa.array([text][:count], pa.large_string()),
        row=np.zeros(count, np.int64),
        record_id=pa.array(name, pa.string()),
        record_url=pa.nulls(count, pa.string()),
        record_date=pa.nulls(count, pa.string()),
        char_start=np.full(count, start, np.int64),
        refused=refused,
        bytes_read=bytes_read,
        own_end=np.full(count, own, np.int64),
    )
