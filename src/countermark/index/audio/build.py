"""Building an index of recordings: decode each work once, then write peaks, postings, codes and copies."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.errors import InputError
from countermark.index.arrays import write_arrays
from countermark.index.audio import layout
from countermark.index.audio.collect import Collection, Wanted
from countermark.index.audio.postings import build_postings
from countermark.index.folder import new_index, write_manifest
from countermark.media import Medium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from countermark.index.manifest import Manifest
    from countermark.media import Refusal
    from countermark.works.work import WorkFile

EVERYTHING = Wanted()


def build_audio_index(
    files: Iterable[WorkFile],
    out: Path,
    wanted: Wanted = EVERYTHING,
    *,
    refuse: Callable[[Refusal], None] = lambda _: None,
) -> Manifest:
    """Build an index of the recordings `files` as the folder `out`; the same files give the same bytes.

    `wanted` says what is kept beside the features. `refuse` is told what could not be decoded. Raises InputError when
    nothing could be, OutputError where it cannot be written.
    """
    with new_index(out) as folder:
        with closing(Collection(folder, wanted, refuse)) as collection:
            for file in files:
                collection.add(file)
        if not collection.rows:
            raise InputError(_nothing(collection.refused))
        arrays = _arrays(collection, wanted)
        table = pa.Table.from_pylist(collection.rows, schema=layout.AUDIO_ASSETS_SCHEMA)
        pq.write_table(table, folder / layout.ASSETS)
        facts = _facts(collection, write_arrays(folder, arrays))
        if wanted.compositions is not None:
            model = wanted.compositions.notes
            facts["facts"]["notes"] = model.digest if model else None
        return write_manifest(folder, facts)


def _nothing(refused: list[Refusal]) -> str:
    """Why there is nothing to index."""
    if not refused:
        return "there is no work to index: no recording was found"
    return (
        f"there is no work to index: none of the recordings could be decoded; the first: {refused[0].detail}"
    )


def _arrays(collection: Collection, wanted: Wanted) -> dict[str, Any]:
    """All arrays of the index, by name."""
    arrays = build_postings(collection.features)
    arrays["copy_ends"] = np.array(collection.copy_ends, dtype=np.uint64)
    if wanted.compositions is not None:
        packed = wanted.compositions.pack(collection.harmonies)
        arrays |= {layout.HARMONY + name: array for name, array in packed.items()}
    return arrays


def _facts(collection: Collection, arrays: dict[str, Any]) -> dict[str, Any]:
    return {
        "scheme": layout.SCHEME,
        "form": "full",
        "medium": Medium.AUDIO.value,
        "works": collection.works,
        "assets": len(collection.rows),
        "words": 0,
        "letters": 0,
        "code_points": 0,
        "fingerprints": int(arrays["postings"]["shape"][0]),
        "dropped_fingerprints": 0,
        "guarantee_letters": 0,
        "key_check": "",
        "facts": {
            "arrays": arrays,
            "copies": collection.copy_ends[-1] > 0,
            "seconds": round(sum(each.seconds for each in collection.features)),
            "compositions": any(name.startswith(layout.HARMONY) for name in arrays),
        },
    }
