"""Findings as Parquet files: the same rows give the same bytes.

A file holds the rows of one shard, ordered by `ORDER`. It carries no time and no path of the machine that
made it, so two runs over the same input can be compared byte by byte (with the same version of Arrow).
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from countermark.atomic import replacing, write_bytes
from countermark.errors import RunError
from countermark.findings.finding import SCHEMA, SCHEMA_1, SCHEMA_2, SCHEMA_3, SCHEMA_4, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

ORDER = (
    "row",
    "record_start",
    "work_id",
    "asset_path",
    "asset_start",
    "asset_end",
    "record_end",
    "finding_id",
)
"""The columns that rows are sorted by; the last three only break ties, so that one order exists."""

ROWS_PER_GROUP = 65_536
_COLUMNS = tuple(field.name for field in fields(Finding))
_METADATA_KEY = b"countermark.findings"
_VERSIONS = {"1": SCHEMA_1, "2": SCHEMA_2, "3": SCHEMA_3, "4": SCHEMA_4, "5": SCHEMA}


def findings_table(findings: Iterable[Finding]) -> pa.Table:
    """The rows as an Arrow table of `SCHEMA`, in the order given."""
    rows = list(findings)
    columns = [
        pa.array([getattr(row, name) for row in rows], type=SCHEMA.field(name).type) for name in _COLUMNS
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def write_findings(findings: Iterable[Finding] | pa.Table, path: Path) -> str:
    """Write one shard's findings, sorted by `ORDER`; return the file's SHA-256 (hex). Raises OutputError."""
    data = findings_bytes(findings)
    write_bytes(path, data)
    return hashlib.sha256(data).hexdigest()


def findings_bytes(findings: Iterable[Finding] | pa.Table) -> bytes:
    """The file of one shard's findings, sorted by `ORDER`."""
    table = findings if isinstance(findings, pa.Table) else findings_table(findings)
    return _parquet_of(table.sort_by([(name, "ascending") for name in ORDER]))


def write_table(table: pa.Table, path: Path) -> str:
    """Write `table` as Parquet, whole or not at all; return the file's SHA-256 (hex). Raises OutputError."""
    data = _parquet_of(table)
    write_bytes(path, data)
    return hashlib.sha256(data).hexdigest()


def write_in_order(table: pa.Table, order: Sequence[str], path: Path) -> None:
    """Write `table`, which may be large, sorted by the columns `order`: the bytes of `write_table`, in less memory.

    One row group after the other is put in order, so that there is no second copy of the whole. Raises OutputError.
    """
    import pyarrow.compute as pc  # noqa: PLC0415

    places = pc.sort_indices(table, [(name, "ascending") for name in order])
    with (
        replacing(path) as file,
        pq.ParquetWriter(file, table.schema, compression="zstd", compression_level=3) as writer,
    ):
        for begin in range(0, max(1, len(places)), ROWS_PER_GROUP):
            group = table.take(places[begin : begin + ROWS_PER_GROUP]).combine_chunks()
            writer.write_table(group, row_group_size=ROWS_PER_GROUP)


def _parquet_of(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(
        table.combine_chunks(), sink, compression="zstd", compression_level=3, row_group_size=ROWS_PER_GROUP
    )
    return sink.getvalue().to_pybytes()


def read_findings(path: Path, data: bytes | None = None) -> pa.Table:
    """All rows of one file, of which `data` are the bytes where they were read already.

    Raises RunError when it is missing, damaged or not a findings file.
    """
    with _opened(path, data) as file:
        try:
            return _completed(file.read(use_threads=data is None))  # a shard's few rows come sooner without
        except (OSError, pa.ArrowException) as error:
            raise RunError(f"{path}: damaged findings file: {error}") from error


def findings_files(run: Path) -> list[Path]:
    """The findings files of the run folder `run`, in the order of their names."""
    return sorted(path for path in (run / "findings").glob("*.parquet") if not path.name.startswith("."))


def iter_findings(
    paths: Iterable[Path], columns: Sequence[str] | None = None, batch_size: int = ROWS_PER_GROUP
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of many files in batches of at most `batch_size`, one file open at a time.

    Raises RunError when a file is missing, damaged or not a findings file.
    """
    for path in paths:
        with _opened(path) as file:
            try:
                wanted = list(columns or SCHEMA.names)
                for batch in file.iter_batches(batch_size=batch_size, columns=_there(wanted, file)):
                    yield _widened(batch, wanted)
            except (OSError, pa.ArrowException) as error:
                raise RunError(f"{path}: damaged findings file: {error}") from error


def _opened(path: Path, data: bytes | None = None) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(path if data is None else pa.BufferReader(data))
    except FileNotFoundError as error:
        raise RunError(f"{path}: no such findings file") from error
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path}: not a readable Parquet file: {error}") from error
    schema = file.schema_arrow
    version = (schema.metadata or {}).get(_METADATA_KEY, b"").decode(errors="replace")
    if version not in _VERSIONS and any(schema.equals(known) for known in _VERSIONS.values()):
        file.close()
        raise RunError(f"{path}: findings of version {version or 'none'!r}; versions '1' to '5' are read")
    known = _VERSIONS.get(version, SCHEMA)
    if not schema.equals(known):
        file.close()
        raise RunError(f"{path}: {_difference(schema, known, version)}")
    return file


def _there(wanted: Sequence[str], file: pq.ParquetFile) -> list[str]:
    names = set(file.schema_arrow.names)  # made anew each time it is asked for
    return [name for name in wanted if name in names]


def _widened(batch: pa.RecordBatch, wanted: Sequence[str]) -> pa.RecordBatch:
    """The columns wanted; those that an earlier version lacks are null."""
    if batch.num_columns == len(wanted):
        return batch
    columns = [
        batch.column(name)
        if name in batch.schema.names
        else pa.nulls(batch.num_rows, SCHEMA.field(name).type)
        for name in wanted
    ]
    fields: list[Any] = [SCHEMA.field(name) for name in wanted]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))


def _completed(table: pa.Table) -> pa.Table:
    """A table of `SCHEMA`, whatever the version."""
    if table.schema.equals(SCHEMA):
        return table
    batches = [_widened(batch, SCHEMA.names) for batch in table.to_batches()]
    return pa.Table.from_batches(batches, schema=SCHEMA)


def _difference(schema: pa.Schema, known: pa.Schema, version: str) -> str:
    wrong = f"not a findings file of version {version or '5'}"
    missing = [name for name in known.names if name not in schema.names]
    if missing:
        return f"not a findings file: column {missing[0]!r} is missing"
    extra = [name for name in schema.names if name not in known.names]
    if extra:
        return f"{wrong}: column {extra[0]!r} is unknown"
    other = [name for name in known.names if schema.field(name) != known.field(name)]
    if other:
        return f"{wrong}: column {other[0]!r} is {schema.field(other[0]).type}"
    return f"{wrong}: the columns stand in another order"
