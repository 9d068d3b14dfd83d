"""Which assets are known already: the same work with the same file (by its digest) is not indexed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from countermark.index.assets import Assets

_COLUMNS = ["work_id", "asset_digest"]


class Same(NamedTuple):
    """Asset `number` of the index in `folder` (or, while works are added, the next one): an earlier one is the same."""

    folder: Path
    number: int
    work_id: str
    asset_path: str


class Known:
    """The assets of several indices, for asking whether one is among them; eight bytes are kept of each."""

    def __init__(self) -> None:
        self._tables: list[tuple[Assets, npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []

    def add(self, assets: Assets) -> None:
        """Take in all rows of a table."""
        prints = np.fromiter((hash(key) for key in _keys(assets)), dtype=np.int64, count=len(assets))
        order = np.argsort(prints, kind="stable")
        self._tables.append((assets, prints[order], order))

    def holds(self, work_id: str, digest: str) -> bool:
        """Whether an asset of this work with this digest was taken in."""
        wanted = hash((work_id, digest))
        for assets, prints, order in self._tables:
            at = int(np.searchsorted(prints, wanted))
            while at < len(prints) and prints[at] == wanted:
                row: dict[str, Any] = assets[int(order[at])]
                if (row["work_id"], row["asset_digest"]) == (work_id, digest):
                    return True
                at += 1
        return False

    def among(self, assets: Assets, folder: Path) -> list[Same]:
        """The rows of a table that are known."""
        if not self._tables:
            return []
        found = [number for number, key in enumerate(_keys(assets)) if self.holds(*key)]
        rows = [assets[number] for number in found]
        return [
            Same(folder, number, row["work_id"], row["asset_path"])
            for number, row in zip(found, rows, strict=True)
        ]


def _keys(assets: Assets) -> Iterator[tuple[str, str]]:
    for batch in assets.batches(_COLUMNS):
        yield from zip(*(batch[name].to_pylist() for name in _COLUMNS), strict=True)
