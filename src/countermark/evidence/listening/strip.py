"""The strip of a finding: the whole work above, the whole track below, what agrees lit in both and joined."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WIDTH: Final = 1_000
"""Units of a strip from the start to the end of a recording."""
_TOP, _GAP, _BOTTOM = 12, 46, 58
"""Where the upper bar ends, the lower one begins, and where that ends."""
_LEAST: Final = 3
_MOST: Final = 200


def strip(finding: Mapping[str, Any]) -> dict[str, str] | None:
    """Paths for the lit parts (`lit`) and what joins them (`joined`); None where a finding has no parts.

    Of more than 200 parts the first 200 are drawn.
    """
    found = list(islice(parts_of(finding), _MOST))
    if not found:
        return None
    whole = finding.get("asset_duration") or finding["asset_end"]
    track = finding.get("record_duration") or finding["record_end"]
    lit, joined = [], []
    for start, end, work_start, work_end in found:
        above, below = _cells(work_start, work_end, whole), _cells(start, end, track)
        lit.append(f"M{above[0]} 0H{above[1]}V{_TOP}H{above[0]}z")
        lit.append(f"M{below[0]} {_GAP}H{below[1]}V{_BOTTOM}H{below[0]}z")
        joined.append(f"M{above[0]} {_TOP}H{above[1]}L{below[1]} {_GAP}H{below[0]}z")
    return {"lit": "".join(lit), "joined": "".join(joined)}


def parts_of(finding: Mapping[str, Any]) -> Iterator[tuple[int, int, int, int]]:
    """From and to in the record, from and to in the work, of each part that agrees, in milliseconds."""
    flat = finding.get("matched_parts") or ()
    for at in range(0, len(flat) - 3, 4):
        start, end, work_start, work_end = flat[at : at + 4]
        if start < end and work_start < work_end:
            yield start, end, work_start, work_end


def _cells(start: int, end: int, whole: int) -> tuple[int, int]:
    """From and to, in units of the strip; at least so wide that it is seen."""
    first = min(max(start, 0) * WIDTH // max(whole, 1), WIDTH - _LEAST)
    last = min(-(-max(end, 0) * WIDTH // max(whole, 1)), WIDTH)
    return first, max(last, first + _LEAST)
