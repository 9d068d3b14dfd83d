"""What a corpus is made of, and what every reader promises.

A corpus is a list of shards; a shard is one file or a fixed part of one; a reader turns a shard into
batches of records. Readers hand over whole Arrow arrays, so that nothing downstream works record by record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from countermark.corpus.captured import Captured
    from countermark.corpus.tokens.places import TokenPlaces
    from countermark.media import Refusal


@dataclass(frozen=True, slots=True)
class Shard:
    """One file of a corpus, or the part `[begin, end)` of it.

    `name` is stable across machines: the path relative to the corpus folder, `/` between parts, followed by
    `#begin-end` when it is a part. `begin` and `end` are bytes for line formats, plain text and WARC, row groups
    for Parquet, and positions in the sorted listing of the folder `path` for the format `documents` (whose name is
    the folder's with a `/` at its end); `end == -1` means the end of the file. Parts never overlap, and together they
    hold every record of the file once. `char_start` is the code-point offset of `begin` in the
    file (plain text only: parts of one document share one coordinate system). `size` is the size in bytes of what
    is to be read. `options` are reader settings that change what is read (for instance the text column), and
    `rows_before`, the number of rows of the file that stand before `begin`. `state` says, for what is on object
    storage, which content was listed: a shard whose state has changed is not read. It is no part of what identifies a
    shard (the digest of its bytes tells more), and empty for files on this machine.
    """

    name: str
    path: str
    format: str
    size: int
    begin: int = 0
    end: int = -1
    char_start: int = 0
    options: tuple[tuple[str, str], ...] = ()
    state: str = ""


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """Some records of a shard, in the order in which they stand.

    All arrays have the same length n. `text` is valid UTF-8 without surrogates. `row` is the 0-based row in the
    *file* (line, CSV record without the header, Parquet row, archive member, file in the listing of a folder), -1
    if unknown; for WARC it is the byte offset at which the record begins, as in a CDX index. `char_start` is the
    code-point offset of `text[i]` within the record (0 but for parts of one long plain text). `refused` lists the
    rows that were not read since the batch before, each with its reason; n may be 0 when there is only that to say.
    `bytes_read` counts the bytes of the shard's file that were consumed since the batch before (for progress).
    `own_end` is None where every text is whole. For a piece of a long plain text it holds the number of code points
    that belong to the piece: what follows is a lead-out of 64 to 128 KiB that belongs to the next piece. A finding
    that starts at or after `own_end[i]` is to be dropped: the next piece has it. `captured` holds what was captured
    beside the text and may tell of a reservation; None where the format carries no capture. `tokens` says where the
    texts stand among token ids; None where the corpus is text.
    """

    text: pa.LargeStringArray
    row: npt.NDArray[np.int64]
    record_id: pa.StringArray
    record_url: pa.StringArray
    record_date: pa.StringArray
    char_start: npt.NDArray[np.int64]
    refused: tuple[Refusal, ...] = ()
    bytes_read: int = 0
    own_end: npt.NDArray[np.int64] | None = None
    captured: tuple[Captured | None, ...] | None = None
    tokens: TokenPlaces | None = None

    def __len__(self) -> int:
        """The number of records."""
        return len(self.row)


class CorpusReader(Protocol):
    """Reads the shards of one format."""

    format: str

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the shard's records in order, in batches of bounded memory.

        Raises CorpusError when nothing of the shard can be read; what goes wrong after that is a Refusal.
        """
        ...
