"""One index of several, or of one in segments, without the works: texts, letters and facts are copied as they are.

An index keeps 32 bits of each hash, which is not enough to put two indices in one order, and a larger catalog may call
for longer windows. So windows are hashed anew, from the letters that a full index keeps, in the order in which they lie
on the disk; nothing is read or folded again. What comes out is byte for byte what the works would give.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from countermark.errors import InputError
from countermark.fingerprint.scheme import TextScheme
from countermark.index import layout
from countermark.index._sort_kernel import count_assets
from countermark.index.assets import ASSETS_SCHEMA
from countermark.index.build import finish_index
from countermark.index.collect import CatalogFiles
from countermark.index.counting import catalog_of, runs_of
from countermark.index.folder import new_index
from countermark.index.known import Known
from countermark.index.lookup import open_index
from countermark.index.manifest import read_manifest
from countermark.index.prints import blocks_of
from countermark.index.runs import RUN_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import IO

    import numpy.typing as npt

    from countermark.index.known import Same
    from countermark.index.lookup import Index
    from countermark.index.manifest import Manifest
    from countermark.index.prints import Catalog

_BLOCK = 1 << 24


class Merged(NamedTuple):
    """The index that was written, and which assets of the later indices were in an earlier one already."""

    manifest: Manifest
    twice: list[Same]


def merge_indices(
    folders: Sequence[Path], out: Path, *, scheme: str | None = None, run_entries: int = RUN_ENTRIES
) -> Merged:
    """Write one full index of several as the folder `out`, which may be one of them.

    It is byte for byte what `build_index` gives for all their works in this order; an asset (the same work id and the
    same digest) that an earlier index holds is left out of a later one. Without a `scheme`, the size of the catalog
    chooses it. Every byte that is read is checked first. Raises UnusableIndexError, InputError, OutputError.
    """
    recipe = TextScheme.parse(scheme) if scheme else None
    for folder in folders:
        require_full(folder, read_manifest(folder))
    with new_index(out) as work, closing(Merging(work)) as merging:
        indices = [open_index(folder) for folder in folders]  # one that is replaced can no longer change
        for index in indices:
            index.verify()
        twice = merging.take_all(indices)
        return Merged(finish_index(work, merging, recipe, None, run_entries), twice)


def require_full(folder: Path, manifest: Manifest) -> None:
    """Raise InputError where an index cannot be merged: it is not of texts, or sealed."""
    if manifest.medium != "text":
        of = "pictures" if manifest.medium == "image" else "recordings"
        raise InputError(
            f"{folder} is an index of {of}: only indices of texts are merged; build it again instead"
        )
    if manifest.form != "full":
        raise InputError(
            f"{folder} is a sealed index, which holds no letters to hash again: merge the full indices, and seal "
            "what comes out"
        )


class Merging(CatalogFiles):
    """The files of an index that is put together from others."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, sealed=False)

    def take_all(self, indices: Iterable[Index]) -> list[Same]:
        """Append the assets that count of each index but those that an earlier one holds; return these."""
        known, twice = Known(), []
        for index in indices:
            same = known.among(index.assets(), index.folder)
            fresh = np.ones(len(index.assets()), dtype=np.bool_)
            fresh[[one.number for one in same]] = False
            twice.extend(same)
            for part, segment in zip(index.parts, index.segments, strict=True):
                kept = np.ones(segment.manifest.assets, np.bool_) if not part.live.size else part.live == 1
                if part.numbers is None:
                    kept &= fresh
                else:
                    kept[kept] = fresh[part.numbers[kept]]
                self._take(segment, kept)
            known.add(index.assets())
        return twice

    def _take(self, index: Index, kept: npt.NDArray[np.bool_]) -> None:
        with catalog_of(index) as catalog:
            for first, last in runs_of(kept):
                shift = self.end - index.begin(first)
                self._take_texts(index, first, last, shift)
                self._take_letters(catalog, first, last)
                self.starts.extend(catalog.starts[first:last] + np.uint64(shift % 2**64))
                self.points.extend(index.arrays.points[index.first_points[first] : index.first_points[last]])
                self.end += int(catalog.starts[last]) - index.begin(first)
        self._take_rows(index, kept)

    def _take_letters(self, catalog: Catalog, first: int, last: int) -> None:
        """Copy letters and word beginnings, and count the words."""
        end = self.end
        for block in blocks_of(catalog, first, last):
            begin = int(block.bounds[0, 0])
            letters = block.letters[begin:]
            self.letters_file.write(letters.data)
            self.breaks.copy(block.breaks, begin, len(letters), end)
            end += len(letters)
            self.words += int(count_assets(block.letters, block.breaks, block.bounds, self.counts))

    def _take_texts(self, index: Index, first: int, last: int, shift: int) -> None:
        """Copy the frames of the texts."""
        chunks = index.arrays.chunks
        ends = np.array([index.begin(first), index.arrays.asset_starts[last]], dtype=np.uint64)
        begin, end = np.searchsorted(chunks[:, 0], ends).tolist()
        from_byte, to_byte = int(chunks[begin, 1]), int(chunks[end, 1])
        rows = chunks[begin:end].astype(np.int64) + np.array([shift, self.texts_end - from_byte, 0])
        if self.chunks is not None and self.texts is not None:
            self.chunks.extend(rows)
            with (index.folder / layout.TEXTS).open("rb") as texts:
                self.texts_end += _copy(texts, from_byte, to_byte, self.texts)

    def _take_rows(self, index: Index, kept: npt.NDArray[np.bool_]) -> None:
        """Copy the facts of the assets; their works are numbered anew."""
        at = 0
        for batch in index.assets().batches(ASSETS_SCHEMA.names):
            table = batch.filter(pa.array(kept[at : at + batch.num_rows]))
            at += batch.num_rows
            numbers = [self.number_of(str(work_id)) for work_id in table["work_id"].to_pylist()]
            self.works_of.extend(np.array(numbers, dtype="<u4"))
            column = pa.array(numbers, pa.int64())
            self.rows.add_table(table.set_column(table.num_columns - 1, "work_number", column))
            self.assets += table.num_rows
            self.letters += pc.sum(table["letters"]).as_py() or 0
            self.code_points += pc.sum(table["code_points"]).as_py() or 0


def _copy(source: IO[bytes], begin: int, end: int, to: IO[bytes]) -> int:
    """Copy the bytes from `begin` to `end`; return how many."""
    source.seek(begin)
    left = end - begin
    while left:
        data = source.read(min(left, _BLOCK))
        if not data:
            raise OSError(f"{source.name}: ends before byte {end}")
        to.write(data)
        left -= len(data)
    return end - begin
