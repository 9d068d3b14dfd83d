"""Where the rows of catalogues point, and which of them speak of a given file."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.works.folder import is_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.media import Refusal
    from countermark.works.table import Row

NAMES: Final = ("works.csv", "metadata.csv", "catalog.csv")

_COMPLETED: Final = ("title", "author", "published", "licence")


class Listing(NamedTuple):
    """A row, and the file or folder that it speaks of."""

    row: Row
    target: Path


def locate(row: Row, folder: Path, root: Path) -> Listing | Refusal:
    """The file or folder that a row of a catalogue in `folder` names; refused: `outside` of `root`, and `missing`.

    A name may be composed differently in the catalogue and on the disk (NFC, NFD), and may have backslashes.
    """
    slashed = row.path.replace("\\", "/")
    spellings = dict.fromkeys(
        unicodedata.normalize(form, path) for path in (row.path, slashed) for form in ("NFC", "NFD")
    )
    for spelling in (row.path, *spellings):
        if "\0" in spelling:
            continue
        target = Path(os.path.normpath(folder / spelling))
        try:
            exists = target.exists()
            inside = target.is_relative_to(root) and is_within(target, root)
        except (OSError, RuntimeError):
            continue
        if not inside:
            said = f"{row.path!r} leads out of the catalogue's folder; put the catalogue above its files"
            return row.refusal("path", "outside", said)
        if exists:
            return Listing(row, target)
    return row.refusal(
        "path", "missing", f"{row.path!r} does not exist; a path relative to the catalogue is accepted"
    )


def completed(rows: Iterable[Row]) -> list[Row]:
    """The rows, each with what other rows of the same work_id say and it does not."""
    rows = list(rows)
    said: dict[tuple[str, str], str] = {}
    for row in rows:
        for column in _COMPLETED:
            if row.work_id and (value := getattr(row, column)):
                said.setdefault((row.work_id, column), value)
    return [_complete(row, said) if row.work_id else row for row in rows]


def _complete(row: Row, said: dict[tuple[str, str], str]) -> Row:
    missing = {
        column: said.get((row.work_id, column), "") for column in _COMPLETED if not getattr(row, column)
    }
    return replace(row, **missing) if any(missing.values()) else row  # type: ignore[arg-type]


class Listings:
    """What catalogues say of files, by file and by folder."""

    def __init__(self) -> None:
        self._by_target: dict[Path, list[Listing]] = {}

    def add(self, listing: Listing) -> None:
        """Take one more; what was added first tells most."""
        self._by_target.setdefault(listing.target, []).append(listing)

    def of(self, path: Path) -> Iterator[Listing]:
        """The rows that name `path` itself, then those that name a folder above it, nearest first."""
        for target in (path, *path.parents):
            yield from self._by_target.get(target, ())
