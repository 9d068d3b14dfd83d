"""What an index of texts is held against when it is opened: it may come from anybody.

The kernels that read its arrays check no bounds. Here the lengths of the arrays are compared with each other, and where
assets begin with the letters; what else points into an array is held against its length where it is followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from countermark.errors import UnusableIndexError
from countermark.index import layout

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from countermark.index.manifest import Manifest


def letters_end(manifest: Manifest) -> int:
    """How long the catalog is, in letters and separating zeros."""
    return manifest.letters + (manifest.assets + 1) * layout.SEPARATION


def _sizes(manifest: Manifest) -> dict[str, int]:
    """How many bytes the arrays have that the counts of the manifest decide."""
    count, end = manifest.fingerprints, letters_end(manifest)
    buckets = max(1, count // layout.ENTRIES_PER_BUCKET)
    sizes = {
        layout.KEYS: 4 * count,
        layout.POSTINGS: layout.smallest(end).itemsize * count,
        layout.DIRECTORY: layout.smallest(count).itemsize * (buckets + 1),
        layout.FILTER: 8 * max(1, count // layout.FILTER_ENTRIES_PER_BLOCK),
        layout.ASSET_STARTS: 8 * (manifest.assets + 1),
        layout.ASSET_WORKS: 4 * manifest.assets,
    }
    if manifest.form == "full":
        sizes |= {
            layout.LETTERS: end,
            layout.BREAKS: end // 8 + 1,
            layout.MODEL: layout.model_cells(manifest.words),
        }
    return sizes


def check_lengths(folder: Path, manifest: Manifest) -> None:
    """Compare the sizes that a manifest gives with its counts. Raises UnusableIndexError."""
    wanted: dict[str, int | None] = {**_sizes(manifest), layout.POINTS: None, layout.ASSETS: None}
    if manifest.form == "full":
        wanted |= {layout.TEXTS: None, layout.CHUNKS: None}
    for name, size in wanted.items():
        if name not in manifest.files:
            raise UnusableIndexError(f"{folder}: the manifest does not name {name}: build the index again")
        if size is not None and manifest.files[name]["size"] != size:
            raise unfit(folder, name)
    rows, rest = divmod(manifest.files.get(layout.CHUNKS, {"size": 48})["size"], 24)
    if rest or rows < 2 or manifest.files[layout.POINTS]["size"] % 4 or not manifest.assets:
        raise unfit(folder, layout.CHUNKS if manifest.assets else layout.ASSETS)


def check_starts(folder: Path, starts: npt.NDArray[np.uint64], end: int) -> None:
    """Raise UnusableIndexError where assets do not lie among the letters one after another."""
    steps = np.diff(starts.astype(np.int64))
    climbing = int(starts[0]) == layout.SEPARATION and bool((steps >= layout.SEPARATION).all())
    if not climbing or int(starts.max()) != end or int(starts[-1]) != end:
        raise unfit(folder, layout.ASSET_STARTS)


def check_chunks(folder: Path, chunks: npt.NDArray[np.uint64], end: int, size: int) -> None:
    """Raise UnusableIndexError where frames do not lie among the letters, and in `texts.zst`, one after another."""
    for column, (first, last) in enumerate(((layout.SEPARATION, end), (0, size))):
        places = chunks[:, column].astype(np.int64)
        ends = int(places[0]) == first and int(places[-1]) == last
        if not ends or bool((np.diff(places) < 0).any()) or int(chunks[:, column].max()) != last:
            raise unfit(folder, layout.CHUNKS)


def unfit(folder: Path, name: str) -> UnusableIndexError:
    """The error for an array that does not fit the others."""
    return UnusableIndexError(f"{folder}: {name} does not fit the rest of the index: build it again")
