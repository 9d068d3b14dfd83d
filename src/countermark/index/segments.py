"""An index in segments: works were added to it or dropped from it, and it answers as if it had been built anew.

The folder holds segments, each an index by itself that never changes (the first stands in the folder itself, as it was
built), and a folder of state: which assets count, how often their words stand in all of them. The manifest names both;
replacing it is what makes a change happen, so that a change is made whole or not at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from countermark.errors import UnusableIndexError
from countermark.fingerprint.scheme import TextScheme
from countermark.index import layout
from countermark.index.assets import Assets
from countermark.index.lookup import Index, Part, check_files, verify_files, words_cell
from countermark.index.manifest import Manifest, identity_of

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from countermark.media import Span

HERE = "."
"""The name of the segment that stands in the folder of the index itself."""
LIVE, WORKS, COUNTS = "live.u1", "asset_works.u4", "counts.zst"
"""Files of the state, beside the word model: for each asset of each segment 1 if it counts; for each that does the
number of its work; and the counts that the word model is made of."""
_SEGMENT, _STATE = re.compile(r"\.|segment-\d{6}"), re.compile(r"state-\d{6}")
_SAME = ("scheme", "form", "key_check", "medium")
MOST_SEGMENTS = 32
"""Each is searched for every window, and takes 14 of the files that a process may have open, often 1,024."""


def segment_manifests(folder: Path, manifest: Manifest) -> list[tuple[str, Manifest]]:
    """The name of the folder and the manifest of each segment; raises UnusableIndexError where one does not fit."""
    if len(manifest.segments) > MOST_SEGMENTS:
        raise UnusableIndexError(f"{folder}: the manifest names more than {MOST_SEGMENTS} segments")
    found: list[tuple[str, Manifest]] = []
    for said in manifest.segments:
        try:
            name, facts = str(said["folder"]), dict(said["manifest"])
            segment = Manifest(**facts)
            same = all(getattr(segment, fact) == getattr(manifest, fact) for fact in _SAME)
            sound = same and segment.is_sound() and segment.identity == identity_of(facts)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UnusableIndexError(f"{folder}: the manifest is damaged: {error}") from None
        again = name in (other for other, _ in found)
        if (
            not sound
            or again
            or segment.segments
            or not _SEGMENT.fullmatch(name)
            or (name == HERE) != (not found)
        ):
            raise UnusableIndexError(f"{folder}: the segment {name!r:.40} is none of this index")
        found.append((name, segment))
    if not _STATE.fullmatch(manifest.state):
        raise UnusableIndexError(f"{folder}: the manifest names no folder of state")
    return found


def check_segments(folder: Path, manifest: Manifest) -> list[tuple[str, Manifest]]:
    """Compare all files with the manifest, by name and size; return the segments. Raises UnusableIndexError."""
    segments = segment_manifests(folder, manifest)
    for name, segment in segments:
        check_files(folder / name, segment)
    check_files(folder / manifest.state, manifest)
    return segments


def verify_segments(folder: Path, manifest: Manifest) -> None:
    """Read every file whole; raises UnusableIndexError at the first that is not what it was."""
    for name, segment in segment_manifests(folder, manifest):
        verify_files(folder / name, segment)
    verify_files(folder / manifest.state, manifest)


def live_assets(folder: Path, manifest: Manifest, segments: list[tuple[str, Manifest]]) -> list[Any]:
    """For each segment one uint8 an asset, 1 where it counts. Raises UnusableIndexError."""
    if manifest.files.get(LIVE, {"size": -1})["size"] != sum(segment.assets for _, segment in segments):
        raise UnusableIndexError(
            f"{folder / manifest.state / LIVE} does not fit the segments"
        )  # read nothing longer
    live = np.fromfile(folder / manifest.state / LIVE, dtype=np.uint8)
    sizes = [segment.assets for _, segment in segments]
    if len(live) != sum(sizes) or int(live.sum()) != manifest.assets or (live > 1).any():
        raise UnusableIndexError(f"{folder / manifest.state / LIVE} does not fit the segments")
    return np.split(live, np.cumsum(sizes)[:-1])


class SegmentedIndex(Index):
    """Several segments, open for lookup as one index; assets that were dropped are not among its assets."""

    def __init__(self, folder: Path, manifest: Manifest, key: npt.NDArray[np.uint64]) -> None:
        self.folder, self.manifest, self.key = folder, manifest, key
        self.scheme = TextScheme.parse(manifest.scheme)
        self.words_cell = words_cell(manifest.words)
        named = check_segments(folder, manifest)
        self._segments = [Index(folder / name, segment, key) for name, segment in named]
        self._live = live_assets(folder, manifest, named)
        self._kept = [np.flatnonzero(live) for live in self._live]
        self._bounds = np.concatenate(([0], np.cumsum([len(kept) for kept in self._kept])))
        self._works = self._of_state(WORKS, "<u4", 4 * manifest.assets)
        if manifest.form == "full":
            self._model = self._of_state(layout.MODEL, "u1", layout.model_cells(manifest.words))
        self._parts = tuple(self._part(number) for number in range(len(self.segments)))

    def _of_state(self, name: str, kind: str, size: int) -> npt.NDArray[Any]:
        if self.manifest.files.get(name, {"size": -1})["size"] != size or not size:
            raise UnusableIndexError(f"{self.folder / self.manifest.state / name} does not fit the segments")
        return np.asarray(np.memmap(self.folder / self.manifest.state / name, dtype=kind, mode="r"))

    def _part(self, number: int) -> Part:
        """One segment as it is searched: with the word model of all, and its assets' numbers among all that count."""
        live, arrays = self._live[number], self.segments[number].arrays
        if self.manifest.form == "full":
            arrays = arrays._replace(model=self._model)
        numbers = np.cumsum(live, dtype=np.int64) - 1 + self._bounds[number]
        return Part(arrays, np.zeros(0, dtype=np.uint8) if live.all() else live, numbers)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is searched, one after the other."""
        return self._parts

    @property
    def segments(self) -> list[Index]:
        """The segments, one for each part."""
        return self._segments

    @property
    def arrays(self) -> layout.Arrays:  # type: ignore[override]
        """Raises UnusableIndexError: there is one set of arrays for each segment."""
        raise UnusableIndexError(
            f"{self.folder} is in {len(self.segments)} segments, and here one is needed: "
            f"`countermark index compact {self.folder}` makes one of them"
        )

    def _at(self, asset: int) -> tuple[Index, int]:
        """The segment of an asset, and its number there."""
        number = int(np.searchsorted(self._bounds, asset, side="right")) - 1
        return self.segments[number], int(self._kept[number][asset - int(self._bounds[number])])

    def _open_rows(self) -> Assets:
        kept = [None if live.all() else rows for live, rows in zip(self._live, self._kept, strict=True)]
        files = [segment.folder / layout.ASSETS for segment in self.segments]
        for segment in self.segments:
            segment.assets()  # as many rows as it has assets
        return Assets(list(zip(files, kept, strict=True)), self._works)

    def works_of(self, assets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The numbers of the works that assets belong to."""
        return self._works[assets].astype(np.int64)

    def begin(self, asset: int) -> int:
        """Where an asset's letters begin in the catalog of its segment."""
        segment, number = self._at(asset)
        return segment.begin(number)

    def excerpt(self, number: int, span: Span) -> str | None:
        """Return the code points of an asset in `span`; None in a sealed index, which holds no text."""
        segment, asset = self._at(number)
        return segment.excerpt(asset, span)

    def asset_span(self, number: int, start: int, end: int) -> Span:
        """Return the code points of an asset that its letters `[start, end)` came from (see `Index`)."""
        segment, asset = self._at(number)
        return segment.asset_span(asset, start, end)

    def verify(self) -> None:
        """Read every file whole and compare its digest; raises UnusableIndexError at the first that differs."""
        verify_segments(self.folder, self.manifest)
