"""Whether a sealed index that somebody sent is sound: every digest, and every number that a scan would follow.

The engine trusts the arrays of an index as it trusts its own files. An index from a stranger must therefore be held to
docs/index-format.md before a scan maps it: no position beyond the catalogue, no asset beyond its works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.errors import UnusableIndexError
from countermark.index import layout, open_index, read_manifest
from countermark.index.assets import ASSETS_SCHEMA
from countermark.index.lookup import check_files, verify_files
from countermark.index.manifest import MANIFEST
from countermark.web.registry.archives import SEALED_FILES, ArchiveError
from countermark.web.registry.caps import DEPOSIT_WORKS, INDEX_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from countermark.index import Index, Manifest

_COUNTS = ("works", "assets", "words", "letters", "code_points", "fingerprints", "dropped_fingerprints")
_ASSETS_FOR_A_WORK = 20


def check_index(folder: Path, salt: bytes) -> dict[str, Any]:
    """The facts of a sound sealed index: identity, scheme, and its works; raises ArchiveError."""
    manifest = _manifest(folder)
    try:
        check_files(folder, manifest)
        verify_files(folder, manifest)
    except (UnusableIndexError, OSError) as error:
        raise ArchiveError("index-changed") from error
    try:
        index = open_index(folder, salt)
    except UnusableIndexError as error:
        wrong_salt = "the salt is not" in str(error)
        raise ArchiveError("index-salt" if wrong_salt else "index-damaged") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError("index-damaged") from error
    try:
        works = _works(folder, manifest)
        _require(_arrays_are_sound(index))
    except (pa.ArrowException, OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise ArchiveError("index-damaged") from error
    return {"identity": manifest.identity, "scheme": manifest.scheme, "works": works}


def _manifest(folder: Path) -> Manifest:
    """The manifest, of the sealed form, naming exactly the files that are there."""
    try:
        manifest = read_manifest(folder)
    except (UnusableIndexError, RecursionError) as error:
        raise ArchiveError("index-manifest") from error
    if manifest.form != "sealed":
        raise ArchiveError("archive-full")
    there = {path.name for path in folder.iterdir()} - {MANIFEST}
    if set(manifest.files) != SEALED_FILES - {MANIFEST} or there != set(manifest.files):
        raise ArchiveError("index-files")
    counts = [getattr(manifest, name) for name in _COUNTS]
    if any(not isinstance(count, int) or isinstance(count, bool) or count < 0 for count in counts):
        raise ArchiveError("index-manifest")
    if manifest.works > DEPOSIT_WORKS:
        raise ArchiveError("index-works")
    if not 0 < manifest.works <= manifest.assets <= _ASSETS_FOR_A_WORK * DEPOSIT_WORKS:
        raise ArchiveError("index-manifest")
    return manifest


def _require(sound: bool) -> None:
    if not sound:
        raise ArchiveError("index-damaged")


def _works(folder: Path, manifest: Manifest) -> list[dict[str, Any]]:
    """The works of the index's own catalogue, in its order."""
    with pq.ParquetFile(folder / layout.ASSETS) as file:
        claimed = sum(
            file.metadata.row_group(group).total_byte_size for group in range(file.metadata.num_row_groups)
        )
        _require(file.metadata.num_rows == manifest.assets and claimed <= INDEX_BYTES)
        _require(file.schema_arrow.equals(ASSETS_SCHEMA))
        rows = file.read().to_pylist()
    works: dict[str, dict[str, Any]] = {}
    for row in rows:
        _require(all(isinstance(row[name], str) for name in ("work_id", "asset_path", "asset_digest")))
        known = works.setdefault(row["work_id"], _work(row))
        _require(known["number"] == row["work_number"] and row["letters"] >= 0 <= row["code_points"])
        known["letters"] += row["letters"]
        known["code_points"] += row["code_points"]
    _require([work["number"] for work in works.values()] == list(range(manifest.works)))
    return list(works.values())


def _work(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "work_id": row["work_id"],
        "title": (row["work_title"] or "")[:300],
        "author": (row["work_author"] or "")[:200],
        "published": (row["work_published"] or "")[:10],
        "licence": (row["work_licence"] or "")[:100],
        "number": row["work_number"],
        "letters": 0,
        "code_points": 0,
    }


def _arrays_are_sound(index: Index) -> bool:
    """Whether each number of the flat arrays stays within what it points into."""
    arrays, manifest, count = index.arrays, index.manifest, index.manifest.fingerprints
    starts = arrays.asset_starts.astype(np.int64)
    if len(starts) != manifest.assets + 1 or len(arrays.asset_works) != manifest.assets:
        return False
    sizes = np.diff(starts) - layout.SEPARATION
    letters = [row["letters"] for row in index.assets()]
    if int(starts[0]) != layout.SEPARATION or sizes.tolist() != letters or sum(letters) != manifest.letters:
        return False
    numbers = [row["work_number"] for row in index.assets()]
    return (
        arrays.asset_works.tolist() == numbers
        and _lookup_is_sound(index, count, int(starts[-1]))
        and _points_are_sound(index, sizes)
    )


def _lookup_is_sound(index: Index, count: int, end: int) -> bool:
    arrays = index.arrays
    directory = arrays.directory.astype(np.int64)
    buckets = max(1, count // layout.ENTRIES_PER_BUCKET)
    blocks = max(1, count // layout.FILTER_ENTRIES_PER_BLOCK)
    lengths = (len(arrays.keys), len(arrays.postings), len(directory), len(arrays.filter))
    if lengths != (count, count, buckets + 1, blocks):
        return False
    ordered = int(directory[0]) >= 0 and int(directory[-1]) == count and bool(np.all(np.diff(directory) >= 0))
    last = arrays.postings.max(initial=0)
    first = arrays.postings.min(initial=layout.SEPARATION)
    return ordered and int(first) >= layout.SEPARATION and int(last) + index.scheme.window <= end


def _points_are_sound(index: Index, sizes: npt.NDArray[np.int64]) -> bool:
    """Whether checkpoints are in order and end at the number of code points, asset by asset."""
    per_asset = -(-sizes // layout.POINT_STEP) + 1
    if len(index.arrays.points) != int(per_asset.sum()):
        return False
    bounds = np.cumsum(per_asset)
    points = index.arrays.points.astype(np.int64)
    steps = np.diff(points)
    steps[bounds[:-1] - 1] = 0  # from one asset to the next, points begin anew
    ends = points[bounds - 1].tolist()
    return bool(np.all(steps >= 0)) and ends == [row["code_points"] for row in index.assets()]
