"""Modalities' `.pbin`: ids, and after them a pickled index of the documents, which is never unpickled.

8 bytes say how many bytes of data there are, 4 bytes how many an id takes, little-endian; then come the data and the
index. Source: src/modalities/dataloader/create_packed_data.py of Modalities/modalities. In its first version the index
counted bytes from the beginning of the header. Where the index cannot be used, documents are split at end tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

import numpy as np

from countermark.corpus.base import Shard
from countermark.corpus.tokens.block import Sample
from countermark.corpus.tokens.extents import (
    ExtentReader,
    Extents,
    Parts,
    array_at,
    bytes_at,
    opened,
    spread,
)
from countermark.corpus.tokens.pickled_index import BadIndexError, IndexReader, Place
from countermark.corpus.tokens.splitting import IdRow
from countermark.corpus.tokens.streams import row_blocks, row_parts
from countermark.errors import CorpusError
from countermark.media import Refusal
from countermark.storage.reading import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.tokens.block import TokenBlock
    from countermark.corpus.tokens.pickled_index import Entries
    from countermark.corpus.tokens.table import TokenTable

HEADER: Final = 12
TYPES: Final = {1: "|u1", 2: "<u2", 4: "<u4"}
INDEX_OPTION: Final = "index"
"""`BASE:PLACE:BYTE`: what the index counts the data's first byte as, and where in it and in the data a part begins."""


class _Layout(NamedTuple):
    """The header: `said` bytes of data of which `size` are there, and the type of ids."""

    said: int
    size: int
    dtype: str

    @property
    def width(self) -> int:
        return np.dtype(self.dtype).itemsize

    @property
    def total(self) -> int:
        return self.size // self.width


class _Cut(NamedTuple):
    """A part: its documents, its bytes of data, and where it begins in the index and in the data."""

    begin: int
    end: int
    size: int
    place: Place
    byte: int


class PackedBin:
    """Reads `.pbin` files. `row` is the number of a document, or where the index is not used a position of ids."""

    format = "pbin"

    def sample(self, path: str, name: str, column: str | None = None) -> Sample:  # noqa: ARG002
        """Ids from all over the data; see TokenFormat."""
        with opened(path, name) as file:
            layout = _layout(file, path, name)
            stretches = [
                array_at(file, layout.dtype, HEADER + begin * layout.width, end - begin, name)
                for begin, end in spread(layout.total)
            ]
        return Sample(tuple(stretches), (layout.dtype,))

    def shards(
        self, path: str, name: str, size: int, part_bytes: int, options: tuple[tuple[str, str], ...]
    ) -> Iterator[Shard | Refusal]:
        """Ranges of documents, or of positions where the index is not used. See TokenFormat."""
        with opened(path, name) as file:
            layout = _layout(file, path, name)
            if layout.size < layout.said:
                told = (
                    f"its header says {layout.said:,} bytes of ids; {layout.size:,} are there, and no index"
                )
                yield Refusal(name, -1, "truncated", told)
                problem = ""
            else:
                base, parts, problem = _parts(file, layout, part_bytes)
        if problem:
            told = f"the index of documents is not used: {problem}; they are split at end tokens"
            yield Refusal(name, -1, "pickled-index", told)
        if problem or layout.size < layout.said:
            whole = Shard(name, path, self.format, size, options=options)
            yield from row_parts(whole, layout.total, layout.width, part_bytes)
            return
        for part in parts:
            option = (INDEX_OPTION, f"{base}:{part.place}:{part.byte}")
            if len(parts) == 1:
                yield Shard(name, path, self.format, size, options=(*options, option))
                return
            shown = f"{name}#{part.begin}-{part.end}"
            yield Shard(shown, path, self.format, part.size, part.begin, part.end, options=(*options, option))

    def blocks(self, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
        """The documents `[begin, end)`, or those that begin at these positions; see TokenFormat."""
        index = dict(shard.options).get(INDEX_OPTION)
        with opened(shard.path, shard.name) as file:
            layout = _layout(file, shard.path, shard.name)
            if index is None:
                row = IdRow(file, layout.dtype, HEADER, layout.total, shard.name)
                yield from row_blocks(row, shard, table)
                return
            try:
                for extents in _documents(file, layout, shard, index):
                    yield from ExtentReader(file, layout.dtype, shard.name).blocks(extents)
            except BadIndexError as error:
                raise CorpusError(
                    f"{shard.name}: its index is not what it was when it was listed: {error}"
                ) from error


def _layout(file: BinaryIO, path: str, where: str) -> _Layout:
    size = size_of(path)
    if size < HEADER:
        raise CorpusError(f"{where}: {size} bytes are no .pbin; its header alone has {HEADER}")
    head = bytes_at(file, 0, HEADER, where)
    said, width = int.from_bytes(head[:8], "little"), int.from_bytes(head[8:], "little")
    if width not in TYPES:
        raise CorpusError(f"{where}: its header says {width:,} bytes for each id; 1, 2 and 4 are read")
    if said == 0:
        raise CorpusError(f"{where}: its header says 0 bytes of ids: it was never finished, or is empty")
    layout = _Layout(said, min(said, size - HEADER), TYPES[width])
    if not layout.total:
        raise CorpusError(f"{where}: there are no token ids in it ({size:,} bytes)")
    return layout


def _parts(file: BinaryIO, layout: _Layout, part_bytes: int) -> tuple[int, list[_Cut], str]:
    """Cut at documents; return the base of the index, the parts, and why the index is not used ("" if it is)."""
    problems = []
    for base in (0, HEADER):
        try:
            return (
                base,
                _cut(IndexReader(file, HEADER + layout.size, layout.size, base), layout, part_bytes),
                "",
            )
        except BadIndexError as error:
            problems.append(str(error))
    return 0, [], problems[0]


def _cut(reader: IndexReader, layout: _Layout, part_bytes: int) -> list[_Cut]:
    parts, documents = Parts(part_bytes), 0
    places = [(Place(), 0)]
    for some in reader.entries():
        if (some.end % layout.width).any():
            raise BadIndexError(f"it names documents that are no multiple of {layout.width} bytes")
        cuts = [end - documents - 1 for end in parts.add(documents, some.end - some.begin)]
        places += [(some.place(cut), int(some.end[cut])) for cut in cuts]
        documents += len(some.end)
    return [
        _Cut(*part, *place) for part, place in zip(parts.all(documents), places, strict=False)
    ]  # there is one place more where the last part is full


def _documents(file: BinaryIO, layout: _Layout, shard: Shard, index: str) -> Iterator[Extents]:
    """Yield where the documents of a shard stand."""
    base, place, byte = index.split(":")
    reader = IndexReader(file, HEADER + layout.size, layout.size, int(base))
    document = shard.begin
    for some in reader.entries(Place.parse(place), int(byte)):
        yield _extents(some, layout, document, shard.end)
        document += len(some.end)
        if document >= shard.end > -1:
            return


def _extents(some: Entries, layout: _Layout, document: int, until: int) -> Extents:
    end = some.end if until == -1 else some.end[: until - document]
    if (end % layout.width).any():
        raise BadIndexError(f"it names documents that are no multiple of {layout.width} bytes")
    count = len(end)
    begin = np.append(some.begin, end[:-1])
    numbers = np.arange(document, document + count)
    return Extents(
        HEADER + begin,
        (end - begin) // layout.width,
        np.arange(count + 1),
        numbers,
        numbers,
        np.ones(count, np.uint8),
    )
