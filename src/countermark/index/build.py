"""Building an index from works: collect them, hash their windows, sort, write.

Nothing of the works but hashes is written to a sealed index. Memory is bounded, whatever the catalog: what grows with
it goes through files, and fingerprints are sorted in runs (see `runs`).
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from countermark.errors import InputError
from countermark.fingerprint.scheme import TextScheme
from countermark.index.collect import Collection
from countermark.index.folder import new_index, write_manifest
from countermark.index.manifest import key_check
from countermark.index.prints import write_prints
from countermark.index.runs import RUN_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from countermark.index.collect import CatalogFiles
    from countermark.index.manifest import Manifest
    from countermark.works.work import WorkFile


def build_index(
    files: Iterable[WorkFile],
    out: Path,
    *,
    salt: bytes | None = None,
    sealed: bool = False,
    scheme: str | None = None,
    run_entries: int = RUN_ENTRIES,
) -> Manifest:
    """Build an index of `files` as the folder `out`, which must not exist or be an index to replace.

    `sealed` keeps hashes only and needs a `salt`. Without a `scheme`, the size of the catalog chooses it. `run_entries`
    fingerprints are sorted in memory at a time, which changes nothing of the result. Raises InputError when there is
    nothing to index, OutputError when it cannot be written; an index that fails half-way leaves nothing behind.
    """
    if sealed != (salt is not None):
        raise InputError("a sealed index needs a salt, and only a sealed index has one")
    recipe = TextScheme.parse(scheme) if scheme else None
    with new_index(out) as folder:
        return build_into(folder, files, recipe, salt, run_entries)


def build_into(
    folder: Path,
    files: Iterable[WorkFile],
    recipe: TextScheme | None,
    salt: bytes | None,
    run_entries: int = RUN_ENTRIES,
) -> Manifest:
    """Build an index of `files` in a folder that is there and empty."""
    with closing(Collection(folder, sealed=salt is not None)) as collection:
        for file in files:
            collection.add(file)
        if not collection.assets:
            raise InputError("there is no work to index: no file with readable text was given")
        return finish_index(folder, collection, recipe, salt, run_entries)


def finish_index(
    folder: Path,
    collection: CatalogFiles,
    recipe: TextScheme | None,
    salt: bytes | None,
    run_entries: int = RUN_ENTRIES,
) -> Manifest:
    """Hash the windows of what was collected, write them for lookup, and then the manifest."""
    recipe = recipe or TextScheme.for_catalog(collection.letters)
    prints = write_prints(folder, collection.finish(), recipe, salt, run_entries)
    facts: dict[str, Any] = collection.facts() | {
        "scheme": recipe.name,
        "fingerprints": prints.fingerprints,
        "dropped_fingerprints": prints.dropped,
        "guarantee_letters": recipe.guarantee(sealed=collection.sealed),
        "key_check": key_check(salt),
    }
    collection.close()
    return write_manifest(folder, facts)
