"""Opening an index of pictures: checked, memory-mapped, shared by every process that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.errors import PictureError, UnusableIndexError
from countermark.images.decode import read_colour, read_frames
from countermark.index.arrays import map_array
from countermark.index.image import checking, layout
from countermark.index.image.hashes import HashLookup
from countermark.index.image.words import WordLookup
from countermark.index.lookup import check_files, verify_files
from countermark.index.manifest import Manifest, read_manifest
from countermark.media import Medium

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


class ImageIndex:
    """A catalogue's pictures, open for lookup."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Map the arrays; raises UnusableIndexError where they do not fit the manifest, or one another."""
        self.folder = folder
        self.manifest = manifest
        described = checking.check_manifest(folder, manifest)
        names = [*checking.ARRAYS, *(["vectors"] if "vectors" in described else [])]
        self._arrays = {name: map_array(folder, name, described) for name in names}
        checking.check_shapes(folder, self._arrays, manifest.assets)
        self.entry_assets, self.entry_boxes = self._arrays["entry_assets"], self._arrays["entry_boxes"]
        self.hashes = HashLookup(self._prefixed(layout.HASHES))
        self.words = WordLookup(self._prefixed(layout.WORDS))
        self.vectors = self._arrays.get("vectors")
        self._view_ends, self._print_ends = self._arrays["view_ends"], self._arrays["print_ends"]
        self._table: pa.Table | None = None
        self._assets: list[dict[str, Any]] | None = None
        self._by_digest: dict[str, list[int]] | None = None

    def _prefixed(self, prefix: str) -> dict[str, npt.NDArray[Any]]:
        return {
            name.removeprefix(prefix): array
            for name, array in self._arrays.items()
            if name.startswith(prefix)
        }

    def assets(self) -> list[dict[str, Any]]:
        """One dictionary per asset, in the index's order."""
        if self._assets is None:
            self._assets = self.assets_table().to_pylist()
        return self._assets

    def assets_table(self) -> pa.Table:
        """What is known of each asset, its `width` and `height` in pixels included. Raises UnusableIndexError."""
        if self._table is None:
            self._table = checking.read_assets(self.folder, self.manifest.assets)
        return self._table

    def view(self, asset: int) -> npt.NDArray[np.uint8]:
        """The work in grey, its longer side at most VIEW_LONGEST. Raises UnusableIndexError."""
        try:
            data = self._piece(layout.VIEWS, self._view_ends, asset)
            return read_frames(data, longest=layout.VIEW_LONGEST).frames[0].grey
        except PictureError as error:
            place = self.folder / layout.VIEWS
            raise UnusableIndexError(
                f"{place}: the view of work {asset} {error}: build the index again"
            ) from None

    def colours(self, asset: int) -> npt.NDArray[np.uint8]:
        """The work in colour, uint8[h, w, 3], its longer side at most VIEW_LONGEST. Raises PictureError."""
        return read_colour(self._piece(layout.VIEWS, self._view_ends, asset), longest=layout.VIEW_LONGEST)

    def of_file(self, digest: str) -> list[int]:
        """The assets whose file has that SHA-256."""
        if self._by_digest is None:
            self._by_digest = {}
            for asset, facts in enumerate(self.assets()):
                self._by_digest.setdefault(facts["asset_digest"], []).append(asset)
        return self._by_digest.get(digest, [])

    def print_of(self, asset: int) -> bytes:
        """The work as JPEG for print; empty where the index was built without."""
        return self._piece(layout.PRINTS, self._print_ends, asset)

    def _piece(self, name: str, ends: npt.NDArray[Any], asset: int) -> bytes:
        begin, end = int(ends[asset]), int(ends[asset + 1])
        with (self.folder / name).open("rb") as file:
            file.seek(begin)
            return file.read(end - begin)

    def verify(self) -> None:
        """Read every file whole, compare its digest, and check every number that leads somewhere.

        Raises UnusableIndexError at the first that is wrong.
        """
        verify_files(self.folder, self.manifest)
        checking.check_numbers(self.folder, self._arrays, self.manifest.assets)
        self.assets_table()


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
