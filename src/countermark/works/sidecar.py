"""Sidecars: the catalogues that lie in a folder of works and say what its files are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.identity import listed_work_id, unlisted_work_id
from countermark.works.listing import NAMES, Listing, Listings, completed, locate
from countermark.works.table import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Named = tuple[Listing, ...]
"""The rows that speak of one file, the most telling first."""


def sidecars_first(paths: Iterable[Path]) -> list[Path]:
    """Those of `paths` that are named as sidecars: of deeper folders first, then in the order of NAMES."""
    return sorted((path for path in paths if path.name.lower() in NAMES), key=_depth_first)


def add_sidecars(
    listings: Listings, paths: Iterable[Path], root: Path, name_of: Callable[[Path], str]
) -> Iterator[Refusal]:
    """Take the rows of the sidecars `paths` under `root`, in this order; what cannot be used is refused."""
    for path in paths:
        for item in _rows(path, root, name_of(path)):
            if isinstance(item, Refusal):
                yield item
            else:
                listings.add(item)


def said_first(listings: Named, column: str) -> str:
    """What the first row that fills `column` says there, or nothing."""
    return next((value for listing in listings if (value := str(getattr(listing.row, column)))), "")


def work_id_of(listings: Named, name: str, document: tuple[str, str], name_of: Callable[[Path], str]) -> str:
    """The identifier of the work in the file `name`; `document` holds the title and the author that it says itself."""
    title, author = said_first(listings, "title"), said_first(listings, "author")
    work_id = said_first(listings, "work_id")
    if not work_id and title:
        target = next(listing.target for listing in listings if listing.row.title)
        work_id = listed_work_id(title, author, name_of(target))
    return work_id or unlisted_work_id(document[0], author or document[1], name)


def _rows(path: Path, root: Path, name: str) -> Iterator[Listing | Refusal]:
    try:
        table = read_table(path, name)
    except CatalogError as error:
        yield Refusal(name, -1, "table", str(error))
        return
    yield from table.refused
    for row in completed(table.rows):
        yield locate(row, path.parent, root)


def _depth_first(path: Path) -> tuple[int, str, int]:
    return -len(path.parts), str(path.parent), NAMES.index(path.name.lower())
