"""Opening an index of recordings: checked, memory-mapped, shared by every process that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.errors import UnusableIndexError
from countermark.index.arrays import map_array
from countermark.index.audio import checking, layout
from countermark.index.audio.postings import PostingLookup
from countermark.index.lookup import check_files, verify_files
from countermark.index.manifest import Manifest, read_manifest
from countermark.media import Medium

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    import pyarrow as pa

    from countermark.fingerprint.audio.features import Features


class AudioIndex:
    """A catalogue's recordings, open for lookup."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Map the arrays; raises UnusableIndexError where they do not fit the manifest, or one another."""
        self.folder = folder
        self.manifest = manifest
        described = checking.check_manifest(folder, manifest)
        self._arrays = {name: map_array(folder, name, described) for name in described}
        checking.check_shapes(folder, self._arrays, manifest.assets)
        self.postings = PostingLookup(
            {name: array for name, array in self._arrays.items() if name in checking.POSTINGS}
        )
        self._table: pa.Table | None = None
        self._assets: list[dict[str, Any]] | None = None
        self._by_digest: dict[str, list[int]] | None = None

    @property
    def harmony_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays of melody and harmony by their own names; empty where the index was built without."""
        return {
            name.removeprefix(layout.HARMONY): array
            for name, array in self._arrays.items()
            if name.startswith(layout.HARMONY)
        }

    def assets(self) -> list[dict[str, Any]]:
        """One dictionary per asset, in the index's order."""
        if self._assets is None:
            self._assets = self.assets_table().to_pylist()
        return self._assets

    def assets_table(self) -> pa.Table:
        """What is known of each asset, its `duration` in milliseconds included. Raises UnusableIndexError."""
        if self._table is None:
            self._table = checking.read_assets(self.folder, self.manifest.assets)
        return self._table

    def features(self, asset: int) -> Features:
        """The peaks and codes of an asset."""
        return self.postings.features(asset)

    def of_file(self, digest: str) -> list[int]:
        """The assets whose file has that SHA-256."""
        if self._by_digest is None:
            self._by_digest = {}
            for asset, facts in enumerate(self.assets()):
                self._by_digest.setdefault(facts["asset_digest"], []).append(asset)
        return self._by_digest.get(digest, [])

    def copy_of(self, asset: int) -> bytes:
        """The work as Ogg Opus, for listening; empty where the index was built without."""
        ends = self._arrays["copy_ends"]
        begin, end = int(ends[asset]), int(ends[asset + 1])
        with (self.folder / layout.COPIES).open("rb") as file:
            file.seek(begin)
            return file.read(end - begin)

    def verify(self) -> None:
        """Read every file whole, compare its digest, and check every number that leads somewhere.

        Raises UnusableIndexError at the first that is wrong.
        """
        verify_files(self.folder, self.manifest)
        checking.check_numbers(self.folder, self._arrays, self.manifest.assets)
        checking.check_lengths(self.folder, self._arrays, self.assets_table())


def open_audio_index(folder: Path) -> AudioIndex:
    """Open an index of recordings. Sizes are checked at once, every byte by `verify`. Raises UnusableIndexError."""
    manifest = read_manifest(folder)
    if manifest.medium != Medium.AUDIO:
        raise UnusableIndexError(
            f"{folder} is an index of another medium ({manifest.medium}), not of recordings"
        )
    if manifest.scheme != layout.SCHEME:
        raise UnusableIndexError(
            f"{folder} has the scheme {manifest.scheme}; this version reads {layout.SCHEME}: build the index again"
        )
    check_files(folder, manifest)
    return AudioIndex(folder, manifest)
