"""What the catalog commands may write over: nothing of the user's, unless told to, and never what they read.

All checks come before anything is read or written, so that a refusal leaves every file as it was.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from countermark.cli.progress import counted
from countermark.errors import CatalogError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def check_new(target: Path, read: Iterable[Path], *, force: bool) -> None:
    """Raise OutputError where `target` is one of the files that are `read`, or exists and `force` is not given.

    A device or a pipe (`/dev/stdout`) holds nothing that could be lost.
    """
    check_apart(target, read)
    if target.is_file() and not force:
        raise OutputError(
            f"{target}: exists already and was left as it is; another name, or --force, is accepted"
        )


def check_catalog(target: Path, read: Iterable[Path], *, force: bool) -> str:
    """What a catalog at `target` replaces, in words; the empty string where nothing stands there.

    Raises OutputError where something else than a catalog does, or where `force` is not given. A catalog may take the
    place of one that is read: its works are in the new one.
    """
    if not os.path.lexists(target):
        return ""
    if not _is_catalog(target):
        check_apart(target, read)
        raise OutputError(
            f"{target}: exists, is no catalog, and was left as it is; give --out another name (NAME.catalog)"
        )
    held = _held(target)
    if not force:
        raise OutputError(f"{target}: is a catalog of {held} and was left as it is; --force replaces it")
    return f"replaced ({held} before)"


def check_apart(target: Path, read: Iterable[Path]) -> None:
    """Raise OutputError where `target` is one of the files that are `read`, or in a folder of them, by any name."""
    for one in read:
        if _is_same(target, one):
            raise OutputError(
                f"{target}: is read by this command ({one}) and cannot be written by it; give another name"
            )


def _is_same(target: Path, other: Path) -> bool:
    try:
        if not target.is_file():
            return False
        return target.resolve().is_relative_to(other.resolve()) if other.is_dir() else target.samefile(other)
    except OSError:
        return False


def _is_catalog(path: Path) -> bool:
    from countermark.works.catalog.schema import is_catalog

    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return is_catalog(file.read(100))
    except OSError:
        return False


def _held(path: Path) -> str:
    from countermark.works.catalog import Catalog

    try:
        with Catalog.open(path) as catalog:
            return counted(len(catalog), "work")
    except CatalogError:  # damaged, or of another version
        return "an unknown number of works"
