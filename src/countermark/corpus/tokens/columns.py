"""Token ids in Parquet and Arrow files: a column of lists of integers, and the columns that tell documents apart.

Read beside the ids are, where there are any: `attention_mask` (0 is padding), `position_ids` (a document begins where
they begin anew), `seq_lens` or `cu_seqlens`, and `document_ids`. The row is that of the file, and so is the sequence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from countermark.corpus.arrow import arrow_parts, open_arrow
from countermark.corpus.arrow_messages import is_arrow
from countermark.corpus.base import Shard
from countermark.corpus.columns import Columns, choose, find, named
from countermark.corpus.compression import BOMB_FLOOR, MAX_RATIO
from countermark.corpus.parquet import open_parquet, row_group_parts
from countermark.corpus.parquet_footer import claims_of
from countermark.corpus.tabular import DAMAGE, Table, column_at, listed, named_columns, paths_of, text_columns
from countermark.corpus.tokens.block import BLOCK_TOKENS, Sample
from countermark.corpus.tokens.lists import Lists, lists_of
from countermark.corpus.tokens.packing import LOOKED_AT, MOST_IDS, IdRows, Unpacking, full_length
from countermark.corpus.tokens.segments import fitted
from countermark.errors import CorpusError
from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from countermark.corpus.tabular import ColumnPath, Rows
    from countermark.corpus.tokens.block import TokenBlock
    from countermark.corpus.tokens.table import TokenTable
    from countermark.media import Refusal
    from countermark.storage.place import Place

ID_COLUMNS: Final = (
    "input_ids", "tokens", "token_ids", "input_tokens", "text_ids", "content_ids", "decoder_input_ids", "inputs",
    "encoded", "tokenized", "ids",
)  # fmt: skip
"""The names of columns of token ids, the likeliest first."""
BESIDE: Final = {
    "mask": ("attention_mask", "attn_mask", "input_mask", "padding_mask"),
    "positions": ("position_ids", "positions", "position_id"),
    "lengths": ("seq_lens", "seq_lengths", "sequence_lengths", "seqlens", "document_lengths", "doc_lens"),
    "ends": ("cu_seqlens", "cu_seq_lens", "cu_seqlens_q"),
    "documents": ("document_ids", "doc_ids", "segment_ids", "sequence_ids", "seq_ids", "seq_idx"),
}
"""The names of columns that tell documents apart, for each use that is made of one."""

_BATCH_BYTES: Final = 8 * BLOCK_TOKENS
_ID_BYTES: Final = 4
_LOOKED_AT_IDS: Final = 1 << 20
_SAMPLED_PARTS: Final = 16
_SAMPLED_ROWS: Final = 16
_SAMPLED_IDS: Final = 4096
"""Of each of so many parts so many ids are looked at."""


class TokenParquet:
    """Reads token ids in `.parquet` files. See TokenFormat."""

    format = "token-parquet"

    def sample(self, path: str, name: str, column: str | None = None) -> Sample:
        """Ids of rows from all over the file; `column` is that which the user named. See TokenFormat."""
        _require_bounded(path, name, column)
        with open_parquet(path, name) as table:
            return _sample(table, name, column)

    def shards(
        self, path: str, name: str, size: int, part_bytes: int, options: tuple[tuple[str, str], ...]
    ) -> Iterator[Shard | Refusal]:
        """Ranges of row groups. See TokenFormat."""
        parts = row_group_parts(path, size, part_bytes)
        yield from _shards(parts, Shard(name, path, self.format, size, options=options))

    def blocks(self, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
        """The documents of the rows of a shard. See TokenFormat."""
        _require_bounded(shard.path, shard.name, dict(shard.options).get("text_column"))
        yield from _blocks(open_parquet(shard.path, shard.name), shard, table)


class TokenArrow:
    """Reads token ids in `.arrow` files and streams. See TokenFormat."""

    format = "token-arrow"

    def sample(self, path: str, name: str, column: str | None = None) -> Sample:
        """Ids of rows from all over the file; `column` is that which the user named. See TokenFormat."""
        with open_arrow(path, name) as table:
            return _sample(table, name, column)

    def shards(
        self, path: str, name: str, size: int, part_bytes: int, options: tuple[tuple[str, str], ...]
    ) -> Iterator[Shard | Refusal]:
        """Ranges of record batches. See TokenFormat."""
        parts = arrow_parts(path, name, part_bytes)
        yield from _shards(parts, Shard(name, path, self.format, size, options=options))

    def blocks(self, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
        """The documents of the rows of a shard. See TokenFormat."""
        yield from _blocks(open_arrow(shard.path, shard.name), shard, table)


def has_ids(path: Place, column: str | None = None) -> bool:
    """Whether a Parquet or Arrow file is to be read as token ids.

    It is where the column that the user named holds them, or where none is named and there is one of ids and none of
    texts. Raises OSError where it cannot be opened; what is damaged has none.
    """
    with open_binary(path) as file:
        opened: AbstractContextManager[Table] = (
            open_arrow(path, "") if is_arrow(file.read(64)) else open_parquet(path, "")
        )
    try:
        with opened as table:
            if _ids_path(table.schema, column) is None:
                return False
            return bool(column) or text_columns(table.schema, None).text is None
    except CorpusError:
        return False


@dataclass(frozen=True, slots=True)
class _IdColumns:
    """The columns that are read: the ids, what tells documents apart, and record id, address, date."""

    ids: ColumnPath
    beside: dict[str, ColumnPath]
    named: Columns

    @property
    def paths(self) -> list[ColumnPath]:
        """All of them."""
        others = (self.named.record_id, self.named.url, self.named.date)
        return [self.ids, *self.beside.values(), *(path for path in others if path)]


def _columns(schema: pa.Schema, column: str | None, where: str) -> _IdColumns:
    """Choose the columns of a schema. Raises CorpusError, which lists the columns, if there are no ids."""
    ids = _ids_path(schema, column)
    if ids is None:
        problem = f"no lists of integers in “{column}”" if column else "no column of token ids"
        raise CorpusError(
            f"{where}: {problem}; the columns are: {listed(schema)}. Name one that holds lists of token ids with "
            "--text-column."
        )
    available = list(paths_of(schema))
    lists = [path for path, kind in available if _is_ids(kind) and path != ids]
    beside = {}
    for use, names in BESIDE.items():
        near = [".".join((*ids[:-1], name)) for name in names]
        path = find([*near, *names], lists)
        if path is not None:
            beside[use] = path
    scalar = [path for path, kind in available if not pa.types.is_nested(kind)]
    return _IdColumns(ids, beside, choose(scalar, [], None))


def _ids_path(schema: pa.Schema, column: str | None) -> ColumnPath | None:
    """The column of ids: the one named, else by its name, also within a struct, else the only one that there is."""
    able = [path for path, kind in paths_of(schema) if _is_ids(kind)]
    if column:
        return named(column, able)
    found = find(ID_COLUMNS, able)
    if found is None:
        last = find(ID_COLUMNS, [path[-1:] for path in able])
        found = next((path for path in able if path[-1:] == last), None) if last else None
    return found or (able[0] if len(able) == 1 else None)


def _is_ids(kind: Any) -> bool:
    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return bool(lists and pa.types.is_integer(kind.value_type))


def _shards(parts: list[tuple[int, int, int]], whole: Shard) -> Iterator[Shard]:
    if not parts:
        yield whole
    for begin, end, stored in parts:
        shown = f"{whole.name}#{begin}-{end}"
        yield Shard(shown, whole.path, whole.format, stored, begin, end, options=whole.options)


def _require_bounded(path: Place, name: str, column: str | None) -> None:
    """Raise CorpusError where a few bytes claim so many numbers that to read them would fill the memory."""
    with open_parquet(path, name) as table:
        columns = _columns(table.schema, column, name)
    for number, group in enumerate(claims_of(path, name)):
        ids = group.of(columns.ids)
        many = ids.values > MOST_IDS * max(1, group.rows)
        unpacked = _ID_BYTES * ids.values
        if many or (unpacked > BOMB_FLOOR and unpacked > MAX_RATIO * max(1, ids.stored)):
            raise CorpusError(
                f"{name}: row group {number} claims {ids.values:,} ids in {group.rows:,} rows and {ids.stored:,} "
                f"bytes; over {MAX_RATIO} bytes out of one, or over {MOST_IDS:,} ids a row, are not read"
            )
        for beside in columns.beside.values():
            claimed = group.of(beside).values
            if claimed > 2 * ids.values + group.rows:
                said = ".".join(beside)
                raise CorpusError(
                    f"{name}: row group {number} claims {claimed:,} numbers of “{said}” for {ids.values:,} ids"
                )


def _sample(table: Table, name: str, column: str | None) -> Sample:
    columns = _columns(table.schema, column, name)
    kind: Any = dict(paths_of(table.schema))[columns.ids]
    dtype = np.dtype(kind.value_type.to_pandas_dtype()).newbyteorder("<")
    count = min(table.parts, _SAMPLED_PARTS)
    rows = max(_SAMPLED_ROWS, _SAMPLED_ROWS * _SAMPLED_PARTS // max(1, count))
    stretches = []
    for place in range(count):
        part = place * (table.parts - 1) // max(1, count - 1)
        try:
            batch = table.first_rows([columns.ids], part, rows)
        except DAMAGE as error:
            raise CorpusError(f"{name}: part {part} cannot be read: {error}") from error
        room = _SAMPLED_IDS * _SAMPLED_PARTS // count
        for row in _rows_of(lists_of(column_at(batch, columns.ids))) if batch is not None else ():
            if room > 0 and len(row):
                stretches.append(row[:room].astype(dtype))
            room -= len(row)
    return Sample(tuple(stretches), (dtype.str,))


def _rows_of(lists: Lists) -> Iterator[Any]:
    for begin, end, null in zip(lists.starts[:-1], lists.starts[1:], lists.null, strict=True):
        yield lists.values[begin : begin if null else end]


def _blocks(opened: AbstractContextManager[Table], shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
    with opened as file:
        columns = _columns(file.schema, dict(shard.options).get("text_column"), shard.name)
        unpacking = Unpacking(table, _full_length(file, columns))
        for rows in file.rows(columns.paths, shard.begin, shard.end, _BATCH_BYTES):
            if rows.begins:
                # what stands in the part before is not read, so that all parts say the same wherever a file is cut
                unpacking.begin(cut=False if rows.first == 0 else None)
            yield from unpacking.blocks(_id_rows(rows, columns, shard.name))


def _full_length(file: Table, columns: _IdColumns) -> int:
    """The length of a full row, by the first rows of the *file*, so that all its parts are read alike."""
    lengths: list[int] = []
    try:
        for part in range(min(file.parts, LOOKED_AT)):
            first = file.first_rows([columns.ids], part, LOOKED_AT)
            if first is not None:
                lengths += np.diff(lists_of(column_at(first, columns.ids)).starts).tolist()
            if len(lengths) >= LOOKED_AT or sum(lengths) > _LOOKED_AT_IDS:
                break
    except (*DAMAGE, CorpusError):
        pass  # whoever reads on says what is wrong
    return full_length(lengths)


def _id_rows(rows: Rows, columns: _IdColumns, where: str) -> IdRows:
    """Some rows of a table as rows of ids."""
    none = () if rows.refused is None else (rows.refused,)
    if rows.batch is None:
        empty = np.zeros(0, np.int64)
        return IdRows(
            np.zeros(0, np.int32), np.zeros(1, np.int64), empty, refused=none, bytes_read=rows.stored
        )
    ids = lists_of(column_at(rows.batch, columns.ids))
    beside = {use: lists_of(column_at(rows.batch, path)) for use, path in columns.beside.items()}
    numbers = np.arange(rows.first, rows.first + len(ids.null), dtype=np.int64)
    said = {use: ".".join(path) for use, path in columns.beside.items()}
    found, keep = fitted(ids, beside, said, numbers, where)
    names = [
        column if column is None or keep.all() else column.filter(pa.array(keep))
        for column in named_columns(rows.batch, columns.named)
    ]
    refused = tuple(sorted((*none, *found.refused), key=lambda one: one.row))
    return replace(found, names=tuple(names), refused=refused, bytes_read=rows.stored)
