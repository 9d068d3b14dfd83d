"""Figures for a group's public use: counts by data set, kind of work, publisher, trade, year; small ones suppressed.

No title, no name of a person. Each table is held by itself, with the total that another table may show
(`claims.suppression`); no table crosses two of these, and none joins data sets, so that nothing follows from their
differences.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from countermark.claims.found import BEST_FIRST
from countermark.claims.suppression import suppressed

if TYPE_CHECKING:
    from countermark.claims.case import RunFinding
    from countermark.works.entry import CatalogWork

FORMAT: Final = "countermark.figures/1"
SMALLEST: Final = 5
_OUTCOMES: Final = {
    "found": "found",
    "free-licence": "found",
    "quotation-sized": "found",
    "identifier": "identifier",
    "identifier-only": "identifier",
    "name": "name",
    "name-only": "name",
}
OUTCOMES: Final = ("found", "identifier", "name", "not-found")
TABLES: Final = ("medium", "publisher", "trade", "year")
"""`trade` is the role of whoever the catalog names first: author, composer, photographer …"""


class Figures:
    """Counts works by data set; each work once, with the strongest that its runs over that data set say."""

    def __init__(self) -> None:
        self.works = 0
        self._outcomes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._groups: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(
            lambda: defaultdict(Counter)
        )

    def add_data_set(self, corpus: str, snapshot: str) -> None:
        """Name a data set that was searched, so that it stands there even where nothing was found."""
        _ = self._outcomes[corpus, snapshot]

    def add(self, work: CatalogWork, found: tuple[RunFinding, ...]) -> None:
        """Count one work of the catalog."""
        self.works += 1
        best: dict[tuple[str, str], int] = {}
        for finding in found:
            data_set = (finding.corpus, finding.snapshot)
            rank = BEST_FIRST.index(finding.status) if finding.status in BEST_FIRST else len(BEST_FIRST) - 1
            best[data_set] = min(rank, best.get(data_set, rank))
        for data_set, rank in best.items():
            outcome = _OUTCOMES.get(BEST_FIRST[rank], "not-found")
            if outcome == "not-found":
                continue
            self._outcomes[data_set][outcome] += 1
            if outcome != "name":
                for table, group in _groups(work).items():
                    self._groups[data_set][table][group] += 1

    def as_json(self, smallest: int = SMALLEST) -> dict[str, Any]:
        """The tables with small counts suppressed: a cell is a count, "small", or "hidden" (it covers a small one)."""
        return {
            "format": FORMAT,
            "smallest": smallest,
            "works": self.works if self.works >= smallest else "small",
            "data_sets": [self._data_set(data_set, smallest) for data_set in sorted(self._outcomes)],
        }

    def _data_set(self, data_set: tuple[str, str], smallest: int) -> dict[str, Any]:
        seen = self._outcomes[data_set]
        cells = {name: seen[name] for name in OUTCOMES[:-1]}
        cells["not-found"] = self.works - sum(cells.values())
        tables = {table: self._groups[data_set][table] for table in TABLES}
        return {
            "corpus": data_set[0],
            "snapshot": data_set[1],
            "outcomes": _shown(cells, smallest),
            "in_data_set": {table: _shown(groups, smallest) for table, groups in tables.items() if groups},
        }


def _shown(cells: dict[str, int] | Counter[str], smallest: int) -> dict[str, Any]:
    shown = suppressed(dict(sorted(cells.items())), smallest)
    return {"cells": shown.cells, "total": shown.total if shown.total is not None else "hidden"}


def _groups(work: CatalogWork) -> dict[str, str]:
    publishers = sorted({edition.publisher for edition in work.editions if edition.publisher})
    return {
        "medium": str(work.medium),
        "publisher": publishers[0] if publishers else "",
        "trade": work.contributors[0].role if work.contributors else "",
        "year": work.published[:4],
    }
