"""Building an index from works: collect them, hash their windows, sort, write.

Nothing of the works but hashes is written to a sealed index.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.errors import InputError
from countermark.fingerprint._surprise_kernel import anchors_between, word_model
from countermark.fingerprint.scheme import TextScheme
from countermark.fingerprint.text import TextFingerprinter
from countermark.index import layout
from countermark.index._filter_kernel import fill_directory, fill_filter, keep_places
from countermark.index.collect import ASSETS_SCHEMA, Collection
from countermark.index.folder import new_index, write_manifest
from countermark.index.manifest import key_check

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy.typing as npt

    from countermark.index.manifest import Manifest
    from countermark.works.work import WorkFile


def build_index(
    files: Iterable[WorkFile],
    out: Path,
    *,
    salt: bytes | None = None,
    sealed: bool = False,
    scheme: str | None = None,
) -> Manifest:
    """Build an index of `files` as the folder `out`, which must not exist or be an index to replace.

    `sealed` keeps hashes only and needs a `salt`. Without a `scheme`, the size of the catalog chooses it. Raises
    InputError when there is nothing to index, OutputError when it cannot be written; an index that fails half-way
    leaves nothing behind.
    """
    if sealed != (salt is not None):
        raise InputError("a sealed index needs a salt, and only a sealed index has one")
    recipe = TextScheme.parse(scheme) if scheme else None
    with new_index(out) as folder:
        return _build(files, folder, recipe, salt)


def _build(
    files: Iterable[WorkFile], folder: Path, recipe: TextScheme | None, salt: bytes | None
) -> Manifest:
    with closing(Collection(folder, sealed=salt is not None)) as collection:
        for file in files:
            collection.add(file)
        if not collection.rows:
            raise InputError("there is no work to index: no file with readable text was given")
        recipe = recipe or TextScheme.for_catalog(collection.letters)
        hashes, postings = _fingerprints(collection, TextFingerprinter(recipe, salt))
    hashes, postings, dropped = _sorted(hashes, postings)
    _write_lookup(folder, hashes, postings, collection.end)
    _write_assets(folder, collection)
    facts: dict[str, Any] = {
        "scheme": recipe.name,
        "form": "sealed" if collection.sealed else "full",
        "works": collection.works,
        "assets": len(collection.rows),
        "words": collection.words,
        "letters": collection.letters,
        "code_points": collection.code_points,
        "fingerprints": len(hashes),
        "dropped_fingerprints": dropped,
        "guarantee_letters": recipe.guarantee(sealed=collection.sealed),
        "key_check": key_check(salt),
    }
    return write_manifest(folder, facts)


def _fingerprints(
    collection: Collection, fingerprinter: TextFingerprinter
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the hashes of all indexed windows and their positions in the catalog, asset by asset."""
    letters = collection.all_letters()
    hashes, postings = [], []
    for start, row in zip(collection.starts, collection.rows, strict=True):
        end = start + row["letters"]
        anchors = np.empty(row["letters"], dtype=np.int32)
        anchors = anchors[: anchors_between(collection.breaks, start, end, anchors)]
        # the padding after the letters is the room that eight-byte loads need
        prints = fingerprinter.sample(letters[start:end], anchors)
        hashes.append(prints.hashes)
        postings.append(prints.offsets.astype(np.uint64) + np.uint64(start))
    return np.concatenate(hashes), np.concatenate(postings)


def _sorted(
    hashes: npt.NDArray[np.uint64], postings: npt.NDArray[np.uint64]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64], int]:
    """Sort by hash, then position; leave out what stands in too many places; return also how many that were."""
    order = np.argsort(hashes, kind="stable")
    hashes, postings = hashes[order], postings[order]
    keep = np.ones(len(hashes), dtype=np.bool_)
    dropped = int(keep_places(hashes, layout.MOST_PLACES, keep))
    return (hashes[keep], postings[keep], dropped) if dropped else (hashes, postings, 0)


def _write_lookup(
    folder: Path, hashes: npt.NDArray[np.uint64], postings: npt.NDArray[np.uint64], letters_end: int
) -> None:
    """Write keys, postings, directory and filter."""
    buckets = max(1, len(hashes) // layout.ENTRIES_PER_BUCKET)
    directory = np.zeros(buckets + 1, dtype=layout.smallest(len(hashes)))
    fill_directory(hashes, directory)
    blocks = np.zeros(max(1, len(hashes) // layout.FILTER_ENTRIES_PER_BLOCK), dtype="<u8")
    fill_filter(hashes, blocks)
    (hashes & np.uint64(0xFFFFFFFF)).astype("<u4").tofile(folder / layout.KEYS)
    postings.astype(layout.smallest(letters_end)).tofile(folder / layout.POSTINGS)
    directory.tofile(folder / layout.DIRECTORY)
    blocks.tofile(folder / layout.FILTER)


def _write_assets(folder: Path, collection: Collection) -> None:
    """Write what is known of the assets, and in a full index the words and the frames of the texts."""
    numbers = [row["work_number"] for row in collection.rows]
    np.array([*collection.starts, collection.end], dtype="<u8").tofile(folder / layout.ASSET_STARTS)
    np.array(numbers, dtype="<u4").tofile(folder / layout.ASSET_WORKS)
    np.concatenate(collection.points).astype("<u4").tofile(folder / layout.POINTS)
    table = pa.Table.from_pylist(collection.rows, schema=ASSETS_SCHEMA)
    pq.write_table(table, folder / layout.ASSETS)
    if not collection.sealed:
        last = (collection.end, collection.texts_end, 0)
        np.array([*collection.chunks, last], dtype="<u8").tofile(folder / layout.CHUNKS)
        collection.breaks[: collection.end // 8 + 1].tofile(folder / layout.BREAKS)
        word_model(collection.counts, layout.model_cells(collection.words)).tofile(folder / layout.MODEL)
