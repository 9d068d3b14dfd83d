"""The documents of packed rows, as columns beside the ids tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from countermark.corpus.tokens.packing import LEFT_OUT, IdRows
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from countermark.corpus.tokens.lists import Lists

_BOUNDARIES = ("documents", "lengths", "ends", "positions")


class _Bounds(NamedTuple):
    """What IdRows says of the same names; None where nothing is told."""

    segments: npt.NDArray[np.int32] | None = None
    told: npt.NDArray[np.bool_] | None = None
    continued: npt.NDArray[np.bool_] | None = None


def fitted(
    ids: Lists, beside: Mapping[str, Lists], names: Mapping[str, str], rows: npt.NDArray[np.int64], where: str
) -> tuple[IdRows, npt.NDArray[np.bool_]]:
    """The rows that are read, with their documents and why the others are not; and which of `rows` they are.

    Read are those with ids whose other columns (`names`, by use) fit them. `rows` are the numbers that refusals carry.
    """
    keep, refused = _fitting(ids, beside, names, rows, where)
    mine = ids.taken(keep)
    bounds = _segments_of(mine.starts, {use: lists.taken(keep) for use, lists in beside.items()})
    found = IdRows(mine.ids(), mine.starts, rows[keep], *bounds, refused=tuple(refused))
    return found, keep


def _fitting(
    ids: Lists, beside: Mapping[str, Lists], names: Mapping[str, str], rows: npt.NDArray[np.int64], where: str
) -> tuple[npt.NDArray[np.bool_], list[Refusal]]:
    """Which rows are read, and why the others are not."""
    keep = ~ids.null
    refused = [Refusal(where, int(row), "no-text", "the ids are null") for row in rows[ids.null]]
    lengths = np.diff(ids.starts)
    for use, lists in beside.items():
        bad = np.flatnonzero(keep & _misfits(lists, lengths, use))
        for row in bad:
            entries, count = int(lists.starts[row + 1] - lists.starts[row]), int(lengths[row])
            said = f"its {entries:,} entries in {names[use]} do not fit its {count:,} ids"
            refused.append(Refusal(where, int(rows[row]), "corrupt", said))
        keep[bad] = False
    return keep, refused


def _misfits(lists: Lists, lengths: npt.NDArray[np.int64], use: str) -> npt.NDArray[np.bool_]:
    """Which rows of a column cannot belong to rows of so many ids: bool[n]. Null ones tell nothing, and fit."""
    if use not in ("lengths", "ends"):
        differs: npt.NDArray[np.bool_] = np.diff(lists.starts) != lengths
        return differs & ~lists.null
    bad = np.zeros(len(lengths), np.bool_)
    for row in np.flatnonzero(~lists.null):
        counts = _counts(lists, int(row), use)
        # in floating point a sum of hostile numbers is large, not negative
        bad[row] = bool((counts < 0).any()) or float(counts.sum(dtype=np.float64)) > lengths[row]
    return bad


def _segments_of(starts: npt.NDArray[np.int64], beside: Mapping[str, Lists]) -> _Bounds:
    """The documents of rows whose ids begin at `starts`, by columns that fit them."""
    if not beside:
        return _Bounds()
    count, size = len(starts) - 1, int(starts[-1])
    new = np.zeros(size, np.bool_)
    continued = None
    use = next((one for one in _BOUNDARIES if one in beside), None)
    mask = _aligned(beside["mask"], starts, 1) if "mask" in beside else None
    if use in ("lengths", "ends"):
        for row in range(count):
            begins = starts[row] + np.cumsum(_counts(beside[use], row, use))
            new[begins[begins < starts[row + 1]]] = True
    elif use is not None:
        values = _aligned(beside[use], starts, 0)
        new[1:] = values[1:] != values[:-1]
        if use == "positions":
            new[1:] = (values[1:] < values[:-1]) | ((values[1:] == 0) & new[1:])
            continued = _continued(values, starts, mask)
    if mask is not None:
        new[1:] |= mask[1:] != mask[:-1]
    new[starts[:-1][starts[:-1] < size]] = False
    inner = new if mask is None else new & (mask != 0) & (np.concatenate([mask[:1], mask[:-1]]) != 0)
    told = np.zeros(count, np.bool_)
    told[np.searchsorted(starts, np.flatnonzero(inner), "right") - 1] = True
    segments = np.cumsum(new, dtype=np.int32)
    if mask is not None:
        segments[mask == 0] = LEFT_OUT
    return _Bounds(segments, told, continued)


def _counts(lists: Lists, row: int, use: str) -> npt.NDArray[np.int64]:
    """The lengths of the documents of a row."""
    said = lists.values[lists.starts[row] : lists.starts[row + 1]].astype(np.int64)
    if use == "lengths" or not len(said):
        return said
    said = said[said >= 0]  # unused entries at the end are often -1
    return np.diff(said, prepend=0)


def _aligned(lists: Lists, starts: npt.NDArray[np.int64], missing: int) -> npt.NDArray[np.int64]:
    """The values of a column, one for each id; `missing` where a row tells none."""
    if np.array_equal(lists.starts, starts):
        return lists.values.astype(np.int64)
    values = np.full(int(starts[-1]), missing, np.int64)
    values[np.repeat(~lists.null, np.diff(starts))] = lists.values
    return values


def _continued(
    positions: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], mask: npt.NDArray[np.int64] | None
) -> npt.NDArray[np.bool_]:
    """Which rows begin, behind padding, at another position than 0."""
    continued = np.zeros(len(starts) - 1, np.bool_)
    rows = np.flatnonzero(np.diff(starts))
    continued[rows] = positions[starts[:-1][rows]] > 0
    if mask is not None:
        continued[rows] &= mask[starts[:-1][rows]] != 0
    return continued
