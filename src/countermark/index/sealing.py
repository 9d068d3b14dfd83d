"""Sealing a full index: the sealed one that its works would give, made without them.

A full index holds the folded letters, where words begin, and the checkpoints of code points: all that a sealed index is
computed from. So whoever keeps the full index can seal it anew, with another salt, after the works' files are gone.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from countermark.errors import InputError, UnusableIndexError
from countermark.index import layout
from countermark.index.folder import new_index, write_manifest
from countermark.index.lookup import open_index
from countermark.index.manifest import key_check
from countermark.index.prints import Catalog, write_prints
from countermark.index.runs import RUN_ENTRIES

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.index.lookup import Index
    from countermark.index.manifest import Manifest

AS_THEY_ARE = (layout.ASSET_STARTS, layout.ASSET_WORKS, layout.POINTS, layout.ASSETS)
"""The files that both forms have, byte for byte."""


def seal_index(full: Path, out: Path, salt: bytes, run_entries: int = RUN_ENTRIES) -> Manifest:
    """Write the sealed form of the full text index `full` as the folder `out`; return its manifest.

    It is byte for byte what building it from the works with the same scheme and salt gives. Every byte of `full` is
    checked first; memory is bounded as when building. Raises UnusableIndexError where `full` is not a full index of
    texts in one segment, InputError without a salt, OutputError where `out` cannot be written or is something else than
    an index.
    """
    if not salt:
        raise InputError("a sealed index needs a salt")
    index = open_index(full)
    if index.manifest.segments:
        raise UnusableIndexError(
            f"{full} is in segments: `countermark index compact {full}` makes one of them, which can be sealed"
        )
    index.verify()
    with new_index(out) as folder:
        return _seal(index, folder, salt, run_entries)


def _seal(index: Index, folder: Path, salt: bytes, run_entries: int) -> Manifest:
    recipe, full = index.scheme, index.manifest
    with (
        (index.folder / layout.LETTERS).open("rb") as letters,
        (index.folder / layout.BREAKS).open("rb") as breaks,
    ):
        prints = write_prints(
            folder, Catalog(letters, breaks, index.arrays.asset_starts), recipe, salt, run_entries
        )
    for name in AS_THEY_ARE:
        shutil.copyfile(index.folder / name, folder / name)
    facts: dict[str, Any] = {
        "scheme": recipe.name,
        "form": "sealed",
        "works": full.works,
        "assets": full.assets,
        "words": full.words,
        "letters": full.letters,
        "code_points": full.code_points,
        "fingerprints": prints.fingerprints,
        "dropped_fingerprints": prints.dropped,
        "guarantee_letters": recipe.guarantee(sealed=True),
        "key_check": key_check(salt),
    }
    return write_manifest(folder, facts)
