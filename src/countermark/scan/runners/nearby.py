"""Searching with what stands nearby: the index and all that goes with it, as a node of a cluster has it.

Workers map the index into memory. Over a network file system each page would be fetched again by each of them, so every
node gets a copy on its own disk, once, and all of its workers share that (`nearby_copy`). What a searcher opens is
decided here: the same files under other paths. Findings and receipts name none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from countermark.scan.runners.nearby_stock import stock_of

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.scan.receipt import RefusalTally
    from countermark.scan.runners.nearby_stock import Stock
    from countermark.scan.search import (
        ControlsWanted,
        IndexFacts,
        SearchBackend,
        Searcher,
        SearchSettings,
    )


@dataclass(frozen=True, slots=True)
class NearbyBackend:
    """Any backend, with its files where `places` says: pairs of the path that the run names and the one here."""

    inner: SearchBackend
    places: tuple[tuple[str, str], ...] = ()

    def describe(self, index: Path, salt: bytes | None) -> IndexFacts:
        """As the inner backend does."""
        return self.inner.describe(index, salt)

    def build_controls(self, controls: ControlsWanted, out: Path) -> RefusalTally:
        """As the inner backend does."""
        return self.inner.build_controls(controls, out)

    def open(self, settings: SearchSettings) -> Searcher:
        """A searcher over the files that are nearby. Raises UnusableIndexError."""
        return self.inner.open(self.nearby(settings))

    def nearby(self, settings: SearchSettings) -> SearchSettings:
        """The same search, with the paths of this node."""
        here = dict(self.places)

        def at(path: str | None) -> str | None:
            return None if path is None else here.get(path, path)

        robots = replace(settings.reservations, robots=at(settings.reservations.robots))
        return replace(
            settings,
            index=here.get(settings.index, settings.index),
            controls=at(settings.controls),
            embedding=at(settings.embedding),
            notes=at(settings.notes),
            reservations=robots,
        )


def stocks_of(search: SearchSettings, run: str) -> tuple[Stock, ...]:
    """All that a search opens, as it stands on this machine. Raises UnusableIndexError where something is missing.

    What lies in the run folder `run` is also to be had below its URL, where that is one.
    """
    found = [stock_of(search.index)]
    beside = (search.controls, search.reservations.robots)
    found += [stock_of(path, url_of_run=run) for path in beside if path is not None]
    found += [stock_of(path) for path in (search.embedding, search.notes) if path is not None]
    return tuple(found)


__all__ = ["NearbyBackend", "stocks_of"]
