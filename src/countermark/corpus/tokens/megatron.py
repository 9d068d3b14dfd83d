"""Megatron and NeMo: ids in a `.bin`, with the `.idx` beside it that says where its documents stand."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.corpus.base import Shard
from countermark.corpus.tokens.block import Sample
from countermark.corpus.tokens.detection import index_path, provenance_path
from countermark.corpus.tokens.extents import (
    STRETCH_IDS,
    STRETCHES,
    ExtentReader,
    Parts,
    array_at,
    opened,
)
from countermark.corpus.tokens.megatron_index import (
    BadDocumentIndexError,
    MegatronIndex,
    extents_of,
)
from countermark.corpus.tokens.provenance import Provenance
from countermark.errors import CorpusError
from countermark.media import Refusal
from countermark.storage.reading import is_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from countermark.corpus.tokens.block import TokenBlock
    from countermark.corpus.tokens.megatron_index import Slice
    from countermark.corpus.tokens.table import TokenTable

_SAMPLED: Final = 64
"""Sequences that each stretch of a sample may take."""
BY_SEQUENCE: Final = ("documents", "sequences")


class Megatron:
    """Reads `.bin` files with an index. A record is a document; its sequences are put together."""

    format = "megatron"

    def sample(self, path: str, name: str, column: str | None = None) -> Sample:  # noqa: ARG002
        """Ids of sequences from all over the file; see TokenFormat."""
        stretches: list[npt.NDArray[Any]] = []
        with _index(path, name) as index, opened(path, name) as file:
            places = np.linspace(0, max(0, index.sequences - _SAMPLED), STRETCHES).astype(np.int64)
            taken = 0
            for place in np.unique(places).tolist() if index.sequences else []:
                end = min(max(place, taken) + _SAMPLED, index.sequences)
                part = index.slice(0, np.array([max(place, taken), end], np.int64))
                taken = end
                stretches += [
                    array_at(file, index.dtype, offset, count, name)
                    for offset, count in _side_by_side(part, index)
                ]
            if not stretches:
                raise CorpusError(f"{name}: none of its {index.sequences:,} sequences holds ids of a text")
            return Sample(tuple(stretches), (index.dtype,))

    def shards(
        self, path: str, name: str, size: int, part_bytes: int, options: tuple[tuple[str, str], ...]
    ) -> Iterator[Shard | Refusal]:
        """Ranges of documents of about `part_bytes`; see TokenFormat."""
        with _index(path, name) as index:
            try:
                parts, inside = _cut(index, part_bytes)
            except BadDocumentIndexError as error:
                yield Refusal(name, -1, "document-index", f"{error}: each sequence is read as a document")
                options = (*options, BY_SEQUENCE)
                parts, inside = _cut(replace(index, by_sequence=True), part_bytes)
            if inside < index.bin_size:
                told = (
                    f"{index.bin_size - inside} of {index.bin_size} bytes stand in no sequence of the index"
                )
                yield Refusal(name, -1, "outside-index", told)
        if len(parts) == 1:
            yield Shard(name, path, self.format, size, options=options)
            return
        for begin, end, amount in parts:
            yield Shard(f"{name}#{begin}-{end}", path, self.format, amount, begin, end, options=options)

    def blocks(self, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:  # noqa: ARG002
        """The documents `[begin, end)`; see TokenFormat."""
        with _index(shard.path, shard.name) as found, opened(shard.path, shard.name) as file:
            index = replace(found, by_sequence=BY_SEQUENCE in shard.options)
            end = index.documents if shard.end == -1 else shard.end
            if not 0 <= shard.begin <= end <= index.documents:
                raise CorpusError(f"{shard.name}: it has {index.documents:,} documents, not what was listed")
            reader = ExtentReader(file, index.dtype, shard.name)
            try:
                with Provenance.beside(provenance_path(shard.path), shard) as known:
                    for part in index.slices(shard.begin, end):
                        extents, refused = extents_of(part, index, shard.name)
                        ids = known.ids(part.document, len(part.first) - 1, extents.row)
                        extents = replace(extents, record_id=ids)
                        yield from reader.blocks(extents, (*known.take_refused(), *refused))
            except BadDocumentIndexError as error:
                raise CorpusError(f"{shard.name}: {error}") from error


@contextmanager
def _index(path: str, where: str) -> Iterator[MegatronIndex]:
    beside = index_path(path)
    if not is_file(beside):
        raise CorpusError(f"{where}: there is no .idx beside it, which says where its documents stand")
    with opened(beside, where) as file:
        yield MegatronIndex.of(file, beside, path, where)


def _side_by_side(part: Slice, index: MegatronIndex) -> Iterator[tuple[int, int]]:
    """Yield the byte and the number of ids of runs of texts that stand side by side, STRETCH_IDS in all."""
    room = STRETCH_IDS
    good = part.inside(index.item, index.bin_size) & (part.mode == 0) & (part.length > 0)
    begin = count = 0
    for pointer, length in zip(part.pointer[good].tolist(), part.length[good].tolist(), strict=True):
        if count and pointer != begin + count * index.item:
            yield begin, count
            room, count = room - count, 0
        begin = begin if count else pointer
        count = min(count + length, room)
        if count == room:
            break
    if count:
        yield begin, count


def _cut(index: MegatronIndex, part_bytes: int) -> tuple[list[tuple[int, int, int]], int]:
    """Cut at documents; return begin, end and bytes of each part, and the bytes of all sequences that are there.

    Raises CorpusError where these are more than the file has: whoever read them all would read without end.
    """
    if index.sequences and not index.documents:
        raise BadDocumentIndexError(f"its document index has no document for {index.sequences:,} sequences")
    parts, inside = Parts(part_bytes), 0
    for part in index.slices(0, index.documents):
        sizes = np.where(part.inside(index.item, index.bin_size), part.length * index.item, 0)
        upto = np.append(0, np.cumsum(sizes))[part.first]
        inside += int(upto[-1])
        if inside > index.bin_size:
            told = f"from document {part.document:,} on, sequences lie over one another"
            raise CorpusError(
                f"{index.where}: {told}: they take more than the {index.bin_size:,} bytes there are"
            )
        if part.cut:
            parts.hold(int(upto[-1]))
        else:
            parts.add(part.document, upto[1:])
    return parts.all(index.documents), inside
