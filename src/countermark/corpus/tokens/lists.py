"""Columns of lists of integers as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from countermark.corpus.tokens.block import OUTSIDE, int32_ids

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.corpus.tokens.block import Ids


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """Row `r` is `values[starts[r]:starts[r + 1]]`; `null` says which rows are none. `starts` begin with 0."""

    values: npt.NDArray[Any]
    starts: npt.NDArray[np.int64]
    null: npt.NDArray[np.bool_]

    def ids(self) -> Ids:
        """The values as ids."""
        return int32_ids(self.values)

    def taken(self, keep: npt.NDArray[np.bool_]) -> Lists:
        """Only the rows that are kept; those that are null have no values."""
        if keep.all() and not self.null.any():
            return self
        lengths = np.where(self.null, 0, np.diff(self.starts))[keep]
        inside = np.repeat(keep & ~self.null, np.diff(self.starts))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        return Lists(self.values[inside], starts, self.null[keep])


def lists_of(column: Any) -> Lists:
    """The lists of a column of type list, large list or fixed-size list of integers; nulls within are OUTSIDE."""
    count = len(column)
    if pa.types.is_fixed_size_list(column.type):
        offsets = (np.arange(count + 1, dtype=np.int64) + column.offset) * column.type.list_size
    else:
        offsets = np.asarray(column.offsets).astype(np.int64)
    values = column.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))
    null = np.asarray(column.is_null())
    return Lists(_numbers(values), offsets - offsets[0], null)


def _numbers(values: Any) -> npt.NDArray[Any]:
    if values.null_count:
        if pa.types.is_uint64(values.type):
            values = pc.fill_null(values, pa.scalar(np.iinfo(np.uint64).max, pa.uint64()))
        else:
            values = pc.fill_null(values.cast(pa.int64()), OUTSIDE)
    return np.asarray(values.to_numpy(zero_copy_only=False))
