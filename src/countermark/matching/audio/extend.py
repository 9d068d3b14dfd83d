"""The extension of a verified alignment: which seconds of record and work agree, on both sides of a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from countermark.fingerprint.audio.codes import CODE_DELAY, CODE_RATE, WORK_WORDS
from countermark.matching.audio import _follow_kernel as kernel
from countermark.matching.audio.align import ONE, Alignment, prepared
from countermark.matching.audio.match import MatchedPart

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.fingerprint.audio.features import Features

_CHUNK: Final = round(4 * CODE_RATE)
"""Codes that are aligned at once: slow drift is followed from chunk to chunk."""
_PATIENCE: Final = round(20 * CODE_RATE)
"""Codes over which nothing needs to be heard: a voice over the music."""
_FARTHEST: Final = round(3600 * CODE_RATE)
"""Codes to either side that one match reaches: an hour."""
_MOST_EXPECTED: Final = 0.3
"""The share of excess that is expected where a work is heard, at most: so weaker stretches of a clean one count too."""
_SPREAD: Final = 0.06
"""The variance of the share of excess of one code, times the codes (about four) that overlap in time."""
_COST: Final = 7.0
"""What a change between heard and not heard costs, in logarithms of likelihood."""
_SHORTEST: Final = round(0.6 * CODE_RATE)
"""Codes of a part that is told."""
_EDGE: Final = 0.5
"""Seconds before the first code and after the last that a part is drawn out to the ends of the files."""


class Extension(NamedTuple):
    """The parts in which a work is heard, the pace over all of them, and how well they agree (0 to 1)."""

    parts: tuple[MatchedPart, ...]
    tempo: float
    agreement: float


def extend(record: Features, work: Features, alignment: Alignment, agreement: float) -> Extension | None:
    """Follow an alignment, whose window agrees so well, both ways; None where no part is long enough to be told."""
    low = max(0, alignment.first - _FARTHEST)
    high = min(len(record.codes), alignment.end + _FARTHEST)
    shifted, mask = prepared(record.codes, low, high, alignment.halves)
    codes = np.ascontiguousarray(work.codes[:, :WORK_WORDS])
    middle = (alignment.first + alignment.end) // 2 - low
    path = np.full(high - low, kernel.NOWHERE, dtype=np.int64)
    for direction in (1, -1):
        kernel.follow(
            shifted, mask, codes, middle, alignment.middle, alignment.step, direction, _CHUNK, _PATIENCE, path
        )
    excess, state = np.empty(len(path), dtype=np.int32), np.empty(len(path), dtype=np.int8)
    kernel.excess_along(shifted, mask, codes, path, excess, state)
    width = int(np.bitwise_count(mask).sum())
    heard = np.empty(len(path), dtype=np.bool_)
    expected = min(_MOST_EXPECTED, max(agreement, 0.05))
    kernel.heard_codes(excess, state, width, expected, _SPREAD, _COST, heard)
    runs = [run for run in _runs(heard) if run[1] - run[0] >= _SHORTEST]
    if not runs:
        return None
    counted = np.concatenate([np.arange(*run) for run in runs])
    compared = int((state[counted] == 2).sum()) * width
    parts = tuple(_part(run, low, path, alignment.step, record, work) for run in runs)
    share = int(excess[counted].sum()) / max(1, compared)
    return Extension(_in_order(parts), _pace(runs, path, alignment.step), min(1.0, max(0.0, share)))


def _runs(heard: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The stretches [begin, end) that are true."""
    turns = np.flatnonzero(np.diff(np.concatenate([[0], heard.astype(np.int8), [0]])))
    return [(int(begin), int(end)) for begin, end in zip(turns[::2], turns[1::2], strict=True)]


def _part(
    run: tuple[int, int], low: int, path: npt.NDArray[np.int64], step: int, record: Features, work: Features
) -> MatchedPart:
    """The seconds of a stretch of record codes; at the ends of a file, up to the end."""
    tempo = step / ONE
    first, last = run[0], run[1] - 1
    start = (low + first - 0.5) / CODE_RATE + CODE_DELAY
    end = (low + last + 0.5) / CODE_RATE + CODE_DELAY
    work_start = (path[first] / ONE - 0.5 * tempo) / CODE_RATE + CODE_DELAY
    work_end = (path[last] / ONE + 0.5 * tempo) / CODE_RATE + CODE_DELAY
    before = min(start, work_start / tempo)
    if before <= _EDGE:
        start, work_start = start - before, work_start - before * tempo
    after = min(record.seconds - end, (work.seconds - work_end) / tempo)
    if after <= _EDGE:
        end, work_end = end + after, work_end + after * tempo
    return MatchedPart(float(start), float(end), float(work_start), float(work_end))


def _in_order(parts: tuple[MatchedPart, ...]) -> tuple[MatchedPart, ...]:
    """The parts, none of which begins in the work before the last one ends: where drift was followed they may touch."""
    kept: list[MatchedPart] = []
    for part in parts:
        floor = kept[-1].work_end if kept else 0.0
        work_start = max(0.0, floor, part.work_start)
        kept.append(part._replace(work_start=work_start, work_end=max(work_start, part.work_end)))
    return tuple(kept)


def _pace(runs: list[tuple[int, int]], path: npt.NDArray[np.int64], step: int) -> float:
    """The pace from the first code that is heard to the last; over a few seconds, that of the window."""
    first, last = runs[0][0], runs[-1][1] - 1
    if last - first < 3 * _CHUNK:
        return step / ONE
    return float(path[last] - path[first]) / (last - first) / ONE
