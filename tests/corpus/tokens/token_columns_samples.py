"""Files of token ids in columns, made for the tests: MDS shards, Parquet, Arrow; and what a format reads of them."""

from __future__ import annotations

import bz2
import gzip
import json
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from countermark.corpus.base import Shard
from countermark.corpus.tokens.table import Kind, TokenTable, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from countermark.corpus.tokens.block import TokenBlock, TokenFormat
    from countermark.media import Refusal

END, PAD, BEGIN = 0, 1, 2
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": zstandard.compress,
    "gz": partial(gzip.compress, compresslevel=1),
    "bz2": bz2.compress,
}


def small_table(size: int = 1000) -> TokenTable:
    """A table of words, in which 0 ends documents, 1 is padding and 2 begins documents."""
    tokens = [b"", b"", b"", *(b" w%d" % number for number in range(3, size))]
    return table_of("small", Kind.BYTES, tokens, [1, 1, 1] + [0] * (size - 3), [0.0] * size, ends=(END,))


class Document(NamedTuple):
    """One document, or piece of one, as a format handed it over."""

    ids: list[int]
    row: int
    first: int
    whole: bool
    own: int
    record_id: str | None = None


def documents_of(blocks: Iterable[TokenBlock]) -> tuple[list[Document], list[Refusal]]:
    """The documents of blocks, and what was refused; each block is held to its contract."""
    found: list[Document] = []
    refused: list[Refusal] = []
    for block in blocks:
        held_to_contract(block)
        names = [None] * len(block) if block.record_id is None else block.record_id.to_pylist()
        for at, (begin, end) in enumerate(block.bounds.tolist()):
            found.append(
                Document(
                    block.ids[begin:end].tolist(),
                    int(block.row[at]),
                    int(block.first[at]),
                    bool(block.whole[at]),
                    int(block.own[at]),
                    names[at],
                )
            )
        refused += block.refused
    return found, refused


def held_to_contract(block: TokenBlock) -> None:
    """All arrays of a block have one length and the types that were promised; bounds lie in the ids."""
    count = len(block)
    assert block.ids.dtype == np.int32
    assert block.bounds.shape == (count, 2)
    assert block.whole.dtype == np.uint8
    for array in (block.row, block.sequence, block.first, block.own):
        assert array.dtype == np.int64
        assert len(array) == count
    assert len(block.whole) == count
    for names in (block.record_id, block.url, block.date):
        assert names is None or len(names) == count
    if count:
        assert block.bounds.min() >= 0
        assert block.bounds.max() <= len(block.ids)
        assert (block.bounds[:, 0] <= block.bounds[:, 1]).all()
        assert (block.own <= block.bounds[:, 1] - block.bounds[:, 0]).all()


def read_ids(
    format_: TokenFormat,
    path: Path,
    *,
    table: TokenTable | None = None,
    part_bytes: int = 64 << 20,
    options: tuple[tuple[str, str], ...] = (),
) -> tuple[list[Document], list[Refusal]]:
    """All documents of a file, read in parts."""
    table = table or small_table()
    shards = list(format_.shards(str(path), path.name, path.stat().st_size, part_bytes, options))
    blocks = []
    for shard in shards:
        assert isinstance(shard, Shard)
        read_so_far = 0
        for block in format_.blocks(shard, table):
            blocks.append(block)
            read_so_far += block.bytes_read
        assert 0 <= read_so_far <= shard.size
    return documents_of(blocks)


def whole(ids: Sequence[int], row: int, first: int = 0, record_id: str | None = None) -> Document:
    """A document that was not cut."""
    return Document(list(ids), row, first, True, len(ids), record_id)


def cut(ids: Sequence[int], row: int, first: int = 0, record_id: str | None = None) -> Document:
    """A fragment."""
    return Document(list(ids), row, first, False, len(ids), record_id)


def written_array(array: np.ndarray[Any, Any], encoding: str) -> bytes:
    """An array as `ndarray`, `ndarray:TYPE` or `ndarray:TYPE:SHAPE` of MosaicML streaming."""
    codes = {
        "uint8": 8,
        "int8": 9,
        "uint16": 16,
        "int16": 17,
        "uint32": 32,
        "int32": 33,
        "uint64": 64,
        "int64": 65,
    }
    parts = encoding.split(":")
    out = bytes([codes[array.dtype.name]]) if len(parts) == 1 else b""
    if len(parts) < 3:
        largest = max(array.shape)
        kind = 0 if largest < 1 << 8 else 1 if largest < 1 << 16 else 2
        out += bytes([array.ndim << 2 | kind]) + np.array(array.shape, f"<u{1 << kind}").tobytes()
    return out + array.astype(array.dtype.newbyteorder("<")).tobytes()


def mds_bytes(
    columns: Mapping[str, tuple[str, int | None]],
    samples: Sequence[Mapping[str, bytes]],
    *,
    header: bool = True,
) -> bytes:
    """An MDS shard: `columns` are encodings and sizes by name; values are bytes already."""
    names = sorted(columns)
    said = {"format": "mds", "version": 2, **described(columns)}
    config = json.dumps(said, sort_keys=True).encode() if header else b""
    bodies = []
    for sample in samples:
        varying = [len(sample[name]) for name in names if columns[name][1] is None]
        bodies.append(np.array(varying, "<u4").tobytes() + b"".join(sample[name] for name in names))
    begin = 4 * (len(samples) + 2) + len(config)
    offsets = np.cumsum([begin, *map(len, bodies)]).astype("<u4")
    return np.uint32(len(samples)).tobytes() + offsets.tobytes() + config + b"".join(bodies)


def described(columns: Mapping[str, tuple[str, int | None]]) -> dict[str, Any]:
    """The columns as a shard and an index say them."""
    names = sorted(columns)
    return {
        "column_names": names,
        "column_encodings": [columns[name][0] for name in names],
        "column_sizes": [columns[name][1] for name in names],
    }


def write_mds(
    folder: Path,
    columns: Mapping[str, tuple[str, int | None]],
    samples: Sequence[Mapping[str, bytes]],
    *,
    packed: str = "",
    index: bool = True,
    header: bool = True,
    said: Mapping[str, Any] | None = None,
) -> Path:
    """Write a folder with one shard and its index; `said` overrides what the index says of the shard."""
    folder.mkdir(parents=True, exist_ok=True)
    data = mds_bytes(columns, samples, header=header)
    raw = {"basename": "shard.00000.mds", "bytes": len(data), "hashes": {"sha256": sha256(data).hexdigest()}}
    path, zipped = folder / "shard.00000.mds", None
    if packed:
        path = folder / f"shard.00000.mds.{packed}"
        data = PACKERS[packed](data)
        sha = {"sha256": sha256(data).hexdigest()}
        zipped = {"basename": path.name, "bytes": len(data), "hashes": sha}
    path.write_bytes(data)
    if index:
        shard = {"format": "mds", "version": 2, "samples": len(samples), "compression": packed or None}
        shard |= {"raw_data": raw, "zip_data": zipped, **described(columns), **(said or {})}
        (folder / "index.json").write_text(json.dumps({"version": 2, "shards": [shard]}))
    return path


def write_ids(path: Path, rows: Sequence[Any], kind: Any = None, **columns: Any) -> Path:
    """Write rows of ids, and other columns, as Parquet (row groups of 3) or as Arrow (record batches of 3)."""
    table = pa.table({"input_ids": pa.array(rows, kind or pa.list_(pa.int32())), **columns})
    return write_table(path, table)


def write_table(path: Path, table: pa.Table, each: int = 3, **options: Any) -> Path:
    """Write a table as Parquet, as an Arrow file (`.feather`) or as a stream, by the name."""
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=each)
        return path
    make = pa.ipc.new_file if path.suffix == ".feather" else pa.ipc.new_stream
    with (
        pa.OSFile(str(path), "wb") as file,
        make(file, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as out,
    ):
        out.write_table(table, max_chunksize=each)
    return path
