"""The rows of an array of two dimensions: as many ids in each, documents packed into them and cut where one is full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from countermark.corpus.tokens.block import BLOCK_TOKENS
from countermark.corpus.tokens.packing import MOST_IDS, IdRows, Unpacking
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.tokens.block import TokenBlock
    from countermark.corpus.tokens.splitting import IdRow
    from countermark.corpus.tokens.table import TokenTable


def array_blocks(ids: IdRow, width: int, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
    """Yield the documents of the rows, of `width` ids each, that a shard has of a file. Raises CorpusError."""
    rows = ids.total // width
    end = rows if shard.end == -1 else shard.end
    if not 0 <= shard.begin <= end <= rows:
        raise CorpusError(f"{shard.name}: it has {rows:,} rows, not what was listed")
    if width > MOST_IDS:
        raise CorpusError(f"{shard.name}: rows of {width:,} ids; at most {MOST_IDS:,} are read")
    unpacking = Unpacking(table, width)
    # whether the row before was cut tells whether the first one goes on with its document, however the file is cut
    unpacking.begin(cut=shard.begin > 0 and unpacking.is_cut(_rows(ids, width, shard.begin - 1, shard.begin)))
    some = max(1, BLOCK_TOKENS // width)
    for begin in range(shard.begin, end, some):
        yield from unpacking.blocks(_rows(ids, width, begin, min(begin + some, end)))


def _rows(ids: IdRow, width: int, begin: int, end: int) -> IdRows:
    return IdRows(
        ids=ids.ids(begin * width, end * width),
        starts=np.arange(end - begin + 1, dtype=np.int64) * width,
        row=np.arange(begin, end, dtype=np.int64),
        bytes_read=(end - begin) * width * np.dtype(ids.dtype).itemsize,
    )
