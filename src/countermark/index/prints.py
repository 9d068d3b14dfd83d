"""The second half of building an index: windows are hashed from the letters, sorted, and written for lookup.

It needs the letters of a catalog and where words begin, as they stand in files, and nothing of the works. So an index
that has them (the full form) gives others: merged with more, without some, under another scheme or salt.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, closing
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np

from countermark.fingerprint.scheme import TextScheme, key_of
from countermark.index import layout
from countermark.index._filter_kernel import fill_directory, fill_filter, slot
from countermark.index._sort_kernel import fingerprint_assets, keep_first_places
from countermark.index.runs import RUN_ENTRIES, Runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

BLOCK_LETTERS = 1 << 25
"""Letters that are read and hashed at a time; an asset is never cut, so a longer one is a block of its own."""


class Catalog(NamedTuple):
    """The files of a catalog's letters: open files of `letters.u1` and `breaks.u1`, and the array `asset_starts`."""

    letters: IO[bytes]
    breaks: IO[bytes]
    starts: npt.NDArray[np.uint64]

    @property
    def end(self) -> int:
        """How long the catalog is, in letters and separating zeros."""
        return int(self.starts[-1])


class Block(NamedTuple):
    """Whole assets of a catalog: `letters` and `breaks` from its letter number `base` on, `bounds` counted from there.

    `bounds` int64[n, 2] are where each asset's letters begin and end. 64 zeros follow the last one, and more than seven
    stand before the first.
    """

    base: int
    letters: npt.NDArray[np.uint8]
    breaks: npt.NDArray[np.uint8]
    bounds: npt.NDArray[np.int64]


def blocks_of(catalog: Catalog, first: int = 0, last: int | None = None) -> Iterator[Block]:
    """Read the assets `[first, last)` (all, if not said otherwise) from the files, some at a time."""
    starts = catalog.starts
    last = len(starts) - 1 if last is None else last
    while first < last:
        limit = int(starts[first]) + BLOCK_LETTERS
        after = min(last, max(first + 1, int(np.searchsorted(starts, np.uint64(limit), side="right")) - 1))
        base, end = (int(starts[first]) & ~7) - 8, int(starts[after])
        marks = starts[first : after + 1].astype(np.int64) - base
        bounds = np.stack([marks[:-1], marks[1:] - layout.SEPARATION], axis=1)
        breaks = _read(catalog.breaks, base // 8, end // 8 + 1)
        yield Block(base, _read(catalog.letters, base, end), breaks, bounds)
        first = after


def _read(file: IO[bytes], begin: int, end: int) -> npt.NDArray[np.uint8]:
    """The bytes of a file from `begin` to `end`, read and not mapped, so that memory stays bounded."""
    data = np.empty(end - begin, dtype=np.uint8)
    view, done = data.data, 0
    while done < len(data):
        count = os.preadv(file.fileno(), [view[done:]], begin + done)
        if not count:
            raise OSError(f"{file.name}: ends before byte {end}")
        done += count
    return data


class Prints(NamedTuple):
    """How many fingerprints were written, and how many left out because they stand in too many places."""

    fingerprints: int
    dropped: int


def write_prints(
    folder: Path, catalog: Catalog, recipe: TextScheme, salt: bytes | None, run_entries: int = RUN_ENTRIES
) -> Prints:
    """Hash the windows of a catalog, and write keys, postings, directory and filter into `folder`.

    Memory is bounded, whatever the catalog: about 800 MB with runs of the usual length, and the longest asset's.
    """
    with ExitStack() as stack:
        runs = stack.enter_context(closing(Runs(folder, layout.smallest(catalog.end), run_entries)))
        _hash_all(catalog, recipe, salt, runs)
        heads = stack.enter_context(tempfile.TemporaryFile(dir=folder))
        prints = _write_entries(folder, runs, layout.smallest(catalog.end), heads)
        _write_tables(folder, heads, prints.fingerprints)
        return prints


def _hash_all(catalog: Catalog, recipe: TextScheme, salt: bytes | None, runs: Runs) -> None:
    key = key_of(salt)
    for block in blocks_of(catalog):
        sizes = block.bounds[:, 1] - block.bounds[:, 0]
        # two windows taken one after the other but one are more than a stride apart
        room = int((2 * (sizes // recipe.stride + 1)).sum()) + 1
        hashes, postings = np.empty(room, "<u8"), np.empty(room, "<u8")
        count = fingerprint_assets(
            block.letters, block.breaks, block.bounds, recipe.window, recipe.stride, key, hashes, postings
        )
        runs.add(hashes[:count], postings[:count] + np.uint64(block.base))


def _write_entries(
    folder: Path, runs: Runs, posting: np.dtype[np.unsignedinteger], heads: IO[bytes]
) -> Prints:
    """Write keys and postings, and the upper halves of the hashes into `heads`."""
    last = np.zeros(2, dtype=np.uint64)
    kept, dropped = 0, 0
    with (folder / layout.KEYS).open("wb") as keys, (folder / layout.POSTINGS).open("wb") as places:
        for hashes, postings in runs.merged():
            keep = np.ones(len(hashes), dtype=np.bool_)
            fell = int(keep_first_places(hashes, layout.MOST_PLACES, last, keep))
            if fell:
                hashes, postings = hashes[keep], postings[keep]  # noqa: PLW2901
            kept, dropped = kept + len(hashes), dropped + fell
            (hashes & np.uint64(0xFFFFFFFF)).astype("<u4").tofile(keys)
            (hashes >> np.uint64(32)).astype("<u4").tofile(heads)
            postings.astype(posting).tofile(places)
    return Prints(kept, dropped)


def _hashes(folder: Path, heads: IO[bytes], count: int) -> Iterator[npt.NDArray[np.uint64]]:
    """The hashes that were written, in blocks."""
    heads.seek(0)
    with (folder / layout.KEYS).open("rb") as keys:
        for first in range(0, count, RUN_ENTRIES // 4):
            size = min(RUN_ENTRIES // 4, count - first)
            upper = np.fromfile(heads, "<u4", size).astype("<u8")
            yield (upper << np.uint64(32)) | np.fromfile(keys, "<u4", size)


def _write_tables(folder: Path, heads: IO[bytes], count: int) -> None:
    """Write directory and filter: both are in the order of hashes, so that they are written as these go by."""
    buckets = max(1, count // layout.ENTRIES_PER_BUCKET)
    blocks = max(1, count // layout.FILTER_ENTRIES_PER_BLOCK)
    kind = layout.smallest(count)
    with (folder / layout.DIRECTORY).open("wb") as directory, (folder / layout.FILTER).open("wb") as filters:
        begun = _Begun(0, 0, 0, np.zeros(1, "<u8"))
        for hashes in _hashes(folder, heads, count):
            begun = _write_block(hashes, (buckets, blocks), begun, directory, filters, kind)
        np.full(buckets + 1 - begun.bucket, count, kind).tofile(directory)
        begun.carried.tofile(filters)
        np.zeros(blocks - begun.block - 1, "<u8").tofile(filters)


class _Begun(NamedTuple):
    """How far the tables are: entries seen, buckets written, filter blocks written, and the block that is open."""

    entries: int
    bucket: int
    block: int
    carried: npt.NDArray[np.uint64]


def _write_block(
    hashes: npt.NDArray[np.uint64],
    sizes: tuple[int, int],
    begun: _Begun,
    directory: IO[bytes],
    filters: IO[bytes],
    kind: np.dtype[Any],
) -> _Begun:
    """Write the parts of directory and filter that a block of hashes decides; return how far they are."""
    buckets, blocks = sizes
    bucket, block = int(slot(hashes[-1], buckets)), int(slot(hashes[-1], blocks))
    part = np.zeros(bucket + 1 - begun.bucket, np.int64)
    fill_directory(hashes, begun.bucket, buckets, part)
    (part + begun.entries).astype(kind).tofile(directory)
    bits = np.zeros(block + 1 - begun.block, "<u8")
    bits[0] = begun.carried[0]
    fill_filter(hashes, begun.block, blocks, bits)
    bits[:-1].tofile(filters)
    return _Begun(begun.entries + len(hashes), bucket + 1, block, bits[-1:].copy())
