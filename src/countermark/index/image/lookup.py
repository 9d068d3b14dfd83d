"""Opening an index of pictures: checked, memory-mapped, shared by every process that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from countermark.errors import UnusableIndexError
from countermark.images.decode import read_frames
from countermark.index.image import layout
from countermark.index.image.hashes import HashLookup
from countermark.index.image.words import WordLookup
from countermark.index.lookup import check_files, verify_files
from countermark.index.manifest import Manifest, read_manifest
from countermark.media import Medium

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt


class ImageIndex:
    """A catalogue's pictures, open for lookup."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self._described = manifest.facts.get("arrays", {})
        self.entry_assets, self.entry_boxes = self._map("entry_assets"), self._map("entry_boxes")
        self.hashes = HashLookup(self._prefixed(layout.HASHES))
        self.words = WordLookup(self._prefixed(layout.WORDS))
        self.vectors = self._map("vectors") if "vectors" in self._described else None
        self._view_ends, self._print_ends = self._map("view_ends"), self._map("print_ends")
        self._assets: list[dict[str, Any]] | None = None

    def _map(self, name: str) -> npt.NDArray[Any]:
        return layout.map_array(self.folder, name, self._described)

    def _prefixed(self, prefix: str) -> dict[str, npt.NDArray[Any]]:
        names = [name for name in self._described if name.startswith(prefix)]
        return {name.removeprefix(prefix): self._map(name) for name in sorted(names)}

    def assets(self) -> list[dict[str, Any]]:
        """One dictionary per asset, in the index's order."""
        if self._assets is None:
            self._assets = self.assets_table().to_pylist()
        return self._assets

    def assets_table(self) -> pa.Table:
        """What is known of each asset, its `width` and `height` in pixels included."""
        return pq.read_table(self.folder / layout.ASSETS)

    def view(self, asset: int) -> npt.NDArray[np.uint8]:
        """The work in grey, its longer side at most VIEW_LONGEST."""
        return read_frames(self._piece(layout.VIEWS, self._view_ends, asset)).frames[0].grey

    def print_of(self, asset: int) -> bytes:
        """The work as JPEG for print; empty where the index was built without."""
        return self._piece(layout.PRINTS, self._print_ends, asset)

    def _piece(self, name: str, ends: npt.NDArray[Any], asset: int) -> bytes:
        begin, end = int(ends[asset]), int(ends[asset + 1])
        with (self.folder / name).open("rb") as file:
            file.seek(begin)
            return file.read(end - begin)

    def verify(self) -> None:
        """Read every file whole and compare its digest; raises UnusableIndexError at the first that differs."""
        verify_files(self.folder, self.manifest)


def open_image_index(folder: Path) -> ImageIndex:
    """Open an index of pictures. Sizes are checked at once, every byte by `verify`. Raises UnusableIndexError."""
    manifest = read_manifest(folder)
    if manifest.medium != Medium.IMAGE:
        raise UnusableIndexError(
            f"{folder} is an index of another medium ({manifest.medium}), not of pictures"
        )
    if manifest.scheme != layout.SCHEME:
        raise UnusableIndexError(
            f"{folder} has the scheme {manifest.scheme}; this version reads {layout.SCHEME}: build the index again"
        )
    check_files(folder, manifest)
    return ImageIndex(folder, manifest)
