"""Files of token ids in every format, written by hand for the tests."""

from __future__ import annotations

import pickle
import random
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.corpus.base import Shard
from countermark.corpus.tokens.table import SPECIAL, Kind, TokenTable, table_of
from countermark.media import Refusal

if TYPE_CHECKING:
    from countermark.corpus.tokens.block import TokenBlock, TokenFormat

END = 256
"""The end token of `byte_table`."""
MEGATRON_CODES = {1: "|u1", 2: "|i1", 3: "<i2", 4: "<i4", 5: "<i8", 8: "<u2"}

Documents = list[list[int]]


class Document(NamedTuple):
    """A document, or a piece of one, as it came out of a block."""

    ids: list[int]
    row: int
    sequence: int
    first: int
    whole: bool
    own: int
    record_id: str | None = None


def byte_table(ends: tuple[int, ...] = (END,)) -> TokenTable:
    """A table of the 256 bytes and an end token."""
    tokens = [bytes([number]) for number in range(256)]
    return table_of("bytes", Kind.BYTES, [*tokens, b""], [0] * 256 + [SPECIAL], [0.0] * 257, ends=ends)


def documents(count: int = 40, seed: int = 0, most: int = 60, largest: int = 200) -> Documents:
    """Documents of ids of at least one each, below `largest`, without an end token."""
    drawn = random.Random(seed)
    return [[drawn.randrange(largest) for _ in range(drawn.randrange(1, most))] for _ in range(count)]


def write_megatron(
    path: Path,
    texts: Sequence[Sequence[Sequence[int]]],
    code: int = 8,
    modes: Sequence[int] | None = None,
    dtype: str | None = None,
) -> Path:
    """Write `path` (a `.bin`) and its `.idx`; each text is a list of sequences."""
    kind = np.dtype(dtype or MEGATRON_CODES[code])
    sequences = [sequence for text in texts for sequence in text]
    lengths = [len(sequence) for sequence in sequences]
    starts = np.cumsum([0, *lengths]) * kind.itemsize
    index = np.cumsum([0, *(len(text) for text in texts)])
    path.write_bytes(b"".join(np.array(sequence, kind).tobytes() for sequence in sequences))
    path.with_suffix(".idx").write_bytes(
        b"MMIDIDX\0\0"
        + struct.pack("<QBQQ", 1, code, len(lengths), len(index))
        + np.array(lengths, "<i4").tobytes()
        + starts[:-1].astype("<i8").tobytes()
        + index.astype("<i8").tobytes()
        + (b"" if modes is None else np.array(modes, "i1").tobytes())
    )
    return path


def write_side_car(path: Path, columns: dict[str, Any], rows: int = 7) -> None:
    """Write the table of provenance beside a `.bin`."""
    pq.write_table(pa.table(columns), path.with_suffix(".meta.parquet"), row_group_size=rows)


def write_stream(
    path: Path, ids: Sequence[int], dtype: str = "<u2", magic: int = 0, version: int = 1
) -> Path:
    """Write a row of ids: nothing but ids, or after a header of llm.c where there is a magic."""
    header = np.zeros(256, "<i4")
    header[:3] = magic, version, len(ids)
    path.write_bytes((header.tobytes() if magic else b"") + np.array(ids, dtype).tobytes())
    return path


def write_pbin(
    path: Path, texts: Sequence[Sequence[int]], width: int = 2, index: Any = None, protocol: int = 4
) -> Path:
    """Write a `.pbin`; `index` is pickled instead of the right one, or stands there as it is where it is bytes."""
    parts = [np.array(text, f"<u{width}").tobytes() for text in texts]
    sizes = [len(part) for part in parts]
    right = list(zip(np.cumsum([0, *sizes]).tolist(), sizes, strict=False))
    pickled = index if isinstance(index, bytes) else pickle.dumps(right if index is None else index, protocol)
    path.write_bytes(struct.pack("<QI", sum(sizes), width) + b"".join(parts) + pickled)
    return path


def joined(texts: Sequence[Sequence[int]], end: int = END, *, before: bool = False) -> list[int]:
    """One row of ids: each document and its end token, which stands before it with `before`."""
    return [one for text in texts for one in ([end, *text] if before else [*text, end])]


def listed(
    reader: TokenFormat, path: Path, part_bytes: int = 1 << 40, **options: str
) -> tuple[list[Shard], list[Refusal]]:
    """The shards of a file and what the listing refused."""
    found = list(reader.shards(str(path), path.name, path.stat().st_size, part_bytes, tuple(options.items())))
    shards = [one for one in found if isinstance(one, Shard)]
    return shards, [one for one in found if isinstance(one, Refusal)]


def read_blocks(
    reader: TokenFormat, shards: Sequence[Shard], table: TokenTable
) -> tuple[list[Document], list[Refusal]]:
    """The documents of some shards, and what was refused among them. Every block is checked against its promises."""
    found: list[Document] = []
    refused: list[Refusal] = []
    for shard in shards:
        for block in reader.blocks(shard, table):
            found += documents_of(block)
            refused += block.refused
    return found, refused


def documents_of(block: TokenBlock) -> Iterator[Document]:
    """The documents of a block, whose arrays are as they should be."""
    count = len(block)
    assert block.ids.dtype == np.int32
    assert block.bounds.shape == (count, 2)
    assert block.bounds.dtype == block.row.dtype == block.sequence.dtype == block.first.dtype == np.int64
    assert block.own.dtype == np.int64
    assert block.whole.dtype == np.uint8
    assert block.bytes_read >= 0
    ids = [None] * count if block.record_id is None else block.record_id.to_pylist()
    for number, (begin, end) in enumerate(block.bounds.tolist()):
        assert 0 <= begin <= end <= len(block.ids)
        assert 0 <= block.own[number] <= end - begin
        yield Document(
            block.ids[begin:end].tolist(),
            int(block.row[number]),
            int(block.sequence[number]),
            int(block.first[number]),
            bool(block.whole[number]),
            int(block.own[number]),
            ids[number],
        )


def read_whole(
    reader: TokenFormat, path: Path, table: TokenTable, part_bytes: int = 1 << 40, **options: str
) -> tuple[list[Document], list[Refusal]]:
    """All documents of a file, cut into parts of so many bytes, and all that was refused."""
    shards, refused = listed(reader, path, part_bytes, **options)
    found, more = read_blocks(reader, shards, table)
    return found, [*refused, *more]
