"""Token ids in MosaicML streaming's shards (MDS): arrays of NumPy's, raw bytes, and what data sets made of them.

    ndarray             a byte for the type, the shape, the numbers; `ndarray:uint32` has no byte for the type, and
                        `ndarray:uint32:2048` no shape either
    uint16, uint32 …    one number where the size is fixed; where it varies, as many as there is room for (an encoding
                        of some data sets' own, as of the Pile for T5)
    bytes               numbers of a type that is not told; it is found by trial (LLM Foundry writes int64, and int32)

Documents are told apart by the column `indices` (pairs of begin and end: ProLong), or as in `columns`; elsewhere by end
tokens. The row is the number of the sample in the shard, and so is the sequence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.corpus.base import Shard
from countermark.corpus.batching import string_array
from countermark.corpus.columns import find, named
from countermark.corpus.mosaic import open_mosaic
from countermark.corpus.mosaic_text import text_columns
from countermark.corpus.tokens.block import BLOCK_TOKENS, Sample, int32_ids
from countermark.corpus.tokens.columns import BESIDE, ID_COLUMNS
from countermark.corpus.tokens.lists import Lists
from countermark.corpus.tokens.mosaic_arrays import UNTOLD, ArrayEncoding, array_encoding
from countermark.corpus.tokens.packing import LOOKED_AT, MOST_IDS, IdRows, Unpacking, full_length
from countermark.corpus.tokens.segments import fitted
from countermark.errors import CorpusError
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.mosaic import Encoded, MosaicFile
    from countermark.corpus.mosaic_index import MosaicColumn
    from countermark.corpus.tokens.block import Ids, TokenBlock
    from countermark.corpus.tokens.table import TokenTable

_PAIRS: Final = ("indices", "document_indices", "doc_indices")
_TYPES: Final = ("<u2", "<u4", "<i4", "<i8")
"""The types that raw bytes may have."""
_SAMPLED: Final = 16
_SAMPLED_IDS: Final = 4096
_LOOKED_AT_IDS: Final = 1 << 20
_MOST_ROWS: Final = 1 << 16


class MosaicShards:
    """Reads token ids in `.mds` files. See TokenFormat."""

    format = "mds"

    def sample(self, path: str, name: str, column: str | None = None) -> Sample:
        """Ids of samples from all over the file, or of its beginning where it is compressed. See TokenFormat."""
        with open_mosaic(path, name) as file:
            columns = _columns(file.columns, column, name)
            stretches = list(_stretches(file, columns))
        if columns.ids.dtype == UNTOLD:
            return Sample(tuple(stretches), _TYPES)
        dtypes = {stretch.dtype.str for stretch in stretches} or {"<i4"}
        if len(dtypes) > 1:  # each array says its type itself, and they differ
            return Sample(tuple(one.astype("<i8") for one in stretches), ("<i8",))
        return Sample(tuple(stretches), tuple(dtypes))

    def shards(
        self, path: str, name: str, size: int, part_bytes: int, options: tuple[tuple[str, str], ...]
    ) -> Iterator[Shard | Refusal]:
        """Ranges of samples; a compressed file is never cut. See TokenFormat."""
        with open_mosaic(path, name) as file:
            parts = file.parts(part_bytes)
        if len(parts) < 2:
            yield Shard(name, path, self.format, size, options=options)
            return
        for begin, end, stored in parts:
            yield Shard(f"{name}#{begin}-{end}", path, self.format, stored, begin, end, options=options)

    def blocks(self, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
        """The documents of the samples of a shard. See TokenFormat."""
        options = dict(shard.options)
        with open_mosaic(shard.path, shard.name) as file:
            columns = _columns(file.columns, options.get("text_column"), shard.name, options.get("ids"))
            if columns.ids.dtype == UNTOLD:
                raise CorpusError(
                    f"{shard.name}: of its ids only the bytes are known, and no type was found by trial"
                )
            unpacking = Unpacking(table, _full_length(file, columns))
            before = _Gathering(columns, shard.name, [])
            if shard.begin:
                for sample in file.samples(shard.begin - 1, shard.begin):
                    before.add(sample)
            unpacking.begin(cut=unpacking.is_cut(before.taken()))
        # opened again, to be read forwards
        with open_mosaic(shard.path, shard.name, verify=shard.begin == 0) as file:
            rows = _Gathering(columns, shard.name, list(file.doubts))
            for sample in file.samples(shard.begin, shard.end):
                rows.add(sample)
                if rows.full:
                    yield from unpacking.blocks(rows.taken())
            yield from unpacking.blocks(rows.taken())


def holds_ids(path: str, name: str, column: str | None = None) -> bool:
    """Whether a shard is to be read as token ids: see `columns.has_ids`. Raises CorpusError where it is no shard."""
    with open_mosaic(path, name) as file:
        if _ids_column(file.columns, column) is None:
            return False
        return bool(column) or text_columns(file.columns, None)[0] is None


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns that are read, by their places; `beside` are those that tell documents apart, by use."""

    place: int
    ids: ArrayEncoding
    beside: dict[str, tuple[int, ArrayEncoding, str]]
    names: tuple[int | None, ...]


def _columns(
    columns: tuple[MosaicColumn, ...], named: str | None, where: str, dtype: str | None = None
) -> _Columns:
    """Choose the columns. Raises CorpusError, which lists the columns, where none holds ids."""
    place = _ids_column(columns, named)
    if place is None:
        there = ", ".join(f"{column.name} ({column.encoding})" for column in columns[:60])
        problem = f"no arrays of integers in “{named}”" if named else "no column of token ids"
        raise CorpusError(
            f"{where}: {problem}; the columns are: {there}. Arrays of integers and bytes are read; pickles are not. "
            "Name one with --text-column."
        )
    ids = array_encoding(columns[place])
    assert ids is not None  # noqa: S101 (_ids_column saw to it)
    if ids.dtype == UNTOLD and dtype in _TYPES:
        ids = ids._replace(dtype=dtype)
    arrays: dict[tuple[str, ...], tuple[int, ArrayEncoding, str]] = {}
    for at, column in enumerate(columns):
        encoding = array_encoding(column)
        if encoding is not None and encoding.dtype != UNTOLD and at != place:
            arrays[(column.name,)] = (at, encoding, column.name)
    paths = {use: find(names, arrays) for use, names in {"pairs": _PAIRS, **BESIDE}.items()}
    beside = {use: arrays[path] for use, path in paths.items() if path is not None}
    return _Columns(place, ids, beside, text_columns(columns, None)[1:])


def _ids_column(columns: tuple[MosaicColumn, ...], named_: str | None) -> int | None:
    """The place of the column of ids: the one named, else by its name, else the only one of arrays."""
    able: dict[tuple[str, ...], int] = {
        (column.name,): at for at, column in enumerate(columns) if array_encoding(column)
    }
    if named_:
        path = named(named_, able)
    else:
        path = find(ID_COLUMNS, able)
        typed = [one for one, at in able.items() if columns[at].encoding != "bytes"]
        if path is None and len(typed) == 1:
            path = typed[0]
    return None if path is None else able[path]


def _ids_of(file: MosaicFile, columns: _Columns, begin: int, end: int) -> Iterator[Ids]:
    """The ids of the samples `[begin, end)` that can be read."""
    for sample in file.samples(begin, end):
        ids = None if sample.refused is not None else columns.ids.decoded(sample.columns[columns.place])
        if ids is not None:
            yield int32_ids(ids)


def _full_length(file: MosaicFile, columns: _Columns) -> int:
    """The length of a full sample, by the first ones of the file, so that all its parts are read alike."""
    lengths: list[int] = []
    for ids in _ids_of(file, columns, 0, min(len(file), LOOKED_AT)):
        lengths.append(len(ids))
        if sum(lengths) > _LOOKED_AT_IDS and len(lengths) > 1:
            break
    return full_length(lengths)


def _stretches(file: MosaicFile, columns: _Columns) -> Iterator[Any]:
    """Runs of ids from all over a file, or, where nothing tells their type, of bytes."""
    count = 1 if file.packed else min(_SAMPLED, -(-len(file) // _SAMPLED))
    for place in range(count):
        begin = place * len(file) // count
        end = min(len(file), begin + _SAMPLED_IDS) if file.packed else min(len(file), begin + _SAMPLED)
        room = _SAMPLED * _SAMPLED_IDS // count
        for sample in file.samples(begin, end):
            ids = None if sample.refused is not None else columns.ids.decoded(sample.columns[columns.place])
            if ids is None or not len(ids):
                continue
            untold = columns.ids.dtype == UNTOLD
            ids = ids[: min(len(ids), 8 * room) // 8 * 8] if untold else ids[:room]
            room -= len(ids) // 2 if untold else len(ids)
            yield ids
            if room <= 0:
                break


class _Gathering:
    """Collects samples, until they are a block."""

    def __init__(self, columns: _Columns, where: str, refused: list[Refusal]) -> None:
        self._columns = columns
        self._where = where
        self._refused = refused
        self._consumed = self._told = 0
        self._clear()

    def _clear(self) -> None:
        self._rows: list[int] = []
        self._ids: list[Ids] = []
        self._beside: dict[str, list[Any]] = {use: [] for use in self._columns.beside}
        self._names: list[list[str | None]] = [[], [], []]
        self._amount = 0

    @property
    def full(self) -> bool:
        """Whether it is time to hand over."""
        return self._amount >= BLOCK_TOKENS or len(self._rows) + len(self._refused) >= _MOST_ROWS

    def add(self, sample: Encoded) -> None:
        """Add one sample, or what is wrong with it."""
        self._consumed = max(self._consumed, sample.consumed)
        if sample.refused is not None:
            self._refused.append(sample.refused)
            return
        ids = self._columns.ids.decoded(sample.columns[self._columns.place])
        if ids is None:
            size = len(sample.columns[self._columns.place])
            self._refuse(
                sample, "corrupt", f"its {size:,} bytes of ids are no array of {self._columns.ids.shown}"
            )
            return
        if len(ids) > MOST_IDS:
            self._refuse(sample, "too-large", f"{len(ids):,} ids; at most {MOST_IDS:,} are read")
            return
        self._rows.append(sample.number)
        self._ids.append(int32_ids(ids))
        self._amount += len(ids)
        for use, (place, encoding, _) in self._columns.beside.items():
            self._beside[use].append(encoding.decoded(sample.columns[place]))
        for number, at in enumerate(self._columns.names):
            said = None if at is None else bytes(sample.columns[at]).decode("utf-8", "replace")
            self._names[number].append(said)

    def _refuse(self, sample: Encoded, reason: str, detail: str) -> None:
        self._refused.append(Refusal(self._where, sample.number, reason, detail))

    def taken(self) -> IdRows:
        """Hand over what was collected."""
        ids = _lists(list(self._ids), np.int32)
        beside = {use: _lists(values, np.int64) for use, values in self._beside.items()}
        shown = {use: name for use, (_, _, name) in self._columns.beside.items()}
        if "pairs" in beside:
            beside["ends"], shown["ends"] = _ends_of(beside.pop("pairs")), shown["pairs"]
            for use in ("documents", "lengths", "positions"):
                beside.pop(use, None)
        rows = np.array(self._rows, np.int64)
        found, keep = fitted(ids, beside, shown, rows, self._where)
        kept = np.flatnonzero(keep).tolist()
        names = [
            None if at is None else string_array([values[row] for row in kept])
            for at, values in zip(self._columns.names, self._names, strict=True)
        ]
        refused = tuple(sorted([*self._refused, *found.refused], key=lambda one: one.row))
        consumed = self._consumed - self._told
        self._told, self._refused = self._consumed, []
        self._clear()
        return replace(found, names=tuple(names), refused=refused, bytes_read=consumed)


def _lists(arrays: list[Any], kind: type[np.generic]) -> Lists:
    """Arrays, None where there is none, as lists."""
    lengths = [0 if one is None else len(one) for one in arrays]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
    some = [one.astype(kind, copy=False) for one in arrays if one is not None]
    values = np.concatenate(some) if some else np.zeros(0, kind)
    return Lists(values, starts, np.array([one is None for one in arrays], np.bool_))


def _ends_of(pairs: Lists) -> Lists:
    """Pairs of begin and end as the places between which documents lie."""
    each = [
        None if null else np.unique(pairs.values[begin:end])
        for begin, end, null in zip(pairs.starts[:-1], pairs.starts[1:], pairs.null, strict=True)
    ]
    return _lists(each, np.int64)
