"""What an index of recordings is held against before anything in it is used: it may come from anybody.

The kernels that read the arrays check no bounds, so a wrong number in one of them would be read as a place in memory.
Shapes are checked when an index is opened, every number when all its bytes are (`AudioIndex.verify`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from countermark.errors import UnusableIndexError
from countermark.index.arrays import ARRAY_SUFFIX, check_arrays, climbs
from countermark.index.audio import layout
from countermark.index.audio.harmony import ARRAYS as HARMONY
from countermark.index.audio.harmony import wrong_harmony
from countermark.index.audio.postings import ARRAYS as POSTINGS
from countermark.index.audio.postings import wrong_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from countermark.index.manifest import Manifest

    Arrays = Mapping[str, npt.NDArray[Any]]

__all__ = ["POSTINGS", "check_lengths", "check_manifest", "check_numbers", "check_shapes", "read_assets"]

MOST_MILLISECONDS: Final = 400 * 3_600_000
_COPIES: Final = {"copy_ends": ("u8", "assets+1")}
_DIGEST: Final = "[0-9a-f]{64}"
_NAMED: Final = (
    "work_id", "work_title", "work_author", "work_licence", "asset_path", "asset_digest", "work_number", "duration",
)  # fmt: skip


def check_manifest(folder: Path, manifest: Manifest) -> Mapping[str, Any]:
    """Return what is said of the arrays. Raises UnusableIndexError where it is not the manifest of recordings."""
    described = manifest.facts.get("arrays") if isinstance(manifest.facts, dict) else None
    counts = (manifest.works, manifest.assets, manifest.fingerprints)
    if not isinstance(described, dict) or not all(type(count) is int and count >= 0 for count in counts):
        raise UnusableIndexError(
            f"{folder}: its manifest is not that of an index of recordings: build it again"
        )
    names = {name for name in described if not str(name).startswith(layout.HARMONY)}
    if names != {*POSTINGS, *_COPIES}:
        odd = sorted(map(str, names ^ {*POSTINGS, *_COPIES}))[0]
        raise UnusableIndexError(f"{folder}: its manifest has the wrong arrays ({odd!r:.60}): build it again")
    files = {f"{name}{ARRAY_SUFFIX}" for name in described} | {layout.ASSETS, layout.COPIES}
    if missing := sorted(files - manifest.files.keys()):
        raise UnusableIndexError(f"{folder}: its manifest does not name {missing[0]}: build the index again")
    if odd := _odd_fact(manifest.facts):
        raise UnusableIndexError(
            f"{folder}: its manifest says of {odd} what cannot be: build the index again"
        )
    return described


def _odd_fact(facts: Mapping[str, Any]) -> str:
    """The first of the manifest's own facts that is of another kind, or contradicts the arrays."""
    seconds, notes = facts.get("seconds"), facts.get("notes")
    sound = {
        "copies": type(facts.get("copies")) is bool,
        "seconds": type(seconds) is int and seconds >= 0,
        "compositions": facts.get("compositions")
        is any(str(name).startswith(layout.HARMONY) for name in facts["arrays"]),
        "notes": notes is None or (isinstance(notes, str) and re.fullmatch(_DIGEST, notes) is not None),
    }
    return next((name for name, is_sound in sound.items() if not is_sound), "")


def check_shapes(folder: Path, arrays: Arrays, assets: int) -> None:
    """Raise UnusableIndexError where an array is of another type or length than the others ask for."""
    check_arrays(folder, arrays, POSTINGS | _COPIES, {"assets": assets})
    if not climbs(arrays["copy_ends"], (folder / layout.COPIES).stat().st_size):
        raise UnusableIndexError(f"{folder}: copy_ends does not fit {layout.COPIES}: build the index again")
    _harmony(folder, arrays, assets, numbers=False)


def check_numbers(folder: Path, arrays: Arrays, assets: int) -> None:
    """Raise UnusableIndexError where a number of an array points outside what it points into."""
    if wrong := wrong_numbers(arrays):
        raise UnusableIndexError(
            f"{folder}: the array {wrong} holds numbers that lead nowhere: build the index again"
        )
    _harmony(folder, arrays, assets, numbers=True)


def check_lengths(folder: Path, arrays: Arrays, table: pa.Table) -> None:
    """Raise UnusableIndexError where works are said to last otherwise in the table: a share of a work rests on both."""
    if arrays["lengths"].tolist() != table["duration"].to_pylist():
        raise UnusableIndexError(
            f"{folder}: {layout.ASSETS} and the array lengths disagree on how long works last: build the index again"
        )


def _harmony(folder: Path, arrays: Arrays, assets: int, *, numbers: bool) -> None:
    """The arrays of melody and harmony, which an index has where it was asked for."""
    own = {
        name.removeprefix(layout.HARMONY): a for name, a in arrays.items() if name.startswith(layout.HARMONY)
    }
    if not own:
        return
    if own.keys() != HARMONY.keys():
        odd = min(own.keys() ^ HARMONY.keys())
        raise UnusableIndexError(
            f"{folder}: its manifest has the wrong arrays ({layout.HARMONY}{odd}): build it again"
        )
    check_arrays(folder, own, HARMONY, {"assets": assets})
    if numbers and (wrong := wrong_harmony(own)):
        raise UnusableIndexError(
            f"{folder}: the array {layout.HARMONY}{wrong} holds numbers that lead nowhere: build the index again"
        )


def read_assets(folder: Path, assets: int) -> pa.Table:
    """What is known of each asset. Raises UnusableIndexError where the table is not that of an index of recordings.

    Digests become names of files in run folders, so nothing but a digest is let through.
    """
    path = folder / layout.ASSETS
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise UnusableIndexError(f"{path}: cannot be read: {error}") from None
    sound = table.schema.equals(layout.AUDIO_ASSETS_SCHEMA) and table.num_rows == assets
    sound = sound and not any(table[name].null_count for name in _NAMED)
    if sound and assets:
        shortest, longest = pc.min(table["duration"]).as_py(), pc.max(table["duration"]).as_py()
        sound = shortest >= 0 and longest <= MOST_MILLISECONDS
        sound = sound and all(map(_are_digests, (table["asset_digest"], table["copy_digest"])))
    if not sound:
        raise UnusableIndexError(f"{path}: not the works of an index of recordings: build the index again")
    return table


def _are_digests(column: Any) -> bool:
    """Whether all that is said in a column are SHA-256 in hexadecimal."""
    return not pc.any(pc.invert(pc.match_substring_regex(column, f"^{_DIGEST}$"))).as_py()
