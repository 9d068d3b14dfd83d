"""Folders of works: each file as a catalogue file of its own, with what the folder's sidecars say of it.

The walk is that of `works.folder` (no hidden file, no link to a folder or out of the folder), in the order of names.
What a sidecar (`works.csv`, `metadata.csv`, `catalog.csv`) says of a file travels in the options of its CatalogFile,
under the names in `SAID`; `listed.py` lays it over what the file says itself.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.folder import display, walk_folder
from countermark.works.listing import NAMES, Listings
from countermark.works.sidecar import (
    Named,
    add_sidecars,
    numbers_said,
    said_first,
    sidecars_first,
    work_id_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from countermark.works.importers.base import CatalogFile

COLUMNS: Final = ("title", "author", "published", "licence")
SAID: Final = {column: f"sidecar.{column}" for column in COLUMNS}
"""The options that carry a sidecar's columns."""
LISTED: Final = "sidecar.work_id"
"""The option that carries the identifier that the sidecar gives, or that follows from its title and author."""
NUMBERS: Final = "sidecar.identifiers"
"""The option that carries the sidecar's identifiers, one on a line: `isbn:9782000000037`."""
ROW: Final = "sidecar.row"
"""The option that names the row: `works.csv, row 3`."""
PATH: Final = "folder.path"
"""The option that carries the file's path within the folder, `/` between its parts."""

MOST_NUMBERS: Final = 200
"""Identifiers of one file that are taken from its rows."""
MAX_FILES: Final = 2_000_000


def folder_files(
    root: Path,
    name: str,
    make: Callable[[Path, str, Mapping[str, str]], CatalogFile | Refusal],
    options: Mapping[str, str] | None = None,
) -> Iterator[CatalogFile | Refusal]:
    """The files under the folder `root`, which messages call `name`, sidecars left out.

    `make(path, name, options)` opens one file. Refused are what `walk_folder` refuses, rows of sidecars that name
    nothing, and what `make` refuses. Raises CatalogError for more than MAX_FILES files.
    """
    root = Path(os.path.abspath(root))  # noqa: PTH100 - links stay as they are, `..` goes

    def within(path: Path) -> str:
        return display(os.path.relpath(path, root))

    def shown(path: Path) -> str:
        return f"{name.rstrip('/')}/{within(path)}" if path != root else name

    found: list[Path | Refusal] = []
    for entry in walk_folder(root, shown):
        found.append(entry)
        if len(found) > MAX_FILES:
            raise CatalogError(f"{name}: holds more than {MAX_FILES:,} files; import its folders one by one")
    listings = Listings()
    sidecars = sidecars_first(path for path in found if isinstance(path, Path))
    yield from add_sidecars(listings, sidecars, root, shown, numbers=True)
    for entry in found:
        if isinstance(entry, Refusal):
            yield entry
        elif entry.name.lower() not in NAMES:
            rows = tuple(listings.of(entry))
            said = _said(rows, within)
            numbers = numbers_said(rows)
            if numbers:
                said[NUMBERS] = "\n".join(map(str, numbers[:MOST_NUMBERS]))
            if len(numbers) > MOST_NUMBERS:
                told = f"its rows have {len(numbers):,} identifiers; the first {MOST_NUMBERS} are taken"
                yield Refusal(shown(entry), 0, "too-many", f"{shown(entry)}: {told}")
            yield make(entry, shown(entry), {**(options or {}), **said, PATH: within(entry)})


def _said(listings: Named, within: Callable[[Path], str]) -> dict[str, str]:
    """What rows say of one file, as options; empty where none speaks of it."""
    if not listings:
        return {}
    told = {option: value for column, option in SAID.items() if (value := said_first(listings, column))}
    told[ROW] = f"{listings[0].row.table}, row {listings[0].row.number}"
    if told.get(SAID["title"]) or said_first(listings, "work_id"):
        told[LISTED] = work_id_of(listings, "", ("", ""), within)
    return told
