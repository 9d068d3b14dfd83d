"""What an index of pictures is held against before anything in it is used: it may come from anybody.

The kernels that read the arrays check no bounds, so a wrong number in one of them would be read as a place in memory.
Shapes are checked when an index is opened, every number when all its bytes are (`ImageIndex.verify`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.errors import UnusableIndexError
from countermark.index.arrays import ARRAY_SUFFIX, check_arrays, climbs, within
from countermark.index.image import layout

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from countermark.index.manifest import Manifest

    Arrays = Mapping[str, npt.NDArray[Any]]

HASH_BITS: Final = 256
MOST_PIXELS: Final = 1 << 20  # of a side: more than any format that is read can have and be decoded
NARROWEST, WIDEST = 7, 24  # bits of a substring of the Hamming lookup; each more doubles its table

ARRAYS: Final[dict[str, tuple[str, ...]]] = {
    "entry_assets": ("u4", "entries"),
    "entry_boxes": ("f4", "entries", "4"),
    "view_ends": ("u8", "assets+1"),
    "print_ends": ("u8", "assets+1"),
    "hashes_codes": ("u8", "hashes", "4"),
    "hashes_firsts": ("u4", "hashes+1"),
    "hashes_entries": ("u4", "entries"),
    "hashes_owners": ("u4", "entries"),
    "hashes_bounds": ("u4", "tables+1"),
    "hashes_groups": ("u8", "groups", "2"),
    "hashes_members": ("u4 u8", "members"),
    "words_roots": ("u8", "roots", "4"),
    "words_word_starts": ("i8", "roots+1"),
    "words_words": ("u8", "words", "4"),
    "words_list_starts": ("i8", "words+1"),
    "words_codes": ("u8", "features", "4"),
    "words_owners": ("u4", "features"),
    "words_points": ("u2", "features", "2"),
    "words_levels": ("i1", "features"),
    "words_turns": ("u1", "features"),
    "words_commonness": ("u1", "features"),
    "words_places": ("u4", "features"),
    "words_starts": ("i8", "assets+1"),
    "words_shapes": ("u2", "assets", "2"),
}
"""The types that each array may have, and its shape; lengths of one name are equal."""

VECTORS: Final = ("f2", "assets", "dimensions")

_CLIMBING: Final = {
    "hashes_firsts": "hashes_entries",
    "words_word_starts": "words_words",
    "words_list_starts": "words_codes",
    "words_starts": "words_codes",
}
"""Arrays of places: from 0, never downwards, up to the length of the other array."""

_DIGEST: Final = "^[0-9a-f]{64}$"
_NAMED: Final = (
    "work_id",
    "work_title",
    "work_author",
    "work_licence",
    "asset_path",
    "asset_digest",
    "work_number",
)


def check_manifest(folder: Path, manifest: Manifest) -> Mapping[str, Any]:
    """Return what is said of the arrays. Raises UnusableIndexError where it is not the manifest of pictures."""
    described = manifest.facts.get("arrays") if isinstance(manifest.facts, dict) else None
    counts = (manifest.works, manifest.assets, manifest.fingerprints)
    if not isinstance(described, dict) or not all(type(count) is int and count >= 0 for count in counts):
        raise UnusableIndexError(
            f"{folder}: its manifest is not that of an index of pictures: build it again"
        )
    embedding = manifest.facts.get("embedding")
    if not (embedding is None or isinstance(embedding, str)) or (embedding is None) != (
        "vectors" not in described
    ):
        raise UnusableIndexError(
            f"{folder}: its manifest names a model and holds no vectors of it, or the reverse"
        )
    arrays = {f"{name}{ARRAY_SUFFIX}" for name in (*ARRAYS, *(["vectors"] if embedding else []))}
    missing = sorted({*arrays, layout.ASSETS, layout.VIEWS, layout.PRINTS} - manifest.files.keys())
    if missing:
        raise UnusableIndexError(f"{folder}: its manifest does not name {missing[0]}: build the index again")
    return described


def check_shapes(folder: Path, arrays: Arrays, assets: int) -> None:
    """Raise UnusableIndexError where an array is of another type or length than the others ask for."""
    known = {**ARRAYS, **({"vectors": VECTORS} if "vectors" in arrays else {})}
    check_arrays(folder, arrays, known, {"assets": assets})
    _check_tables(folder, arrays)
    _check_ends(folder, arrays)


def _check_tables(folder: Path, arrays: Arrays) -> None:
    """The substrings of the Hamming lookup, which say how large its tables are."""
    bounds = arrays["hashes_bounds"].astype(np.int64)
    widths = np.diff(bounds)
    sound = len(widths) and bounds[0] == 0 and bounds[-1] == HASH_BITS
    sound = sound and widths.min() >= NARROWEST and widths.max() <= WIDEST
    if not sound:
        raise UnusableIndexError(
            f"{folder}: hashes_bounds does not divide {HASH_BITS} bits: build the index again"
        )
    groups = int(((1 << (widths - 6)) + 1).sum())
    if len(arrays["hashes_groups"]) != groups or len(arrays["hashes_members"]) != len(widths) * len(
        arrays["hashes_codes"]
    ):
        raise UnusableIndexError(
            f"{folder}: the tables of hashes do not fit their bounds: build the index again"
        )


def _check_ends(folder: Path, arrays: Arrays) -> None:
    """Where the pictures of the works end in their files."""
    for name, file in (("view_ends", layout.VIEWS), ("print_ends", layout.PRINTS)):
        if not climbs(arrays[name], (folder / file).stat().st_size):
            raise UnusableIndexError(f"{folder}: {name} does not fit {file}: build the index again")


def check_numbers(folder: Path, arrays: Arrays, assets: int) -> None:
    """Raise UnusableIndexError where a number of an array points outside what it points into."""
    hashes, features = len(arrays["hashes_codes"]), len(arrays["words_codes"])
    members = len(arrays["hashes_members"])
    sound = {name: climbs(arrays[name], len(arrays[other])) for name, other in _CLIMBING.items()}
    sound |= {
        "words_roots": len(arrays["words_roots"]) > 0,
        "words_shapes": within(arrays["words_shapes"], 1, 1 << 16),
        "entry_assets": within(arrays["entry_assets"], 0, assets),
        "entry_boxes": _are_boxes(arrays["entry_boxes"]),
        "hashes_entries": within(arrays["hashes_entries"], 0, len(arrays["hashes_entries"])),
        "hashes_owners": within(arrays["hashes_owners"], 0, assets),
        "hashes_groups": within(arrays["hashes_groups"][:, 1], 0, members + 1),
        "hashes_members": within(arrays["hashes_members"], 0, hashes << 6),
        "words_owners": within(arrays["words_owners"], 0, assets),
        "words_places": within(arrays["words_places"], 0, features),
        "vectors": bool(np.isfinite(arrays.get("vectors", np.zeros(0))).all()),
    }
    sound["hashes_groups"] &= bool((np.diff(arrays["hashes_groups"][:, 1].astype(np.int64)) >= 0).all())
    wrong = sorted(name for name, is_sound in sound.items() if not is_sound)
    if wrong:
        raise UnusableIndexError(
            f"{folder}: the array {wrong[0]} holds numbers that lead nowhere: build the index again"
        )


def _are_boxes(boxes: npt.NDArray[Any]) -> bool:
    inside = (boxes >= 0) & (boxes <= 1)  # false for what is no number
    return bool(inside.all() and (boxes[:, :2] < boxes[:, 2:]).all())


def read_assets(folder: Path, assets: int) -> pa.Table:
    """What is known of each asset. Raises UnusableIndexError where the table is not that of an index of pictures.

    Digests become names of files in run folders, so nothing but a digest is let through.
    """
    path = folder / layout.ASSETS
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise UnusableIndexError(f"{path}: cannot be read: {error}") from None
    sound = table.schema.equals(layout.IMAGE_ASSETS_SCHEMA) and table.num_rows == assets
    sound = sound and not any(table[name].null_count for name in (*_NAMED, "width", "height"))
    if sound and assets:
        smallest = min(pc.min(table[name]).as_py() for name in ("width", "height"))
        largest = max(pc.max(table[name]).as_py() for name in ("width", "height"))
        digests = pc.match_substring_regex(table["asset_digest"], _DIGEST)
        sound = smallest > 0 and largest <= MOST_PIXELS and pc.all(digests).as_py()
    if not sound:
        raise UnusableIndexError(f"{path}: not the works of an index of pictures: build the index again")
    return table
