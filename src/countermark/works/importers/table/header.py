"""Where the header of a table stands, and what it calls each column.

Above a header stand titles, dates of export and empty lines; a header may have two or three levels, of which the
upper ones head several columns (`Contributor | | Dates |` above `name | role | first | last`).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.works.identifiers import guess_identifier
from countermark.works.importers.table.fields import field_of, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.works.importers.table.grid import Line

LOOKED_AT: Final = 60
"""Lines among which the header is sought."""

_LEVELS: Final = 3
_GENERIC: Final = frozenset({"name", "nom", "nombre", "full name", "nom complet"})
_DATA: Final = re.compile(r"[\d\s.,:/%€$£-]{4,}|https?://.*")


class Header(NamedTuple):
    """The numbers of the header's lines, and for each column the words of its levels, the upper first."""

    lines: tuple[int, ...]
    levels: list[tuple[str, ...]]

    @property
    def names(self) -> list[str]:
        """What each column is called: its levels, joined."""
        return [" ".join(levels) for levels in self.levels]

    @property
    def fields(self) -> list[str]:
        """The field that each column's header names, empty where it names none."""
        return [_field(levels) for levels in self.levels]


def find_header(lines: Sequence[Line]) -> Header:
    """The header among the first lines of a table; without lines where the first of them is data already."""
    best, best_score = None, 0.0
    for at in range(len(lines)):
        for levels in range(1, _LEVELS + 1):
            block = lines[at : at + levels]
            if len(block) < levels or not _is_heading(block):
                break
            header = header_of(block)
            score = len({name for name in header.fields if name}) - 0.5 * (levels - 1)
            if score > best_score:
                best, best_score = header, score
    if best is not None:
        return best
    return _unknown(lines)


def _unknown(lines: Sequence[Line]) -> Header:
    """No word is known: the first line with more than one cell, unless an identifier stands in it."""
    widest = max((_filled(line) for line in lines[:10]), default=0)
    for line in lines[:10]:
        if _filled(line) * 2 > widest:
            if any(_DATA.fullmatch(cell.strip()) or guess_identifier(cell) for cell in line.cells if cell):
                return Header((), [() for _ in range(max(len(one.cells) for one in lines))])
            return header_of([line])
    return Header((), [])


def _filled(line: Line) -> int:
    return sum(bool(cell.strip()) for cell in line.cells)


def _is_heading(block: Sequence[Line]) -> bool:
    """Whether these lines can head columns together: words only, and each but the last heads several columns."""
    if any(line.problem or any(_DATA.fullmatch(cell.strip()) for cell in line.cells) for line in block):
        return False
    for upper, lower in pairwise(block):
        cells = [cell.strip() for cell in upper.cells]
        cells += [""] * (len(lower.cells) - len(cells))
        spans = any(
            below.strip() and at and any(cells[:at]) and cells[at] in {"", cells[at - 1]}
            for at, below in enumerate(lower.cells)
        )
        if not spans:
            return False
    return True


def header_of(block: Sequence[Line]) -> Header:
    """The header that these lines make together."""
    width = max((len(line.cells) for line in block), default=0)
    rows = []
    for depth, line in enumerate(block):
        cells = [" ".join(cell.split())[:400] for cell in line.cells] + [""] * (width - len(line.cells))
        if depth < len(block) - 1:
            below = [one.cells for one in block[depth + 1 :]]
            cells = _spread(cells, below)
        rows.append(cells)
    levels = [tuple(dict.fromkeys(word for word in column if word)) for column in zip(*rows, strict=True)]
    while levels and not levels[-1]:
        levels.pop()
    return Header(tuple(line.number for line in block), levels)


def _spread(cells: list[str], below: list[list[str]]) -> list[str]:
    """The words of an upper level, repeated over the columns that they head."""
    last = ""
    spread = []
    for at, cell in enumerate(cells):
        last = cell or last
        heads = any(at < len(row) and row[at].strip() for row in below)
        spread.append(last if cell or heads else "")
    return spread


def _field(levels: tuple[str, ...]) -> str:
    if not levels:
        return ""
    if found := field_of(" ".join(levels)):
        return found
    if len(levels) > 1 and fold(levels[-1]) in _GENERIC and (found := field_of(levels[-2])):
        return found
    return next((found for word in reversed(levels) if (found := field_of(word))), "")
