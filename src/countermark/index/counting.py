"""Counting the words of assets from the letters and word beginnings that a full index keeps."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from countermark.index import layout
from countermark.index._sort_kernel import count_assets
from countermark.index.prints import Catalog, blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from countermark.index.lookup import Index


@contextmanager
def catalog_of(index: Index) -> Iterator[Catalog]:
    """The files of a full index's letters, open; its assets were found in them in order when it was opened."""
    with (
        (index.folder / layout.LETTERS).open("rb") as letters,
        (index.folder / layout.BREAKS).open("rb") as breaks,
    ):
        yield Catalog(letters, breaks, index.arrays.asset_starts)


def runs_of(kept: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The stretches `[first, last)` of numbers that are kept."""
    edges = np.flatnonzero(np.diff(kept.astype(np.int8), prepend=0, append=0))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def count_words_of(index: Index, kept: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.uint32], int]:
    """The counts of words and pairs of the assets that are kept (uint32[MOST_MODEL_CELLS]), and how many words."""
    counts = np.zeros(layout.MOST_MODEL_CELLS, dtype=np.uint32)
    words = 0
    with catalog_of(index) as catalog:
        for first, last in runs_of(kept):
            for block in blocks_of(catalog, first, last):
                words += int(count_assets(block.letters, block.breaks, block.bounds, counts))
    return counts, words
