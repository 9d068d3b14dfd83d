"""One row of ids in one file: nanoGPT and OLMo (nothing but ids), llm.c and modded-nanogpt, and NumPy's `.npy`.

A `.npy` of two dimensions has many rows of one length: see `array_rows`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from countermark.corpus.base import Shard
from countermark.corpus.tokens.array_rows import array_blocks
from countermark.corpus.tokens.block import Sample
from countermark.corpus.tokens.extents import array_at, opened, spread
from countermark.corpus.tokens.splitting import IdRow, Splitter
from countermark.corpus.tokens.stream_layout import layout_at
from countermark.errors import CorpusError
from countermark.media import Refusal
from countermark.storage.reading import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.tokens.block import TokenBlock
    from countermark.corpus.tokens.table import TokenTable

_ALIGNED = 8
"""Raw bytes of a sample begin at a multiple of this, so that they can be read as any type."""


class TokenStream:
    """Reads files that are one row of ids. Documents are what stands between end tokens; `row` is a position of ids.

    In an array of two dimensions it is the number of a row.
    """

    format = "token-stream"

    def sample(self, path: str, name: str, column: str | None = None) -> Sample:  # noqa: ARG002
        """Ids from all over the file, or bytes where it does not say of which type they are; see TokenFormat."""
        layout = layout_at(path, name)
        size = size_of(path)
        known = len(layout.dtypes) == 1
        with opened(path, name) as file:
            if known:
                dtype = layout.dtypes[0]
                width = np.dtype(dtype).itemsize
                stretches = tuple(
                    array_at(file, dtype, layout.header + begin * width, end - begin, name)
                    for begin, end in spread(layout.ids(size, dtype))
                )
            else:
                widest = max(np.dtype(dtype).itemsize for dtype in layout.dtypes)
                words = [
                    (begin * widest // _ALIGNED * _ALIGNED, (end - begin) * widest)
                    for begin, end in spread(layout.ids(size, "|u1") // widest)
                ]
                stretches = tuple(
                    array_at(file, "|u1", layout.header + begin, amount, name) for begin, amount in words
                )
        if not stretches:
            raise CorpusError(f"{name}: there are no token ids in it ({size:,} bytes)")
        return Sample(stretches, layout.dtypes)

    def shards(
        self, path: str, name: str, size: int, part_bytes: int, options: tuple[tuple[str, str], ...]
    ) -> Iterator[Shard | Refusal]:
        """Ranges of positions; a part has the documents that begin in it. See TokenFormat."""
        layout = layout_at(path, name)
        dtype = dict(options).get("ids", layout.dtypes[0])
        if dtype not in layout.dtypes:
            raise CorpusError(f"{name}: its ids are {' or '.join(layout.dtypes)}, not {dtype}")
        count, width = layout.ids(size, dtype), np.dtype(dtype).itemsize
        left = size - layout.header - count * width
        if layout.said is not None and count < layout.said:
            told = f"its header says {layout.said:,} ids; {count:,} are there"
            yield Refusal(name, -1, "truncated", told)
        elif left:
            told = "1 byte after the last id was" if left == 1 else f"{left:,} bytes after the last id were"
            yield Refusal(name, -1, "truncated", f"{told} not read")
        options = (
            *(one for one in options if one[0] != "ids"),
            ("ids", dtype),
            ("header", str(layout.header)),
        )
        whole = Shard(name, path, self.format, size, options=options)
        yield from row_parts(whole, count // (layout.width or 1), width * (layout.width or 1), part_bytes)

    def blocks(self, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
        """The documents that begin at the positions `[begin, end)`; see TokenFormat."""
        said = dict(shard.options)
        layout = layout_at(shard.path, shard.name)
        dtype = said.get("ids", layout.dtypes[0])
        if dtype not in layout.dtypes or said.get("header", str(layout.header)) != str(layout.header):
            raise CorpusError(f"{shard.name}: it is not laid out as when it was listed")
        with opened(shard.path, shard.name) as file:
            count = layout.ids(size_of(shard.path), dtype)
            row = IdRow(file, dtype, layout.header, count, shard.name)
            if layout.width:
                yield from array_blocks(row, layout.width, shard, table)
            else:
                yield from row_blocks(row, shard, table)


def row_parts(whole: Shard, count: int, width: int, part_bytes: int) -> Iterator[Shard]:
    """Yield the parts of a file of `count` ids, or rows, of `width` bytes, which the shard `whole` describes."""
    each = max(1, part_bytes // width)
    if count <= each:
        yield whole
        return
    for begin in range(0, count, each):
        end = min(begin + each, count)
        name, size = f"{whole.name}#{begin}-{end}", (end - begin) * width
        yield Shard(name, whole.path, whole.format, size, begin, end, options=whole.options)


def row_blocks(row: IdRow, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
    """Yield the documents of a row that begin in the part that a shard is."""
    end = row.total if shard.end == -1 else shard.end
    if not 0 <= shard.begin <= end <= row.total:
        raise CorpusError(f"{shard.name}: it has {row.total:,} ids, not what was listed")
    yield from Splitter(row, table.ends).blocks(shard.begin, end)
