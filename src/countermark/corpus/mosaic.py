"""MosaicML streaming's shards (MDS): files of samples, each of named columns, and `index.json` beside them.

A shard is the number of samples and the place of each (uint32, little-endian, one more than there are samples), the
columns as JSON, and the samples: the sizes of the columns that vary (uint32), then the columns one after the other
(https://docs.mosaicml.com/projects/streaming, “Dataset Format”; `streaming/base/format/mds` there). Shards may be
compressed whole; then they are read forwards. Nothing is unpickled.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import numpy as np

from countermark.corpus.compression import DecompressedStream, StreamError, compression_of
from countermark.corpus.mosaic_index import as_columns, in_index, verified
from countermark.errors import CorpusError
from countermark.media import Refusal
from countermark.storage.reading import open_binary, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    import numpy.typing as npt

    from countermark.corpus.mosaic_index import MosaicColumn
    from countermark.storage.place import Place

MOST_SAMPLES: Final = 1 << 25
"""A shard of more samples is refused; by default a shard has 64 MiB."""
MOST_SAMPLE: Final = 256 << 20
"""A sample of more bytes is not read."""
_MOST_CONFIG: Final = 1 << 20
_TOGETHER: Final = 4 << 20
_PIECE: Final = 1 << 20
_UNREAD: Final = {"br": "Brotli", "snappy": "Snappy"}


class Encoded(NamedTuple):
    """A sample: its number in the file and the bytes of each column, or why it cannot be read.

    `consumed` is the number of bytes of the file that were read so far, from the first of these samples on.
    """

    number: int
    columns: list[memoryview]
    refused: Refusal | None = None
    consumed: int = 0


@dataclass(frozen=True, slots=True)
class MosaicFile:
    """An open shard. `offsets` uint32[n + 1] are the places of its n samples; `doubts` what index.json contradicts."""

    name: str
    columns: tuple[MosaicColumn, ...]
    offsets: npt.NDArray[np.uint32]
    packed: bool
    doubts: tuple[Refusal, ...]
    _source: _Source

    def __len__(self) -> int:
        """The number of samples."""
        return len(self.offsets) - 1

    def parts(self, part_bytes: int) -> list[tuple[int, int, int]]:
        """Ranges of samples of about so many bytes, each with its size; [] where the file is read whole."""
        starts = self.offsets.astype(np.int64)
        if self.packed or (np.diff(starts) < 0).any():
            return []
        found: list[tuple[int, int, int]] = []
        begin = 0
        while begin < len(self):
            end = int(np.searchsorted(starts, starts[begin] + part_bytes, "left"))
            end = min(max(end, begin + 1), len(self))
            found.append((begin, end, int(starts[end] - starts[begin])))
            begin = end
        return found if len(found) > 1 else []

    def samples(self, begin: int = 0, end: int = -1) -> Iterator[Encoded]:
        """The samples `[begin, end)` (-1: to the last), in their order."""
        last = len(self) if end == -1 else min(end, len(self))
        starts = self.offsets.astype(np.int64)
        good = _in_place(starts, self._source.size)
        gone = np.flatnonzero(good)
        stop = int(gone[-1]) + 1 if len(gone) else 0
        self._source.base = int(starts[min(begin, len(self))])
        number = begin
        while number < min(last, stop):
            if not good[number]:
                yield self._bad(number, "corrupt", "its place in the file is none")
                number += 1
                continue
            after = number + 1
            while after < last and good[after] and starts[after + 1] - starts[number] <= _TOGETHER:
                after += 1
            data, damage = self._source.read(int(starts[number]), int(starts[after]))
            whole = after
            while damage is not None and whole > number and starts[whole] - starts[number] > len(data):
                whole -= 1
            yield from self._some(number, starts[number : whole + 1], data)
            if damage is not None:
                said = f"{damage}; samples {whole:,} to {last - 1:,} are not read"
                yield self._bad(whole, damage.reason, said)
                return
            number = after
        if stop < last:
            at = max(begin, stop)
            said = f"samples {at:,} to {last - 1:,} would lie beyond the end of the file, {self._source.size:,} bytes"
            yield self._bad(at, "truncated", said)

    def _bad(self, number: int, reason: str, detail: str) -> Encoded:
        return Encoded(number, [], Refusal(self.name, number, reason, detail), self._source.consumed)

    def _some(self, number: int, starts: npt.NDArray[np.int64], data: bytes) -> Iterator[Encoded]:
        """Samples that were read together."""
        if len(starts) == 2 and starts[1] - starts[0] > MOST_SAMPLE:
            said = f"a sample of {int(starts[1] - starts[0]):,} bytes; at most {MOST_SAMPLE:,} are read"
            yield self._bad(number, "too-large", said)
            return
        view = memoryview(data)
        for at in range(len(starts) - 1):
            one = view[starts[at] - starts[0] : starts[at + 1] - starts[0]]
            columns = _split(one, self.columns)
            if columns is None:
                said = f"a sample of {len(one):,} bytes; the sizes of its columns add up to something else"
                yield self._bad(number + at, "corrupt", said)
            else:
                yield Encoded(number + at, columns, None, self._source.consumed)


def _in_place(starts: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.bool_]:
    """Which samples lie in a file of `size` bytes: bool[n].

    Where they lie over one another, so that they take more bytes than there are, only those behind all before them
    are: whoever read the others too would read without end.
    """
    lengths = np.diff(starts)
    good: npt.NDArray[np.bool_] = (lengths >= 0) & (starts[:-1] >= 4 * len(starts) + 4) & (starts[1:] <= size)
    if int(lengths[good].sum()) > size:
        reached = np.maximum.accumulate(np.where(good, starts[1:], 0))
        good[1:] &= starts[1:-1] >= reached[:-1]
    return good


def _split(data: memoryview, columns: tuple[MosaicColumn, ...]) -> list[memoryview] | None:
    """The columns of a sample; None where their sizes do not add up to its own."""
    varying = sum(column.size is None for column in columns)
    at = 4 * varying
    if len(data) < at:
        return None
    sizes = iter(np.frombuffer(data[:at], "<u4").tolist())
    found = []
    for column in columns:
        size = next(sizes) if column.size is None else column.size
        found.append(data[at : at + size])
        at += size
    return found if at == len(data) else None


@contextmanager
def open_mosaic(path: Place, name: str, *, verify: bool = False) -> Iterator[MosaicFile]:
    """Open a shard. Raises CorpusError where it is none, its index says otherwise, or it fails while it is open.

    `verify` has the digests checked that index.json declares.
    """
    try:
        with _opened(path, name) as source:
            count, offsets = _offsets(source, name)
            begin, end = 4 * (count + 2), int(offsets[0])
            if not begin <= end <= begin + _MOST_CONFIG:
                raise CorpusError(f"{name}: no MDS shard: its first sample would begin at byte {end:,}")
            columns = _own_columns(_all(source.read(begin, end)), name)
            said, doubts = in_index(path, name)
            if columns is None and said is None:
                raise CorpusError(
                    f"{name}: no columns are named in the MDS shard, and there is no index.json beside it"
                )
            if said is not None:
                if columns is not None and columns != said.columns:
                    raise CorpusError(
                        f"{name}: index.json says columns {said.shown}, the shard itself others"
                    )
                doubts += verified(path, name, said, count, packed=source.packed, digests=verify)
            yield MosaicFile(
                name, columns or cast("Any", said).columns, offsets, source.packed, tuple(doubts), source
            )
    except OSError as error:
        raise CorpusError(f"{name}: {error.strerror or error}") from error


def _offsets(source: _Source, name: str) -> tuple[int, npt.NDArray[np.uint32]]:
    head, damage = source.read(0, 4)
    if damage is not None:
        raise CorpusError(f"{name}: no MDS shard: {damage}, before it says how many samples it has")
    count = int.from_bytes(head, "little")
    if count > MOST_SAMPLES or 4 * (count + 2) > source.size:
        raise CorpusError(
            f"{name}: no MDS shard: it claims {count:,} samples; "
            + (
                f"it has {source.size:,} bytes"
                if count <= MOST_SAMPLES
                else f"at most {MOST_SAMPLES:,} are read"
            )
        )
    table, damage = source.read(4, 4 * (count + 2))
    if damage is not None:
        raise CorpusError(f"{name}: no MDS shard: {damage} within the places of its {count:,} samples")
    return count, np.frombuffer(table, "<u4")


def _all(read: tuple[bytes, StreamError | None]) -> bytes:
    """What was read, be it all that was wanted or not; a damaged stream is raised."""
    data, damage = read
    if damage is not None and damage.reason != "truncated":
        raise damage
    return data


def _own_columns(config: bytes, name: str) -> tuple[MosaicColumn, ...] | None:
    if not config:
        return None
    try:
        said = json.loads(config)
        return as_columns(said)
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{name}: no MDS shard: its columns cannot be told: {error}") from error


class _Source:
    """The bytes of a shard, unpacked, read forwards. `size` is how many there can be, at the most."""

    def __init__(self, file: BinaryIO | DecompressedStream, size: int) -> None:
        self._file = file
        self.packed = isinstance(file, DecompressedStream)
        self.size = (1 << 32) if self.packed else size
        self.base = 0
        self._at = 0

    @property
    def consumed(self) -> int:
        """How many bytes of the file were read so far, from byte `base` on where it is not packed."""
        return (
            self._file.consumed
            if isinstance(self._file, DecompressedStream)
            else max(0, self._at - self.base)
        )

    def read(self, begin: int, end: int) -> tuple[bytes, StreamError | None]:
        """The bytes `[begin, end)`; or fewer, and what is wrong where those stop. More than MOST_SAMPLE are none."""
        if not isinstance(self._file, DecompressedStream):
            self._at = end
            if end - begin > MOST_SAMPLE:
                return b"", None
            self._file.seek(begin)
            data = self._file.read(end - begin)
            cut = StreamError("truncated", f"cut short at byte {begin + len(data):,}")
            return data, cut if len(data) < end - begin else None
        if begin < self._at:
            return b"", StreamError("corrupt", "the samples do not stand in their order")
        parts: list[bytes] = []
        try:
            self._pass(begin if end - begin <= MOST_SAMPLE else end)
            while self._at < end:
                parts.append(self._file.read(min(_PIECE, end - self._at)))
                self._at += len(parts[-1])
                if not parts[-1]:
                    return b"".join(parts), StreamError("truncated", f"cut short at byte {self._at:,}")
        except StreamError as error:
            return b"".join(parts), error
        return b"".join(parts), None

    def _pass(self, end: int) -> None:
        """Read on to a place, and forget what was read."""
        while self._at < end:
            passed = self._file.read(min(_PIECE, end - self._at))
            if not passed:
                raise StreamError("truncated", f"cut short at byte {self._at:,}")
            self._at += len(passed)


@contextmanager
def _opened(path: Place, name: str) -> Iterator[_Source]:
    ending = name.split("#", 1)[0].rsplit(".", 1)[-1].lower()
    if ending in _UNREAD:
        raise CorpusError(
            f"{name}: compressed by {_UNREAD[ending]}, which is not read; zstd, gz and bz2 are. Unpack it first"
        )
    with open_binary(path) as file:
        kind = compression_of(file.read(6))
        if not kind:
            yield _Source(file, size_of(path))
            return
    with DecompressedStream(path, kind) as stream:
        yield _Source(stream, 0)
