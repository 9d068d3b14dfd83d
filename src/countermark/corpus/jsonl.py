"""JSON Lines: one object a line, plain or compressed.

A block of lines goes to Arrow's native parser, which was 1.8 times as fast as parsing line by line. Whatever that
parser refuses (or could misread) goes line by line through parsers that tell a bad line from the good ones: the
records are the same either way. Bytes that are no UTF-8 and lone surrogates become U+FFFD, and the row is kept.
A blank line is no record, but it counts as a line.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from countermark.corpus.batching import BatchBuilder, clean, columns_batch
from countermark.corpus.columns import TEXT_COLUMNS, Columns, choose, field, find
from countermark.corpus.compression import StreamError, compression_of, open_stream
from countermark.corpus.lines import MAX_LINE, Block, PartStream, blocks, newlines, rows_before
from countermark.errors import CorpusError
from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from countermark.corpus.base import RecordBatch, Shard
    from countermark.corpus.compression import ByteStream

_SNIFF_BYTES = 1 << 20
_SNIFF_RECORDS = 64
_DEPTH = 4
_BOM = b"\xef\xbb\xbf"


def parse_line(line: bytes) -> Any:
    """Parse one line; lone surrogates and bytes that are no UTF-8 are let through. Raises ValueError."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        try:
            return json.loads(line.decode("utf-8", "replace"))
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def paths_of(record: Any, prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the paths of a record's values that are not null, outermost first, with the values."""
    for name, value in record.items():
        if isinstance(value, dict) and len(prefix) + 1 < _DEPTH:
            yield from paths_of(value, (*prefix, name))
        elif value is not None:
            yield (*prefix, name), value


class JsonLinesReader:
    """Reads `.jsonl`, `.ndjson` and `.json` with one object a line."""

    format = "jsonl"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the records of the part; see CorpusReader."""
        options = dict(shard.options)
        with ExitStack() as stack:
            try:
                with open_stream(shard.path) as head:
                    plan = _Plan.of(head, options.get("text_column"))
                stream = stack.enter_context(_open(shard))
            except OSError as error:
                raise CorpusError(f"{shard.name}: {error.strerror}") from error
            yield from _Lines(shard, plan).read(stream)


def _open(shard: Shard) -> Any:
    with open_binary(shard.path) as file:
        packed = compression_of(file.read(6))
    return open_stream(shard.path) if packed else PartStream(shard.path, shard.begin, shard.end)


class _Plan:
    """The columns to read and, if Arrow's parser can be used, the schema to read them with."""

    def __init__(self, columns: Columns, kinds: dict[tuple[str, ...], type], text_column: str | None) -> None:
        self.columns = columns
        self.text_column = text_column
        self.others = (columns.record_id, columns.url, columns.date)
        wanted = {path: kinds.get(path, str) for path in self.others if path}
        self.schema: pa.Schema | None = None
        if columns.text and all(kind in (str, int) for kind in wanted.values()):
            tree: dict[str, Any] = {}
            _plant(tree, columns.text, pa.large_string())
            for path, kind in wanted.items():
                _plant(tree, path, pa.string() if kind is str else pa.int64())
            self.schema = pa.schema([(name, _arrow_type(node)) for name, node in tree.items()])

    @classmethod
    def of(cls, head: ByteStream, text_column: str | None) -> _Plan:
        """Decide on the first records of the *file*, so that all its parts are read alike."""
        kinds: dict[tuple[str, ...], type] = {}
        try:
            data = head.read(_SNIFF_BYTES)
            if b"\n" not in data:
                while len(data) <= MAX_LINE and (more := head.read(_SNIFF_BYTES)):
                    data += more
                    if b"\n" in more:
                        break
        except StreamError:
            data = b""
        lines = data.removeprefix(_BOM).split(b"\n")
        for line in [line for line in lines if line.strip()][:_SNIFF_RECORDS]:
            try:
                record = parse_line(line)
            except ValueError:
                continue
            for path, value in paths_of(record) if isinstance(record, dict) else ():
                kinds.setdefault(path, type(value))
        textual = [path for path, kind in kinds.items() if kind is str]
        named = tuple(text_column.split(".")) if text_column else None
        columns = choose(list(kinds), textual, text_column)
        if named and columns.text is None:
            columns = Columns(named, columns.record_id, columns.url, columns.date)
        return cls(columns, kinds, text_column)


def _plant(tree: dict[str, Any], path: tuple[str, ...], kind: pa.DataType) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = kind


def _arrow_type(node: Any) -> pa.DataType:
    if isinstance(node, dict):
        return pa.struct([(name, _arrow_type(child)) for name, child in node.items()])
    kind: pa.DataType = node
    return kind


class _Lines:
    """The reading of one shard."""

    def __init__(self, shard: Shard, plan: _Plan) -> None:
        self._shard = shard
        self._plan = plan
        self._before = rows_before(shard)
        self._out = BatchBuilder(shard.name)

    def read(self, stream: Any) -> Iterator[RecordBatch]:
        line = 0
        try:
            for block in blocks(stream):
                line = block.first + block.lines
                if block.data is None:
                    detail = f"a line of more than {MAX_LINE >> 20} MiB"
                    self._out.refuse(self._row(block.first), "line-too-long", detail)
                    continue
                data = block.data.removeprefix(_BOM) if self._shard.begin == block.first == 0 else block.data
                batch = self._columns(block, data, stream.consumed)
                if batch is not None:
                    yield batch
                    continue
                for number, text in enumerate(data.split(b"\n"), block.first):
                    self._line(text, self._row(number))
                    if self._out.full:
                        yield self._out.flush(stream.consumed)
                if self._out.pending:
                    yield self._out.flush(stream.consumed)
        except StreamError as error:
            self._out.refuse(self._row(line), error.reason, str(error))
        if self._out.pending:
            yield self._out.flush(stream.consumed)

    def _row(self, line: int) -> int:
        return -1 if self._before is None else self._before + line

    def _columns(self, block: Block, data: bytes, consumed: int) -> RecordBatch | None:
        """Read a block with Arrow's parser; None if any line of it needs a closer look."""
        table = _table(data, self._plan.schema, block.ends - (len(block.data or b"") - len(data)))
        if table is None:
            return None
        assert self._plan.columns.text is not None  # noqa: S101 (there is no schema without)
        text = _column(table, self._plan.columns.text)
        if text.null_count:
            return None
        rows = np.arange(block.first, block.first + len(text), dtype=np.int64)
        rows = np.full(len(text), -1, np.int64) if self._before is None else rows + self._before
        others = [
            None if path is None else _column(table, path).cast(pa.string()) for path in self._plan.others
        ]
        return columns_batch(
            self._shard.name,
            text,
            rows,
            others,
            refused=self._out.take_refused(),
            bytes_read=self._out.progress(consumed),
        )

    def _line(self, line: bytes, row: int) -> None:
        if not line.strip():
            return
        try:
            record = parse_line(line)
        except ValueError as error:
            # Arrow accepts a little more than Python (depth, "Inf"): its word decides, as it does for whole blocks.
            table = _table(line, self._plan.schema, newlines(line))
            if table is None:
                self._out.refuse(row, "bad-json", clean(str(error))[:200])
                return
            record = table.to_pylist()[0]
        if not isinstance(record, dict):
            self._out.refuse(row, "not-an-object", f"the line holds a JSON {type(record).__name__}")
            return
        self._record(record, row)

    def _record(self, record: dict[str, Any], row: int) -> None:
        columns = self._plan.columns
        text = field(record, columns.text) if columns.text else None
        if text is None and self._plan.text_column is None:
            other = find(TEXT_COLUMNS, [path for path, value in paths_of(record) if isinstance(value, str)])
            text = field(record, other) if other else None
        if text is None:
            known = ", ".join(map(str, list(record)[:20]))
            self._out.refuse(row, "no-text", clean(f"no text column; the record has: {known}")[:300])
        elif not isinstance(text, str):
            self._out.refuse(row, "not-a-string", f"the text is a JSON {type(text).__name__}")
        elif not text:
            self._out.refuse(row, "empty", "the text is empty")
        else:
            record_id, url, date = (
                _scalar(field(record, path)) if path else None for path in self._plan.others
            )
            self._out.add(text, row, record_id, url, date)


def _scalar(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else None


def _column(table: pa.Table, path: tuple[str, ...]) -> Any:
    column = table.column(path[0]).combine_chunks()
    return pc.struct_field(column, list(path[1:])) if len(path) > 1 else column


def _table(data: bytes, schema: pa.Schema | None, ends: npt.NDArray[np.int64]) -> pa.Table | None:
    """Parse whole lines natively; None if they are not one valid object a line for this schema.

    Each line must begin with a brace and end with one: so no object can span lines without the count of rows showing
    it, and Arrow never sees a top-level `null` as its first value, at which pyarrow 26 crashes.
    """
    if schema is None or not _braced(data, ends):
        return None
    try:
        table = pj.read_json(
            pa.BufferReader(data),  # type: ignore[arg-type]  # a file of Arrow's own, which the stubs leave out
            read_options=pj.ReadOptions(use_threads=False, block_size=len(data) + 1),
            parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
        )
        table.validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return table if table.num_rows == len(ends) + (not data.endswith(b"\n")) else None


def _braced(data: bytes, ends: npt.NDArray[np.int64]) -> bool:
    """Whether each line begins with { and ends with }, but for a carriage return."""
    if data[:1] != b"{" or data[-3:].rstrip(b"\r\n")[-1:] != b"}":
        return False
    octets = np.frombuffer(data, np.uint8)
    inner = ends[ends < len(data) - 1]
    if not len(inner):
        return True
    before = octets[inner - 1]
    before = np.where(before == 13, octets[inner - 2], before)
    return bool((before == 125).all() and (octets[inner + 1] == 123).all())
