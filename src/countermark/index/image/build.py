"""Building an index of pictures: decode each work once, then write hashes, features, words, views and prints."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.errors import InputError
from countermark.index.arrays import write_arrays
from countermark.index.folder import new_index, write_manifest
from countermark.index.image import layout
from countermark.index.image.collect import Collection
from countermark.index.image.hashes import build_hashes
from countermark.index.image.words import build_words
from countermark.media import Medium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from countermark.fingerprint.image.embedding import EmbeddingModel
    from countermark.index.manifest import Manifest
    from countermark.media import Refusal
    from countermark.works.work import WorkFile


def build_image_index(
    files: Iterable[WorkFile],
    out: Path,
    *,
    prints: bool = True,
    model: EmbeddingModel | None = None,
    refuse: Callable[[Refusal], None] = lambda _: None,
) -> Manifest:
    """Build an index of the pictures `files` as the folder `out`; the same files give the same bytes.

    With `prints` it keeps each work at up to 1,600 pixels for evidence pictures, with a `model` its vector. `refuse` is
    told what could not be decoded. Raises InputError when nothing could be, OutputError where it cannot be written.
    """
    with new_index(out) as folder:
        with closing(Collection(folder, prints=prints, model=model, refuse=refuse)) as collection:
            for file in files:
                collection.add(file)
        if not collection.rows:
            raise InputError(_nothing(collection.refused))
        arrays = _arrays(collection)
        table = pa.Table.from_pylist(collection.rows, schema=layout.IMAGE_ASSETS_SCHEMA)
        pq.write_table(table, folder / layout.ASSETS)
        facts = _facts(collection, write_arrays(folder, arrays))
        if model is not None:
            facts["facts"]["embedding"] = model.digest
        return write_manifest(folder, facts)


def _nothing(refused: list[Refusal]) -> str:
    """Why there is nothing to index."""
    if not refused:
        return "there is no work to index: no picture was found"
    return f"there is no work to index: none of the pictures could be decoded; the first: {refused[0].detail}"


def _arrays(collection: Collection) -> dict[str, Any]:
    """All arrays of the index, by name."""
    entries = collection.entries
    owners = np.array([entry.asset for entry in entries], dtype=np.uint32)
    codes = np.array([entry.code for entry in entries], dtype=np.uint64).reshape(-1, 4)
    hashes = build_hashes(codes, owners)
    words = build_words(collection.features)
    return {
        "entry_assets": owners,
        "entry_boxes": np.array([entry.box for entry in entries], dtype=np.float32).reshape(-1, 4),
        "view_ends": np.array(collection.view_ends, dtype=np.uint64),
        "print_ends": np.array(collection.print_ends, dtype=np.uint64),
        **({"vectors": np.stack(collection.vectors)} if collection.vectors else {}),
        **{layout.HASHES + name: array for name, array in hashes.items()},
        **{layout.WORDS + name: array for name, array in words.items()},
    }


def _facts(collection: Collection, arrays: dict[str, Any]) -> dict[str, Any]:
    return {
        "scheme": layout.SCHEME,
        "form": "full",
        "medium": Medium.IMAGE.value,
        "works": collection.works,
        "assets": len(collection.rows),
        "words": 0,
        "letters": 0,
        "code_points": 0,
        "fingerprints": sum(len(each) for each in collection.features),
        "dropped_fingerprints": 0,
        "guarantee_letters": 0,
        "key_check": "",
        "facts": {"arrays": arrays, "prints": collection.print_ends[-1] > 0},
    }
