"""Which finding of the last run is which of this one: one work at a time, each finding in one pair at most."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.watch.rows import EXTENT, PLACE, RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from countermark.evidence.watch.rows import Row

Pair = tuple["Row", "Row"]
COMPARED: Final = (*EXTENT, "matched", *RESERVED)
"""Fields in which a pair may differ, its place apart."""


@dataclass(slots=True)
class Paired:
    """The findings of one work in two runs. Of `changed` pairs the last entry names the fields that differ."""

    same: list[Pair] = field(default_factory=list)
    moved: list[tuple[Row, Row, list[str]]] = field(default_factory=list)
    changed: list[tuple[Row, Row, list[str]]] = field(default_factory=list)
    gone: list[Row] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)


def pair(before: list[Row], after: list[Row]) -> Paired:
    """Pair findings: first those that stand where they stood, then the same passage elsewhere, then the rest.

    What is left of the rest is paired where the record is the same by its address, else by its place in a shard, else
    by its digest, and the passages of the work overlap. The order of the rows decides among equals.
    """
    done = Paired()
    for key in (_all_of(*PLACE, *EXTENT), _all_of("record_url", *EXTENT), _all_of(*EXTENT)):
        pairs, before, after = _take(before, after, key)
        for was, now in pairs:
            _enter(done, was, now)
    for record in (_present("record_url"), _all_of("shard", "record_id", "row"), _all_of("record_digest")):
        pairs, before, after = _take_overlapping(before, after, record)
        for was, now in pairs:
            _enter(done, was, now)
    done.gone, done.new = before, after
    return done


def _enter(done: Paired, was: Row, now: Row) -> None:
    differs = [name for name in COMPARED if was[name] != now[name]]
    moved = [name for name in PLACE if was[name] != now[name]]
    if differs:
        done.changed.append((was, now, differs + moved))
    elif moved:
        done.moved.append((was, now, moved))
    else:
        done.same.append((was, now))


def _all_of(*names: str) -> Callable[[Row], Hashable]:
    return lambda row: (row["asset_path"], *(row[name] for name in names))


def _present(name: str) -> Callable[[Row], Hashable]:
    """A key that rows without the field do not have."""
    return lambda row: (row["asset_path"], row[name]) if row[name] else None


def _groups(
    before: list[Row], after: list[Row], key: Callable[[Row], Hashable]
) -> dict[Hashable, tuple[list[int], list[int]]]:
    """The places in both lists of the rows with one key, for keys that both have."""
    groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((before, after)):
        for place, row in enumerate(rows):
            if (value := key(row)) is not None:
                groups[value][side].append(place)
    return {value: group for value, group in groups.items() if group[0] and group[1]}


def _take(
    before: list[Row], after: list[Row], key: Callable[[Row], Hashable]
) -> tuple[list[Pair], list[Row], list[Row]]:
    """Pair the rows with one key in their order; return the pairs and what is left of both lists."""
    pairs = [
        match
        for was, now in _groups(before, after, key).values()
        for match in zip(was, now)  # noqa: B905  what one side has more of is left
    ]
    return _without(before, after, pairs)


def _take_overlapping(
    before: list[Row], after: list[Row], key: Callable[[Row], Hashable]
) -> tuple[list[Pair], list[Row], list[Row]]:
    """The same, where the passages of the work overlap; both lists are in the order of passages."""
    pairs: list[tuple[int, int]] = []
    for was, now in _groups(before, after, key).values():
        left, right = 0, 0
        while left < len(was) and right < len(now):
            one, other = before[was[left]], after[now[right]]
            if _overlap(one, other):
                pairs.append((was[left], now[right]))
                left, right = left + 1, right + 1
            elif one["asset_end"] <= other["asset_end"]:
                left += 1
            else:
                right += 1
    return _without(before, after, pairs)


def _overlap(one: Row, other: Row) -> bool:
    if one["unit"] == "pixel" or one["asset_start"] == one["asset_end"]:  # a picture, or a name: no span
        return bool(one["unit"] == other["unit"])
    return bool(one["asset_start"] < other["asset_end"] and other["asset_start"] < one["asset_end"])


def _without(
    before: list[Row], after: list[Row], pairs: list[tuple[int, int]]
) -> tuple[list[Pair], list[Row], list[Row]]:
    taken: tuple[Any, Any] = ({was for was, _ in pairs}, {now for _, now in pairs})
    rest = [
        [row for place, row in enumerate(rows) if place not in taken[side]]
        for side, rows in enumerate((before, after))
    ]
    return [(before[was], after[now]) for was, now in pairs], rest[0], rest[1]
