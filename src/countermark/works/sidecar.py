"""Sidecars: the catalogues that lie in a folder of works and say what its files are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.identifiers import Identifier, IdentifierError, parse_identifier, repaired_isbn
from countermark.works.identity import listed_work_id, unlisted_work_id
from countermark.works.listing import NAMES, Listing, Listings, completed, locate
from countermark.works.table import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from countermark.works.table import Row

_MOST_NUMBERS: Final = 50  # of one cell
_SPACED: Final = frozenset({"doi", "url"})  # which may hold every separator but white space
_BETWEEN: Final = re.compile(r"\s+")
_AROUND: Final = re.compile(r"[;,|/]")
_ROUND: Final = re.compile(r"(?<=^\d{13})\.0+$")
"""What a number gets that was stored as a decimal one."""

Named = tuple[Listing, ...]
"""The rows that speak of one file, the most telling first."""


def sidecars_first(paths: Iterable[Path]) -> list[Path]:
    """Those of `paths` that are named as sidecars: of deeper folders first, then in the order of NAMES."""
    return sorted((path for path in paths if path.name.lower() in NAMES), key=_depth_first)


def add_sidecars(
    listings: Listings,
    paths: Iterable[Path],
    root: Path,
    name_of: Callable[[Path], str],
    *,
    numbers: bool = False,
) -> Iterator[Refusal]:
    """Take the rows of the sidecars `paths` under `root`, in this order; what cannot be used is refused.

    `numbers` asks for the columns of identifiers too: they are read once, and each wrong one is refused in its row.
    """
    for path in paths:
        for item in _rows(path, root, name_of(path), numbers=numbers):
            if isinstance(item, Refusal):
                yield item
            else:
                listings.add(item)


def said_first(listings: Named, column: str) -> str:
    """What the first row that fills `column` says there, or nothing."""
    return next((value for listing in listings if (value := str(getattr(listing.row, column)))), "")


def numbers_said(listings: Named) -> tuple[Identifier, ...]:
    """The identifiers of the nearest rows that have some of a scheme: those of the file before those of its folder."""
    found: dict[Identifier, None] = {}
    nearest: dict[str, Path] = {}
    for target, row in ((listing.target, listing.row) for listing in listings):
        for number in row.numbers:
            if nearest.setdefault(number[0], target) == target:
                found[Identifier(*number)] = None
    return tuple(found)


def work_id_of(listings: Named, name: str, document: tuple[str, str], name_of: Callable[[Path], str]) -> str:
    """The identifier of the work in the file `name`; `document` holds the title and the author that it says itself."""
    title, author = said_first(listings, "title"), said_first(listings, "author")
    work_id = said_first(listings, "work_id")
    if not work_id and title:
        target = next(listing.target for listing in listings if listing.row.title)
        work_id = listed_work_id(title, author, name_of(target))
    return work_id or unlisted_work_id(document[0], author or document[1], name)


def _rows(path: Path, root: Path, name: str, *, numbers: bool) -> Iterator[Listing | Refusal]:
    try:
        table = read_table(path, name, numbers=numbers)
    except CatalogError as error:
        yield Refusal(name, -1, "table", str(error))
        return
    yield from table.refused
    for row in completed(table.rows):
        refused: list[Refusal] = []
        read = replace(row, numbers=tuple(_numbers(row, refused))) if row.numbers else row
        yield from refused
        yield locate(read, path.parent, root)


def _numbers(row: Row, refused: list[Refusal]) -> Iterator[Identifier]:
    """The identifiers of a row, each once; an ISBN that lost its leading zeros is repaired, and told."""
    for scheme, cell in row.numbers:
        parts = _BETWEEN.split(cell) if scheme in _SPACED else _AROUND.split(cell)
        texts = [_ROUND.sub("", text) for part in parts if (text := part.strip())]
        if len(texts) > _MOST_NUMBERS:
            said = f"{len(texts):,} identifiers; the first {_MOST_NUMBERS} are read"
            refused.append(row.refusal(scheme, "too-many", said))
        for text in texts[:_MOST_NUMBERS]:
            repaired = repaired_isbn(text) if scheme == "isbn" else None
            if repaired:
                refused.append(row.refusal(scheme, "repaired", repaired[1]))
            try:
                yield parse_identifier(scheme, repaired[0] if repaired else text)
            except IdentifierError as error:
                refused.append(row.refusal(scheme, "identifier", str(error)))


def _depth_first(path: Path) -> tuple[int, str, int]:
    return -len(path.parts), str(path.parent), NAMES.index(path.name.lower())
