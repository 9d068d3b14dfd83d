"""Which bytes of a file a shard of token ids, or of Arrow record batches, is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from countermark.corpus.arrow_messages import walk
from countermark.corpus.tokens.detection import index_path
from countermark.corpus.tokens.megatron import BY_SEQUENCE
from countermark.corpus.tokens.megatron_index import BadDocumentIndexError, MegatronIndex
from countermark.corpus.tokens.pbin import HEADER, INDEX_OPTION
from countermark.errors import CorpusError
from countermark.storage.reading import open_binary, size_of

if TYPE_CHECKING:
    from countermark.corpus.base import Shard


def byte_range(shard: Shard) -> tuple[int, int]:
    """From the first to the last byte of a part. Raises OSError, and CorpusError where it is not where it should be."""
    if shard.format == "megatron":
        return _of_megatron(shard)
    if shard.format in ("arrow", "token-arrow"):
        return _of_arrow(shard)
    if shard.format == "mds":
        return _of_mosaic(shard)
    options = dict(shard.options)
    if INDEX_OPTION in options:  # a .pbin: the part's first byte among the data stands in it
        begin = HEADER + int(options[INDEX_OPTION].rpartition(":")[2])
        return begin, begin + shard.size
    header = int(options.get("header", HEADER))
    width = np.dtype(options["ids"]).itemsize
    return header + shard.begin * width, header + shard.end * width


def _of_megatron(shard: Shard) -> tuple[int, int]:
    """From the first byte of the first of its sequences to the end of the last, wherever the index says they are."""
    beside = index_path(shard.path)
    begin, end = size_of(shard.path), 0
    with open_binary(beside) as file:
        index = MegatronIndex.of(file, beside, shard.path, shard.name)
        index = replace(index, by_sequence=BY_SEQUENCE in shard.options)
        try:
            for part in index.slices(shard.begin, min(shard.end, index.documents)):
                inside = part.inside(index.item, index.bin_size) & (part.length > 0)
                pointers, lengths = part.pointer[inside], part.length[inside]
                if len(pointers):
                    begin = min(begin, int(pointers.min()))
                    end = max(end, int((pointers + lengths * index.item).max()))
        except BadDocumentIndexError as error:
            raise CorpusError(f"{shard.name}: {error}") from error
    return (begin, end) if begin < end else (0, 0)


def _of_mosaic(shard: Shard) -> tuple[int, int]:
    """From its first sample to the end of its last: the file begins with their number and where each begins."""
    with open_binary(shard.path) as file:
        count = int.from_bytes(file.read(4), "little")
        begin, end = (min(number, count) for number in (shard.begin, shard.end))
        offsets = []
        for number in (begin, end):
            file.seek(4 + 4 * number)
            offsets.append(int.from_bytes(file.read(4), "little"))
    return offsets[0], max(offsets)


def _of_arrow(shard: Shard) -> tuple[int, int]:
    with open_binary(shard.path) as file:
        batches = walk(file, size_of(shard.path), shard.name).batches[shard.begin : shard.end]
    return (batches[0].at, batches[-1].end) if batches else (0, 0)
