"""The files of a folder, in a fixed order, without leaving it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from countermark.documents.own import OWN_FOLDER, made_here
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def display(path: str) -> str:
    """A path as it is shown and stored: `/` between parts, bytes that are no UTF-8 as U+FFFD."""
    return path.replace(os.sep, "/").encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def walk_folder(root: Path, name_of: Callable[[Path], str]) -> Iterator[Path | Refusal]:
    """The regular files under `root`: those of a folder by name, then its folders by name.

    Refused, with the name that `name_of` gives: `hidden` (its name begins with a dot; a folder is refused once, as a
    whole), `symlink` (a link to a folder, or out of `root`), `special` (no regular file), `unreadable`.
    """
    pending = [root]
    resolved = root.resolve()
    while pending:
        current = pending.pop()
        if made_here(current):
            yield _refuse(name_of(current), "countermark-folder", OWN_FOLDER)
            continue
        try:
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError as error:
            yield _refuse(name_of(current), "unreadable", f"the folder cannot be read ({error.strerror})")
            continue
        folders: list[Path] = []
        for entry in entries:
            refused = _refused(entry, resolved, name_of)
            if refused is not None:
                yield refused
            elif entry.is_dir():
                folders.append(Path(entry.path))
            else:
                yield Path(entry.path)
        pending.extend(reversed(folders))


def is_within(path: Path, root: Path) -> bool:
    """Whether `path`, with all links followed, lies in `root` or is it."""
    return path.resolve().is_relative_to(root.resolve())


def _refused(entry: os.DirEntry[str], resolved_root: Path, name_of: Callable[[Path], str]) -> Refusal | None:
    """Why an entry is neither read nor entered, or None."""
    path = Path(entry.path)
    name = name_of(path)
    if entry.name.startswith("."):
        return _refuse(name, "hidden", "hidden files are not read")
    try:
        if entry.is_symlink() and (entry.is_dir() or not path.resolve().is_relative_to(resolved_root)):
            return _refuse(name, "symlink", "links to folders, or out of the folder given, are not followed")
        if not entry.is_dir() and not stat.S_ISREG(entry.stat().st_mode):
            return _refuse(name, "special", "is no regular file")
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, in Python 3.11 and 3.12
        return _refuse(name, "unreadable", f"cannot be read ({error})")
    return None


def _refuse(name: str, reason: str, detail: str) -> Refusal:
    return Refusal(name, -1, reason, f"{name}: {detail}")
