"""The table of what was removed: its schema, its writer, and the bytes that a record's digest is of.

See docs/reference/removed.md. Strings that are no Unicode are written with backslashes, so that nothing is lost.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

COLUMNS: Final = (
    "file", "row", "offset", "records", "record_id", "url", "date", "action", "reason", "detail", "use", "answer",
    "protocol", "technique", "where", "raw", "terms", "digest",
)  # fmt: skip
SCHEMA: Final = pa.schema(
    [pa.field(name, pa.int64() if name in {"row", "offset", "records"} else pa.string()) for name in COLUMNS]
)
DROPPED, MARKED, UNREAD = "dropped", "marked", "unreadable"
MAX_TEXT: Final = 8192
_ROWS: Final = 8192


class RemovedWriter:
    """Writes rows of the table to an open file; use as a context manager."""

    def __init__(self, file: BinaryIO) -> None:
        self._writer = pq.ParquetWriter(file, SCHEMA, compression="zstd", compression_level=3)
        self._rows: list[dict[str, Any]] = []

    def add(self, **row: Any) -> None:
        """Add a row; missing columns are null, long texts are cut at 8,192 characters."""
        self._rows.append({name: sound(value) for name, value in row.items()})
        if len(self._rows) >= _ROWS:
            self._flush()

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """Add whole rows of another such table."""
        self._flush()
        self._writer.write_batch(batch)

    def close(self) -> None:
        """Write the end of the file."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, SCHEMA))
            self._rows = []


def removed_of(source: Any, file: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Some columns of the rows of one file, in order. Raises pyarrow's errors."""
    only: Any = [("file", "==", sound(file))]
    yield from (
        row
        for batch in pq.read_table(source, columns=list(columns), filters=only, use_threads=False).to_batches(
            _ROWS
        )
        for row in batch.to_pylist()
    )


def removed_batches(source: Any) -> Iterator[pa.RecordBatch]:
    """The rows of such a table, in order. Raises pyarrow's errors and ValueError for another schema."""
    with pq.ParquetFile(source) as file:
        if not file.schema_arrow.equals(SCHEMA):
            raise ValueError("has other columns than a table of removed records")
        yield from file.iter_batches(_ROWS, use_threads=False)


def sound(value: Any) -> Any:
    """A value as the table has it."""
    if isinstance(value, str):
        return value[:MAX_TEXT].encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def digest_of(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of_row(row: pa.RecordBatch, index: int) -> str:
    """The digest of a Parquet row: of its canonical JSON."""
    told = {name: plain(column[index]) for name, column in zip(row.schema.names, row.columns, strict=True)}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return digest_of(text.encode("utf-8", "surrogatepass"))


def plain(value: Any) -> Any:  # noqa: PLR0911  one return a kind
    """An Arrow scalar as JSON that two machines write alike.

    null, booleans, whole numbers and texts as they are; a list as a list, a struct as an object; everything else as a
    list whose first member names what it is: ["float", float.hex()], ["bytes", Base64], ["map", [[key, value], …]],
    [Arrow's name of a date or time type, the integer that is stored], ["decimal", its digits].
    """
    if not value.is_valid:
        return None
    kind = value.type
    if isinstance(value, pa.DictionaryScalar | pa.ExtensionScalar):
        inner = value.value
        return plain(inner if isinstance(inner, pa.Scalar) else pa.scalar(inner))  # type: ignore[arg-type]
    if pa.types.is_struct(kind):
        return {field.name: plain(value[i]) for i, field in enumerate(kind)}
    if pa.types.is_map(kind):
        return ["map", [[plain(pair[0]), plain(pair[1])] for pair in value.values]]
    if pa.types.is_nested(kind):
        return [plain(inner) for inner in value.values]
    if pa.types.is_temporal(kind):
        stored = value.value
        return [str(kind), stored if isinstance(stored, int) else str(stored)]
    return _flat(value, kind)


def _flat(value: Any, kind: pa.DataType) -> Any:
    if hasattr(value, "as_buffer"):
        data = value.as_buffer().to_pybytes()
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
            return ["bytes", base64.b64encode(data).decode("ascii")]
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return ["bytes", base64.b64encode(data).decode("ascii")]
    found = value.as_py()
    if isinstance(found, float):
        return ["float", found.hex()]
    return found if isinstance(found, bool | int) else ["decimal", str(found)]
