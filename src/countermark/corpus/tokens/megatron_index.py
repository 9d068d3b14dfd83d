"""The index of a Megatron data set (`.idx`), read in slices and checked against the sizes of both files.

After 34 bytes of header stand, little-endian: lengths int32[s] (ids), pointers int64[s] (bytes in the .bin), the
document index int64[d] (the first sequence of each document, and one entry more), and, in multimodal data sets, modes
int8[s]. Source: megatron/core/datasets/indexed_dataset.py of NVIDIA/Megatron-LM, which writes it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, Self

import numpy as np

from countermark.corpus.tokens.extents import Extents, array_at, bytes_at
from countermark.errors import CorpusError
from countermark.media import Refusal
from countermark.storage.reading import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

MAGIC: Final = b"MMIDIDX\0\0"
_OLD_MAGIC: Final = b"TNTIDX\0\0"
_HEADER: Final = struct.Struct("<9sQBQQ")
_TYPES: Final = {1: "|u1", 2: "|i1", 3: "<i2", 4: "<i4", 5: "<i8", 8: "<u2", 9: "<u4", 10: "<u8"}
"""9 and 10 are not Megatron's own, but those of fairseq and of what came from it."""
_FLOATS: Final = {6: "float64", 7: "float32"}
_MOST_ENTRIES: Final = 1 << 40
_SLICE_DOCUMENTS: Final = 1 << 16
_SLICE_SEQUENCES: Final = 1 << 18


class BadDocumentIndexError(Exception):
    """The document index cannot be used; the message says where."""


class Slice(NamedTuple):
    """Some documents: the first one's number, and where each begins among the sequences from `sequence` on.

    `first` int64[n + 1]; `length`, `pointer` and `mode` have one entry a sequence. `cut` says that this is a part of
    one document of very many sequences.
    """

    document: int
    sequence: int
    first: npt.NDArray[np.int64]
    length: npt.NDArray[np.int64]
    pointer: npt.NDArray[np.int64]
    mode: npt.NDArray[np.int8]
    cut: bool

    def inside(self, size: int, bin_size: int) -> npt.NDArray[np.bool_]:
        """Which sequences lie in a file of `bin_size` bytes; an id has `size`."""
        room = np.int64(bin_size) - self.length * size
        return (self.length >= 0) & (self.pointer >= 0) & (self.pointer <= room)


@dataclass(frozen=True, slots=True)
class MegatronIndex:
    """An open index whose sizes add up. With `by_sequence`, each sequence counts as a document."""

    file: BinaryIO
    where: str
    dtype: str
    sequences: int
    entries: int
    modes: bool
    bin_size: int
    by_sequence: bool = False

    @classmethod
    def of(cls, file: BinaryIO, idx_path: str, bin_path: str, where: str) -> Self:
        """Read the header. Raises CorpusError where it is none, or does not add up."""
        size, bin_size = size_of(idx_path), size_of(bin_path)
        head = bytes_at(file, 0, min(size, _HEADER.size), where)
        if head.startswith(_OLD_MAGIC):
            raise CorpusError(
                f"{where}: its .idx is of fairseq's old kind (TNTIDX); Megatron's MMIDIDX is read"
            )
        if not head.startswith(MAGIC):
            raise CorpusError(f"{where}: its .idx does not begin with MMIDIDX, as one of Megatron does")
        if size < _HEADER.size:
            raise CorpusError(
                f"{where}: its .idx ends after {size} bytes; its header alone has {_HEADER.size}"
            )
        _, version, code, sequences, entries = _HEADER.unpack(head)
        if version == 1 << 56:
            raise CorpusError(f"{where}: its .idx is written big-endian; little-endian is read")
        if version != 1:
            raise CorpusError(f"{where}: its .idx says version {version}; version 1 is read")
        dtype = _type(code, where)
        need = _HEADER.size + 12 * sequences + 8 * entries
        if max(sequences, entries) > _MOST_ENTRIES or size not in {need, need + sequences}:
            told = f"{sequences:,} sequences and {entries:,} entries of documents, which take {need:,} bytes"
            raise CorpusError(
                f"{where}: its .idx says {told} ({need + sequences:,} with modes), but has {size:,}"
            )
        return cls(file, where, dtype, sequences, entries, size != need, bin_size)

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return self.sequences if self.by_sequence else max(0, self.entries - 1)

    @property
    def item(self) -> int:
        """Bytes of an id."""
        return np.dtype(self.dtype).itemsize

    def slices(self, begin: int, end: int) -> Iterator[Slice]:
        """Yield the documents `[begin, end)`. Raises BadDocumentIndexError."""
        while begin < end:
            first = self._first(begin, min(begin + _SLICE_DOCUMENTS, end))
            count = int(np.searchsorted(first, first[0] + _SLICE_SEQUENCES, "right")) - 1
            if count > 0:
                yield self.slice(begin, first[: count + 1])
                begin += count
                continue
            for low in range(int(first[0]), int(first[1]), _SLICE_SEQUENCES):
                high = min(low + _SLICE_SEQUENCES, int(first[1]))
                yield self.slice(begin, np.array([low, high], np.int64), cut=True)
            begin += 1

    def slice(self, document: int, first: npt.NDArray[np.int64], *, cut: bool = False) -> Slice:
        """Read the sequences `[first[0], first[-1])`, which are no more than a slice has."""
        begin, end = int(first[0]), int(first[-1])
        count, base = end - begin, _HEADER.size
        pointers = base + 4 * self.sequences
        modes = pointers + 8 * self.sequences + 8 * self.entries
        length = array_at(self.file, "<i4", base + 4 * begin, count, self.where).astype(np.int64)
        pointer = array_at(self.file, "<i8", pointers + 8 * begin, count, self.where).astype(np.int64)
        mode = (
            array_at(self.file, "|i1", modes + begin, count, self.where)
            if self.modes
            else np.zeros(count, np.int8)
        )
        return Slice(document, begin, first - begin, length, pointer, mode, cut)

    def _first(self, begin: int, end: int) -> npt.NDArray[np.int64]:
        """Return the first sequences of the documents `[begin, end]`, checked."""
        if self.by_sequence:
            return np.arange(begin, end + 1, dtype=np.int64)
        offset = _HEADER.size + 12 * self.sequences + 8 * begin
        first = array_at(self.file, "<i8", offset, end - begin + 1, self.where).astype(np.int64)
        bad = np.flatnonzero((np.diff(first, prepend=first[0]) < 0) | (first < 0) | (first > self.sequences))
        if len(bad):
            told = f"entry {begin + int(bad[0]):,} of its document index is {int(first[bad[0]]):,}"
            raise BadDocumentIndexError(f"{told}, out of order among {self.sequences:,} sequences")
        if (begin == 0 and first[0] != 0) or (end == self.documents and first[-1] != self.sequences):
            told = f"its document index goes from {int(first[0]):,} to {int(first[-1]):,}"
            raise BadDocumentIndexError(f"{told}; there are {self.sequences:,} sequences")
        return first


def _type(code: int, where: str) -> str:
    if code in _FLOATS:
        told = f"numbers of type {code} ({_FLOATS[code]}; some copies of the writer have 6 and 7 the other way round)"
        raise CorpusError(f"{where}: its .idx says {told}; ids are integers, not fractions")
    if code not in _TYPES:
        known = ", ".join(f"{number} {np.dtype(kind).name}" for number, kind in _TYPES.items())
        raise CorpusError(f"{where}: its .idx says numbers of type {code}; there are {known}")
    return _TYPES[code]


def extents_of(part: Slice, index: MegatronIndex, where: str) -> tuple[Extents, list[Refusal]]:
    """Return where the documents of a slice stand, and what cannot be read of them.

    A document that lacks a sequence comes as its other sequences, those side by side put together, each a fragment.
    """
    documents = np.repeat(np.arange(len(part.first) - 1), np.diff(part.first))
    inside = part.inside(index.item, index.bin_size)
    good = inside & (part.mode == 0)
    refused = [
        _refused(part, int(k), part.document + int(documents[k]), index, where, text=bool(inside[k]))
        for k in np.flatnonzero(~good)
    ]
    begins = good.copy()
    begins[1:] &= (documents[1:] != documents[:-1]) | ~good[:-1]
    kept = np.flatnonzero(good)
    first = np.append(np.flatnonzero(begins[kept]), len(kept))
    heads = kept[first[:-1]]
    mine = documents[heads]
    whole = (np.diff(first) == np.diff(part.first)[mine]) & (not part.cut)
    extents = Extents(
        part.pointer[kept],
        part.length[kept],
        first,
        part.document + mine,
        part.sequence + heads,
        whole.astype(np.uint8),
    )
    return extents, refused


def _refused(part: Slice, k: int, document: int, index: MegatronIndex, where: str, *, text: bool) -> Refusal:
    number = part.sequence + k
    if text:
        told = f"sequence {number} has mode {int(part.mode[k])}: a picture or the like, no text"
        return Refusal(where, document, "not-text", told)
    told = f"sequence {number} is {int(part.length[k])} ids from byte {int(part.pointer[k])} on"
    return Refusal(where, document, "outside-file", f"{told}; the .bin has {index.bin_size} bytes")
