"""How strongly a model reproduces each part of a work: as a strip of bars, and in the words themselves.

The level of a character is that of the most probable continuation that it lies in. A bar is the higher, the more
probable; bars under the threshold are hollow. In the text, what is covered is underlined, the thicker the more
probable. So nothing hangs on colour.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.evidence.report.legible import legible

if TYPE_CHECKING:
    from collections.abc import Sequence

CELLS: Final = 240
HEIGHT: Final = 30
WHOLE: Final = 12_000
"""Characters: a longer text is shown around its hits only."""
AROUND: Final = 240
MOST_SHOWN: Final = 40_000
_STEPS: Final = (math.log10(0.5), -1.0)


class Level(NamedTuple):
    """One level of the legend: from which log10 p_z on (None: all that is lower), its height, whether it is covered."""

    least: float | None
    height: float
    covered: bool


class Span(NamedTuple):
    """A stretch of the text with one level (-1: not asked)."""

    text: str
    level: int


def levels_of(least: float) -> list[Level]:
    """The levels, the most probable first: over the threshold (`least`, log10), and three below it."""
    above = [step for step in _STEPS if step > least + 0.1]
    edges: list[float | None] = [*above, least, least - 3, least - 9, None]
    return [
        Level(edge, round(HEIGHT * (1 - place / len(edges)), 1), edge is not None and edge >= least)
        for place, edge in enumerate(edges)
    ]


def level_of(value: float | None, levels: Sequence[Level]) -> int:
    """The place of a log10 p_z among the levels."""
    for place, level in enumerate(levels):
        if level.least is None or (value is not None and value >= level.least):
            return place
    return len(levels) - 1


def strip(runs: Sequence[Sequence[Any]], length: int, levels: Sequence[Level]) -> list[dict[str, Any]]:
    """The bars of a text of `length` characters; a cell has the level of its most probable character."""
    cells = [-1] * CELLS
    for start, end, value in runs:
        level = level_of(value, levels)
        first = min(CELLS - 1, start * CELLS // length)
        for cell in range(first, min(CELLS, max(first + 1, -(-end * CELLS // length)))):
            cells[cell] = level if cells[cell] < 0 else min(cells[cell], level)
    bars: list[dict[str, Any]] = []
    for cell, level in enumerate(cells):
        if level < 0:
            continue
        if bars and bars[-1]["end"] == cell and bars[-1]["level"] == level:
            bars[-1]["end"] = cell + 1
        else:
            height = levels[level].height
            bars.append(
                {"x": cell, "end": cell + 1, "level": level, "h": height, "covered": levels[level].covered}
            )
    return bars


def spans(text: str, one: dict[str, Any], levels: Sequence[Level]) -> list[list[Span]]:
    """The text in pieces, each of spans: whole where it is short, else around its hits; [] where there is nothing."""
    safe = legible(text)
    pieces = [(0, len(safe))] if len(safe) <= WHOLE else _pieces(one["hits"], len(safe))
    return [_spans(safe, start, end, one["heat"], levels) for start, end in pieces]


def _pieces(hits: Sequence[dict[str, Any]], length: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda hit: hit["start"]):
        start, end = max(0, hit["start"] - AROUND), min(length, hit["end"] + AROUND)
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    shown, room = [], MOST_SHOWN
    for start, end in joined:
        if room <= 0:
            break
        shown.append((start, min(end, start + room)))
        room -= end - start
    return shown


def _spans(
    text: str, start: int, end: int, runs: Sequence[Sequence[Any]], levels: Sequence[Level]
) -> list[Span]:
    found, at = [], start
    for first, last, value in runs:
        if last <= start or first >= end:
            continue
        if first > at:
            found.append(Span(text[at:first], -1))
        level = level_of(value, levels)
        piece = text[max(first, start) : min(last, end)]
        if found and found[-1].level == level and first <= at:
            found[-1] = Span(found[-1].text + piece, level)
        else:
            found.append(Span(piece, level))
        at = min(last, end)
    if at < end:
        found.append(Span(text[at:end], -1))
    return found
