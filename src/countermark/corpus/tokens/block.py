"""Blocks of token ids, as the readers of formats hand them over, and what every format keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from countermark.corpus.base import Shard
    from countermark.corpus.tokens.table import TokenTable
    from countermark.media import Refusal

BLOCK_TOKENS: Final = 1 << 20
"""A block holds about so many ids: four MiB of text."""
PIECE_TOKENS: Final = 1 << 20
"""A longer document is read in pieces of so many ids."""
LEAD_OUT_TOKENS: Final = 1 << 15
"""The ids after a piece that are read with it; what begins there belongs to the next piece."""

OUTSIDE: Final = -1
"""Stands for an id that no table of int32 numbers can hold."""

Ids = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class TokenBlock:
    """Some documents of a shard as ids, in their order.

    Document `d` is `ids[bounds[d, 0]:bounds[d, 1]]`; what a format leaves out (padding) lies between. All other
    arrays have one entry a document. `row` is what `RecordBatch.row` says; several documents of one packed row have
    the same. `sequence` is the number of the sequence in the file, as the format counts, and `first` the position in
    it of the document's first id, so that the other party finds `ids[bounds[d, 0]]` there. `whole` is 0 where the
    document was cut: it is a fragment. `own` counts the ids that belong to this piece (all, but for pieces of a very
    long document); what begins later belongs to the next. `record_id`, `url` and `date` are what the data set calls
    the documents, None where it does not.
    `refused` lists what could not be read since the block before; `bytes_read` is for progress. `goes_on` says that the
    first document is a further piece of one whose piece before is read with another part of the file.
    """

    ids: Ids
    bounds: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    sequence: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    whole: npt.NDArray[np.uint8]
    own: npt.NDArray[np.int64]
    record_id: pa.StringArray | None = None
    url: pa.StringArray | None = None
    date: pa.StringArray | None = None
    refused: tuple[Refusal, ...] = ()
    bytes_read: int = 0
    goes_on: bool = False

    def __len__(self) -> int:
        """The number of documents."""
        return len(self.row)


class Sample(NamedTuple):
    """Ids from several places of a file, by which the tokeniser is tried.

    `stretches` are runs of ids that stand side by side in the file, each of one of the integer types `dtypes` (as NumPy
    writes them: `<u2`). Where the format says the type there is one; where it does not, each of `stretches` is raw
    bytes (uint8, beginning at a multiple of 8 bytes from the first id), to be read as each of `dtypes`.
    """

    stretches: tuple[npt.NDArray[np.generic], ...]
    dtypes: tuple[str, ...]


class TokenFormat(Protocol):
    """One way in which token ids are stored. Reads through `storage.reading`, so that files may be at URLs."""

    format: str

    def sample(self, path: str, name: str, column: str | None = None) -> Sample:
        """Some 64 Ki ids from all over a file, the same each time; `column` is that which the user named.

        Raises CorpusError (what is wrong, and where).
        """
        ...

    def shards(
        self, path: str, name: str, size: int, part_bytes: int, options: tuple[tuple[str, str], ...]
    ) -> Iterator[Shard | Refusal]:
        """The shards of a file, cut between documents where it is large. `options` go into each: see `Choice`."""
        ...

    def blocks(self, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
        """The documents of a shard, in blocks of bounded memory, ids as `int32_ids` gives them.

        Raises CorpusError when nothing of the shard can be read; what goes wrong after that is a Refusal.
        """
        ...


def int32_ids(ids: npt.NDArray[np.generic]) -> Ids:
    """Ids of any integer type as int32; what int32 cannot hold becomes OUTSIDE, and negative ids stay negative."""
    if ids.dtype.kind not in "iu":
        raise TypeError(f"ids of type {ids.dtype}")
    native = ids.astype(ids.dtype.newbyteorder("="), copy=False)
    if native.dtype.itemsize < 4 or native.dtype == np.int32:
        return native.astype(np.int32, copy=False)
    if native.dtype == np.uint32:
        return native.view(np.int32)  # past 2^31 they turn negative, which is outside every table
    inside = (native >= np.iinfo(np.int32).min) & (native <= np.iinfo(np.int32).max)
    return np.where(inside, native, OUTSIDE).astype(np.int32)
