"""Pictures and recordings in JSON Lines: fields in base64, with or without `data:…;base64,` before it.

One object a line, and a line of at most MAX_LINE bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic

from countermark.corpus.carried.column import from_base64, looks_encoded
from countermark.corpus.carried.gathering import Builder
from countermark.corpus.carried.sought import Batch_co, Sought
from countermark.corpus.carried.telling import told_by_record
from countermark.corpus.compression import StreamError, compression_of, open_stream
from countermark.corpus.jsonl import parse_line, paths_of
from countermark.corpus.lines import MAX_LINE, PartStream, blocks, rows_before
from countermark.errors import CorpusError
from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.compression import ByteStream
    from countermark.corpus.lines import Block

_SNIFF_BYTES: Final = 1 << 20
_SNIFF_RECORDS: Final = 64
_WITHIN: Final = ("", ".bytes", ".data", ".base64")
_BOM: Final = b"\xef\xbb\xbf"


class JsonLinesReader(Generic[Batch_co]):
    """Reads `.jsonl`, `.ndjson` and `.json` with one object a line."""

    format = "jsonl"

    def __init__(self, sought: Sought[Batch_co]) -> None:
        self._sought = sought

    def batches(self, shard: Shard) -> Iterator[Batch_co]:
        """Yield what is sought of the part; see CarriedReader."""
        out = Builder(self._sought, shard.name)
        try:
            with open_stream(shard.path) as head:
                fields, without = _fields(head, self._sought, dict(shard.options).get(self._sought.option))
            if not fields:
                out.refuse(-1, self._sought.absent, without)
                yield from out.rest(0)
                return
            with _open(shard) as stream:
                yield from _Lines(shard, fields, out).read(stream)
        except OSError as error:
            raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


def _open(shard: Shard) -> Any:
    with open_binary(shard.path) as file:
        packed = compression_of(file.read(6))
    return open_stream(shard.path) if packed else PartStream(shard.path, shard.begin, shard.end)


def _fields(head: ByteStream, sought: Sought[Any], column: str | None) -> tuple[frozenset[str], str]:
    """The fields that hold what is sought, by the first records of the *file*; and why there are none."""
    if column:
        return frozenset({column.lower()}), ""
    likely = {name + part for name in sought.columns for part in _WITHIN}
    found: set[str] = set()
    addresses = False
    lines = _beginning(head).removeprefix(_BOM).split(b"\n")
    for line in [line for line in lines if line.strip()][:_SNIFF_RECORDS]:
        fields = _flat(line)
        addresses = addresses or any(name in fields for name in sought.urls)
        found.update(
            name
            for name in likely & fields.keys()
            if any(isinstance(value, str) and looks_encoded(sought, value) for value in _each(fields[name]))
        )
    if addresses:
        return frozenset(found), sought.listing
    return frozenset(found), f"no field of the first lines is a {sought.one} in base64"


def _beginning(head: ByteStream) -> bytes:
    """The first lines, one at least."""
    try:
        data = head.read(_SNIFF_BYTES)
        while (
            b"\n" not in data[-_SNIFF_BYTES:] and len(data) <= MAX_LINE and (more := head.read(_SNIFF_BYTES))
        ):
            data += more
    except StreamError:
        return b""
    return data


def _flat(line: bytes) -> dict[str, Any]:
    """The fields of an object by their paths in lower case; none where the line is no object."""
    try:
        record = parse_line(line)
    except ValueError:
        return {}
    return _named(record) if isinstance(record, dict) else {}


def _named(record: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for path, value in paths_of(record):
        fields.setdefault(".".join(path).lower(), value)
    return fields


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class _Lines(Generic[Batch_co]):
    """The reading of one shard."""

    def __init__(self, shard: Shard, fields: frozenset[str], out: Builder[Batch_co]) -> None:
        self._shard = shard
        self._fields = sorted(fields)
        self._before = rows_before(shard)
        self._out = out
        self._sought = out.sought

    def read(self, stream: Any) -> Iterator[Batch_co]:
        line = 0
        try:
            for block in blocks(stream):
                line = block.first + block.lines
                for number, text in self._lines(block):
                    self._line(text, self._row(number))
                    yield from self._out.ready(stream.consumed)
        except StreamError as error:
            self._out.refuse(self._row(line), error.reason, str(error))
        yield from self._out.rest(stream.consumed)

    def _lines(self, block: Block) -> Iterator[tuple[int, bytes]]:
        if block.data is None:
            self._out.refuse(
                self._row(block.first), "line-too-long", f"a line of more than {MAX_LINE >> 20} MiB"
            )
            return
        data = block.data.removeprefix(_BOM) if self._shard.begin == block.first == 0 else block.data
        begin = 0
        for number in range(block.first, block.first + block.lines):
            end = data.find(b"\n", begin)
            yield number, data[begin : end if end >= 0 else len(data)]
            begin = end + 1

    def _row(self, line: int) -> int:
        return -1 if self._before is None else self._before + line

    def _line(self, line: bytes, row: int) -> None:
        if not line.strip():
            return
        try:
            record = parse_line(line)
        except ValueError as error:
            self._out.refuse(row, "bad-json", str(error)[:200])
            return
        if not isinstance(record, dict):
            self._out.refuse(row, "not-an-object", f"the line holds a JSON {type(record).__name__}")
            return
        self._record(record, row)

    def _record(self, record: dict[str, Any], row: int) -> None:
        fields = _named(record)
        rest = {name: value for name, value in record.items() if name.lower() not in self._fields}
        told = told_by_record(self._sought, rest)
        there = [(name, value) for name in self._fields for value in _each(fields.get(name)) if value]
        if not there:
            self._out.refuse(row, "null", f"no {self._sought.one} in {', '.join(self._fields)}")
        for name, value in there:
            data = from_base64(value) if isinstance(value, str) else None
            if data is None:
                self._out.refuse(row, self._sought.foreign, f"{name}: no {self._sought.one} in base64")
            else:
                self._out.add(data, name, row, told)
