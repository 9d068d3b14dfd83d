"""Sketches: what is kept of each picture of a corpus, so that a work registered later needs no second reading of it.

One Parquet file for each shard: where a picture stands, its size, and its sketch of 128 bytes (see
`fingerprint.image.sketch`, which this room does not look into). The file's metadata say which shard it is of.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.atomic import replacing
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import BinaryIO, Self

    import numpy.typing as npt

    from countermark.corpus.base import Shard
    from countermark.media import Refusal

VERSION = "1"
SKETCH_BYTES = 128
FORMAT = "sketches"
SUFFIX = ".sketches.parquet"
"""How the names of these files end."""

GROUP_ROWS = 1 << 14  # of a row group: about 2 MB of sketches
MOST_GROUP_BYTES = 1 << 28  # a row group that says it is larger was not written by us

_FIELDS: list[pa.Field[Any]] = [
    pa.field("row", pa.int64(), nullable=False),
    pa.field("record_id", pa.string()),
    pa.field("url", pa.string()),
    pa.field("width", pa.uint32(), nullable=False),
    pa.field("height", pa.uint32(), nullable=False),
    pa.field("frame", pa.uint32(), nullable=False),
    pa.field("sketch", pa.binary(SKETCH_BYTES), nullable=False),
]
_SCHEMA = pa.schema(_FIELDS)
_PREFIX = "countermark."


class SketchesOf(NamedTuple):
    """What a file of sketches is of: the shard's name and digest, and the recipe of the sketches."""

    shard: str
    digest: str
    scheme: str


class SketchRow(NamedTuple):
    """Where one frame of one picture stands: row, id and address as in RecordBatch, size in pixels, frame from 0."""

    row: int
    record_id: str | None
    url: str | None
    width: int
    height: int
    frame: int = 0


@dataclass(frozen=True, slots=True)
class SketchBatch:
    """Some rows of a file of sketches, in its order; `sketches` is uint8[n, 128]; `of` is what the file is of.

    `refused` and `bytes_read` are as in RecordBatch.
    """

    rows: tuple[SketchRow, ...]
    sketches: npt.NDArray[np.uint8]
    of: SketchesOf
    refused: tuple[Refusal, ...] = ()
    bytes_read: int = 0

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.rows)


class SketchWriter:
    """Writes the sketches of one shard; used as a context, at whose end the file is there, or not at all.

    Raises OutputError where it cannot be written.
    """

    def __init__(self, path: Path, of: SketchesOf) -> None:
        self._path, self._of = path, of
        self._rows: list[SketchRow] = []
        self._sketches: list[bytes] = []

    def __enter__(self) -> Self:
        """Open the file under a temporary name."""
        facts = {f"{_PREFIX}{name}": value for name, value in self._of._asdict().items()}
        self._schema = schema = _SCHEMA.with_metadata({f"{_PREFIX}sketches": VERSION, **facts})
        self._whole: AbstractContextManager[BinaryIO] = replacing(self._path)
        self._file = pq.ParquetWriter(
            self._whole.__enter__(),
            schema,
            compression={name: "none" if name == "sketch" else "zstd" for name in schema.names},
            use_dictionary=False,
        )
        return self

    def add(self, row: SketchRow, sketch: npt.NDArray[np.uint8]) -> None:
        """Append one frame; its sketch is uint8[128]."""
        if sketch.shape != (SKETCH_BYTES,) or sketch.dtype != np.uint8:
            raise ValueError(f"a sketch is uint8[{SKETCH_BYTES}], not {sketch.dtype}{list(sketch.shape)}")
        self._rows.append(row)
        self._sketches.append(sketch.tobytes())
        if len(self._rows) == GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        columns = [list(column) for column in zip(*self._rows, strict=True)] or [
            [] for _ in SketchRow._fields
        ]
        arrays = [pa.array(column, _SCHEMA.field(at).type) for at, column in enumerate(columns)]
        arrays.append(pa.array(self._sketches, pa.binary(SKETCH_BYTES)))
        self._file.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows, self._sketches = [], []

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left and give the file its name; nothing stays of it after an error."""
        try:
            if kind is None and self._rows:
                self._flush()
            self._file.close()
        except BaseException as fault:
            self._whole.__exit__(type(fault), fault, fault.__traceback__)
            raise
        self._whole.__exit__(kind, error, trace)


class SketchesReader:
    """Reads the files that `countermark scan --keep-sketches` writes."""

    format = FORMAT

    def batches(self, shard: Shard) -> Iterator[SketchBatch]:
        """Yield the rows of a file; see `read_sketches`."""
        try:
            yield from read_sketches(Path(shard.path))
        except CorpusError as error:
            raise CorpusError(str(error).replace(shard.path, shard.name)) from error


def sketches_of(path: Path) -> SketchesOf:
    """What a file of sketches is of. Raises CorpusError where it is none, or of a version that is not read here."""
    with _opened(path) as file:
        return _head(path, file)


def read_sketches(path: Path) -> Iterator[SketchBatch]:
    """The rows of a file of sketches, in batches. Raises CorpusError where it is none, or is damaged."""
    with _opened(path) as file:
        of = _head(path, file)
        try:
            for group in range(file.metadata.num_row_groups):
                if file.metadata.row_group(group).total_byte_size > MOST_GROUP_BYTES:
                    raise CorpusError(f"{path}: row group {group} is larger than any that Countermark writes")
                for batch in file.iter_batches(GROUP_ROWS, row_groups=[group], use_threads=False):
                    yield _batch(batch, of)
        except (pa.ArrowException, OSError, ValueError, TypeError) as error:
            raise CorpusError(f"{path}: the sketches cannot be read: {error}") from error


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path, memory_map=False, pre_buffer=False)
    except (OSError, pa.ArrowException) as error:
        raise CorpusError(f"{path}: no readable file of sketches: {error}") from error


def _head(path: Path, file: pq.ParquetFile) -> SketchesOf:
    schema = file.schema_arrow
    facts = {key.decode("utf-8", "replace"): value for key, value in (schema.metadata or {}).items()}
    version = facts.get(f"{_PREFIX}sketches")
    if version is None or not schema.equals(_SCHEMA):
        raise CorpusError(f"{path} is no file of sketches, as `countermark scan --keep-sketches` writes them")
    if version != VERSION.encode():
        raise CorpusError(
            f"{path}: sketches of version {version.decode('utf-8', 'replace')}; this one reads {VERSION}: "
            "scan the shard again"
        )
    values = [facts.get(f"{_PREFIX}{name}", b"").decode("utf-8", "replace") for name in SketchesOf._fields]
    return SketchesOf(*values)


def _batch(batch: pa.RecordBatch, of: SketchesOf) -> SketchBatch:
    columns: list[list[Any]] = [batch.column(name).to_pylist() for name in SketchRow._fields]
    sketched: list[Any] = batch.column("sketch").to_pylist()
    data = b"".join(sketched)
    sketches = np.frombuffer(data, dtype=np.uint8).reshape(batch.num_rows, SKETCH_BYTES)
    return SketchBatch(
        tuple(map(SketchRow._make, zip(*columns, strict=True))), sketches, of, (), batch.nbytes
    )
