"""Opening an index: checked, memory-mapped, shared by every process that opens it."""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_right
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import zstandard

from countermark.errors import UnusableIndexError
from countermark.fingerprint.scheme import EIGHTHS, TextScheme, key_of
from countermark.index import layout
from countermark.index.assets import CATALOG_COLUMNS, Assets
from countermark.index.checking import check_chunks, check_lengths, check_starts, letters_end, unfit
from countermark.index.manifest import Manifest, key_check, read_manifest
from countermark.media import Medium, Span

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from countermark.fingerprint.folding import Folded


class Part(NamedTuple):
    """What is searched at a time: the arrays of one segment, the works of which count where `live` is 1.

    `live` uint8[assets]; empty where all do. `numbers` int64[assets] are the numbers of its assets in the whole index.
    """

    arrays: layout.Arrays
    live: npt.NDArray[np.uint8]
    numbers: npt.NDArray[np.int64] | None


class Index:
    """A catalog's fingerprints, open for lookup.

    It may be in segments (see `segments.SegmentedIndex`), which answers the same questions, but has no `arrays`.
    """

    def __init__(self, folder: Path, manifest: Manifest, key: npt.NDArray[np.uint64]) -> None:
        check_lengths(folder, manifest)
        self.folder = folder
        self.manifest = manifest
        self.scheme = TextScheme.parse(manifest.scheme)
        self.key = key
        self._end = letters_end(manifest)
        self.arrays = layout.Arrays(
            keys=self._map(layout.KEYS, "<u4"),
            postings=self._map(layout.POSTINGS, layout.smallest(self._end)),
            directory=self._map(layout.DIRECTORY, layout.smallest(manifest.fingerprints)),
            filter=self._map(layout.FILTER, "<u8"),
            asset_starts=self._map(layout.ASSET_STARTS, "<u8"),
            asset_works=self._map(layout.ASSET_WORKS, "<u4"),
            points=self._map(layout.POINTS, "<u4"),
            letters=self._of_full(layout.LETTERS),
            breaks=self._of_full(layout.BREAKS),
            model=self._of_full(layout.MODEL),
            chunks=self._map(layout.CHUNKS, "<u8").reshape(-1, 3)
            if manifest.form == "full"
            else np.zeros((0, 3), "<u8"),
        )
        check_starts(folder, self.arrays.asset_starts, self._end)
        if len(self.arrays.points) != int(self.first_points[-1]):
            raise unfit(folder, layout.POINTS)
        self.words_cell = words_cell(manifest.words)
        self.chunk = lru_cache(maxsize=512)(self._chunk)
        self._texts = self._of_full(layout.TEXTS)

    def _map(self, name: str, kind: Any) -> npt.NDArray[Any]:
        path = self.folder / name
        if not self.manifest.files[name]["size"]:
            return np.zeros(0, dtype=kind)
        return np.asarray(np.memmap(path, dtype=kind, mode="r"))

    def _of_full(self, name: str) -> npt.NDArray[np.uint8]:
        return self._map(name, "u1") if self.manifest.form == "full" else np.zeros(0, dtype=np.uint8)

    @staticmethod
    def unkeyed(folder: Path, manifest: Manifest) -> Index:
        """An index for reading its tables; without its salt a sealed one finds nothing. Raises UnusableIndexError."""
        return _opened(folder, manifest, key_of(None))

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is searched, one after the other."""
        return (Part(self.arrays, np.zeros(0, dtype=np.uint8), None),)

    @property
    def segments(self) -> list[Index]:
        """The segments, one for each part."""
        return [self]

    @cached_property
    def _rows(self) -> Assets:
        return self._open_rows()

    def _open_rows(self) -> Assets:
        rows = Assets([(self.folder / layout.ASSETS, None)])
        if len(rows) != self.manifest.assets:
            raise unfit(self.folder, layout.ASSETS)
        return rows

    def assets(self) -> Assets:
        """One dictionary per asset, in the index's order, read when it is asked for."""
        return self._rows

    def assets_table(self) -> pa.Table:
        """The facts of each asset that a run folder's catalog carries."""
        return self.assets().table(CATALOG_COLUMNS)

    def works_of(self, assets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The numbers of the works that assets belong to."""
        return self.arrays.asset_works[assets].astype(np.int64)

    def begin(self, asset: int) -> int:
        """Where an asset's letters begin in the catalog of its segment."""
        return int(self.arrays.asset_starts[asset])

    @cached_property
    def first_points(self) -> npt.NDArray[np.int64]:
        """Where the checkpoints of each asset begin, and where the last ones end."""
        sizes = np.diff(self.arrays.asset_starts.astype(np.int64)) - layout.SEPARATION
        return np.concatenate(([0], np.cumsum(-(-sizes // layout.POINT_STEP) + 1)))

    @cached_property
    def _frames(self) -> npt.NDArray[np.uint64]:
        """Where the frames of the works' text lie, held against letters and texts when they are first used."""
        check_chunks(self.folder, self.arrays.chunks, self._end, len(self._texts))
        return self.arrays.chunks

    def _chunk(self, number: int) -> Folded:
        """One frame of the works' text, folded (full form only)."""
        from countermark.fingerprint.folding import Folded  # noqa: PLC0415 (its kernels take time to load)

        first, last = self._frames[number : number + 2, 1]
        packed = self._texts[int(first) : int(last)].tobytes()
        try:
            if zstandard.frame_content_size(packed) > layout.MOST_FRAME:
                raise unfit(self.folder, layout.TEXTS)
            data = zstandard.ZstdDecompressor().decompress(packed)
        except zstandard.ZstdError:
            raise unfit(self.folder, layout.TEXTS) from None
        return Folded(np.frombuffer(data, dtype=np.uint8))

    def _chunk_of(self, letter: int) -> int:
        """The frame that holds a letter of the catalog."""
        return bisect_right(self._frames[:, 0], letter) - 1

    def excerpt(self, number: int, span: Span) -> str | None:
        """Return the code points of an asset in `span`; None in a sealed index, which holds no text."""
        if self.manifest.form != "full":
            return None
        begin, end = int(self.arrays.asset_starts[number]), int(self.arrays.asset_starts[number + 1])
        chunk = self._chunk_of(begin)
        pieces: list[str] = []
        while int(self._frames[chunk, 0]) < end:
            first = int(self._frames[chunk, 2])
            following = self._frames[chunk + 1]
            is_last = int(following[0]) >= end
            if first >= span.end:
                break
            if is_last or int(following[2]) > span.start:
                text = self.chunk(chunk).data.tobytes().decode(errors="replace")
                pieces.append(text[max(0, span.start - first) : span.end - first])
            chunk += 1
        return "".join(pieces)

    def asset_span(self, number: int, start: int, end: int) -> Span:
        """Return the code points of an asset that its letters `[start, end)` came from.

        Exact in the full form; in the sealed form read off the checkpoints, a few code points off.
        """
        if self.manifest.form == "full":
            base = int(self.arrays.asset_starts[number])
            return Span(self._point(base + start).start, self._point(base + end - 1).end)
        return Span(self._estimate(number, start), self._estimate(number, end))

    def _point(self, letter: int) -> Span:
        """The code points of its asset that one letter of the catalog came from."""
        number = self._chunk_of(letter)
        first, _, before = self._frames[number].tolist()
        frame = self.chunk(number)
        if not 0 <= letter - first < len(frame.letters):  # its kernels check no bounds
            raise unfit(self.folder, layout.TEXTS)
        start, end = frame.span(letter - first, letter - first + 1)
        return Span(before + start, before + end)

    def _estimate(self, number: int, letter: int) -> int:
        first, last = int(self.first_points[number]), int(self.first_points[number + 1])
        points = self.arrays.points[first:last]
        held = int(self.arrays.asset_starts[number + 1]) - self.begin(number) - layout.SEPARATION
        letters = np.minimum(np.arange(len(points)) * layout.POINT_STEP, held)
        return round(float(np.interp(letter, letters, points)))

    def verify(self) -> None:
        """Read every file whole and compare its digest; raises UnusableIndexError at the first that differs."""
        verify_files(self.folder, self.manifest)


def open_index(folder: Path, salt: bytes | None = None) -> Index:
    """Open an index; `salt` is needed for a sealed one, and refused for a full one.

    Sizes are checked at once; `Index.verify` checks every byte. Raises UnusableIndexError.
    """
    manifest = read_manifest(folder)
    if manifest.medium != Medium.TEXT:
        raise UnusableIndexError(f"{folder} is an index of another medium ({manifest.medium}), not of texts")
    if manifest.form not in ("full", "sealed"):
        raise UnusableIndexError(
            f"{folder} is of the form {manifest.form!r:.20}, which no index of texts has"
        )
    require_salt(folder, manifest, salt)
    try:
        return _opened(folder, manifest, key_of(salt))
    except (UnusableIndexError, OSError, ValueError) as error:
        if read_manifest(folder).identity != manifest.identity:
            raise UnusableIndexError(f"{folder} was changed while it was opened: open it again") from None
        if isinstance(error, UnusableIndexError):
            raise
        raise UnusableIndexError(f"{folder} cannot be opened: {error}") from None


def _opened(folder: Path, manifest: Manifest, key: npt.NDArray[np.uint64]) -> Index:
    if manifest.segments:
        from countermark.index.segments import SegmentedIndex  # noqa: PLC0415 (it is made of indices)

        return SegmentedIndex(folder, manifest, key)
    check_files(folder, manifest)
    return Index(folder, manifest, key)


def require_salt(folder: Path, manifest: Manifest, salt: bytes | None) -> None:
    """Raise UnusableIndexError where the salt is not that of a sealed index, or a full one got one."""
    if manifest.form == "sealed" and salt is None:
        raise UnusableIndexError(
            f"{folder} is a sealed index: give the salt that it was built with (--salt-file)"
        )
    if manifest.form == "full" and salt is not None:
        raise UnusableIndexError(f"{folder} is a full index, which has no salt: leave --salt-file out")
    if key_check(salt) != manifest.key_check:
        raise UnusableIndexError(f"the salt is not the one that {folder} was built with")


def words_cell(words: int) -> int:
    """The number of a catalog's words as the word model counts."""
    return round(EIGHTHS * math.log2(words + 1))


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare the files of an index with its manifest, by name and size. Raises UnusableIndexError."""
    for name, facts in manifest.files.items():
        path = folder / name
        if Path(name).name != name:
            raise UnusableIndexError(f"{folder}: the manifest names a file outside the index: {name}")
        size = path.stat().st_size if path.is_file() else -1
        if size != facts["size"]:
            found = "is missing" if size < 0 else f"has {size} bytes"
            raise UnusableIndexError(
                f"{path} {found}; the manifest says {facts['size']} bytes: copy the index again"
            )


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Read every file of an index whole; raises UnusableIndexError at the first that is not what it was."""
    for name, facts in manifest.files.items():
        with (folder / name).open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != facts["sha256"]:
                raise UnusableIndexError(f"{folder / name} was changed after the index was built")
