"""Rows of a listing in JSON Lines, plain or compressed: one object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from countermark.corpus.batching import clean
from countermark.corpus.columns import field
from countermark.corpus.compression import StreamError, compression_of, open_stream
from countermark.corpus.jsonl import parse_line, paths_of
from countermark.corpus.lines import MAX_LINE, PartStream, blocks, rows_before
from countermark.errors import CorpusError
from countermark.linkage.rows import BATCH_BYTES, BETWEEN, ListingBatch
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.corpus.base import Shard

_SNIFF_BYTES = 1 << 20
_SNIFF_RECORDS = 64
_BATCH_ROWS = 1 << 16
_BOM = b"\xef\xbb\xbf"


def names(shard: Shard) -> list[str]:
    """The fields of the first records; fields within fields as `outer.inner`."""
    try:
        with open_stream(shard.path) as head:
            data = head.read(_SNIFF_BYTES).removeprefix(_BOM)
    except (OSError, StreamError) as error:
        raise CorpusError(f"{shard.name}: {error}") from error
    found: dict[str, None] = {}
    for line in [line for line in data.split(b"\n") if line.strip()][:_SNIFF_RECORDS]:
        try:
            record = parse_line(line)
        except ValueError:
            continue
        for path, _ in paths_of(record) if isinstance(record, dict) else ():
            found[".".join(path)] = None
    return list(found)


def read(shard: Shard, columns: Sequence[str]) -> Iterator[ListingBatch]:
    """Yield the rows of the part."""
    try:
        with open(shard.path, "rb") as file:  # noqa: PTH123 (an OSError names the file either way)
            packed = compression_of(file.read(6))
        stream: Any = open_stream(shard.path) if packed else PartStream(shard.path, shard.begin, shard.end)
        with stream:
            yield from _Reading(shard, columns).batches(stream)
    except OSError as error:
        raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


class _Reading:
    """The reading of one shard."""

    def __init__(self, shard: Shard, columns: Sequence[str]) -> None:
        self._shard = shard
        self._columns = [(column, tuple(column.split("."))) for column in columns]
        self._before = rows_before(shard)
        self._consumed = 0
        self._rows: list[int] = []
        self._letters = 0
        self._values: list[list[str]] = [[] for _ in columns]
        self._refused: list[Refusal] = []

    def batches(self, stream: Any) -> Iterator[ListingBatch]:
        line = 0
        try:
            for block in blocks(stream):
                line = block.first + block.lines
                if block.data is None:
                    self._refuse(block.first, "line-too-long", f"a line of more than {MAX_LINE >> 20} MiB")
                    continue
                begins = self._shard.begin == block.first == 0
                data = block.data.removeprefix(_BOM) if begins else block.data
                for number, text in enumerate(data.split(b"\n"), block.first):
                    self._line(text, number)
                    if len(self._rows) >= _BATCH_ROWS or self._letters >= BATCH_BYTES:
                        yield self._flush(stream.consumed)
        except StreamError as error:
            self._refuse(line, error.reason, str(error))
        if self._rows or self._refused:
            yield self._flush(stream.consumed)

    def _line(self, line: bytes, number: int) -> None:
        if not line.strip():
            return
        try:
            record = parse_line(line)
        except ValueError as error:
            said = clean(str(error)).partition("; use sys.")[0]  # advice for programmers
            self._refuse(number, "bad-json", said[:200])
            return
        if not isinstance(record, dict):
            self._refuse(number, "not-an-object", f"the line holds a JSON {type(record).__name__}")
            return
        self._rows.append(-1 if self._before is None else self._before + number)
        for values, (name, path) in zip(self._values, self._columns, strict=True):
            value = record.get(name)
            values.append(_text(field(record, path) if value is None else value))
            self._letters += len(values[-1])

    def _refuse(self, line: int, reason: str, detail: str) -> None:
        row = -1 if self._before is None else self._before + line
        self._refused.append(Refusal(self._shard.name, row, reason, detail))

    def _flush(self, consumed: int) -> ListingBatch:
        read_now, self._consumed = max(0, consumed - self._consumed), max(consumed, self._consumed)
        batch = ListingBatch(
            np.array(self._rows, np.int64),
            tuple(pa.array(values, pa.large_string()) for values in self._values),
            tuple(self._refused),
            read_now,
        )
        self._rows, self._values, self._refused = [], [[] for _ in self._columns], []
        self._letters = 0
        return batch


def _text(value: Any) -> str:
    """A value of JSON as text: lists are joined, what is nested deeper counts for nothing."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool) or value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return BETWEEN.join(_text(part) for part in value if isinstance(part, str | int | float))
    return str(value)
