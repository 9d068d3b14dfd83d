"""The files of a folder, sorted, and what was left out; below a prefix of object storage by the same rules."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from countermark.documents.own import OWN_FOLDER, made_here
from countermark.media import Refusal
from countermark.storage.place import is_url

if TYPE_CHECKING:
    from countermark.storage.remote import ObjectState


HIDDEN = "files that begin with a full stop are not read"


class Folder(NamedTuple):
    """The regular files below a folder: their paths relative to it (`/` between parts), sorted; and the refusals.

    `states` has what each object was when it was listed, in the same order, and is empty for a folder on this machine.
    """

    files: tuple[str, ...]
    refused: tuple[Refusal, ...]
    states: tuple[ObjectState, ...] = ()


def printable(name: str) -> str:
    r"""Return a file name as valid Unicode, whatever its bytes; `\xff` stands for a byte that is no UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


@lru_cache(maxsize=4)
def list_folder(folder: str) -> Folder:
    """Walk a folder or a prefix once a process: shards of many small files name theirs by position in this listing.

    Symbolic links are not followed, hidden files are left out; each is a refusal.
    """
    if is_url(folder):
        from countermark.corpus.prefix import list_prefix  # noqa: PLC0415

        return list_prefix(folder)
    files: list[str] = []
    refused: list[Refusal] = []
    _walk(folder, "", files, refused, os.path.realpath(folder))
    files.sort(key=os.fsencode)
    refused.sort()
    return Folder(tuple(files), tuple(refused))


def _walk(folder: str, prefix: str, files: list[str], refused: list[Refusal], root: str) -> None:
    below = [(folder, prefix)]
    while below:
        folder, prefix = below.pop()
        if made_here(folder):
            refused.append(Refusal(printable(prefix or "."), -1, "countermark-folder", OWN_FOLDER))
            continue
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            refused.append(
                Refusal(printable(prefix or "."), -1, "unreadable", error.strerror or "cannot be listed")
            )
            continue
        for entry in entries:
            name = prefix + entry.name
            if entry.is_symlink():
                refused.append(Refusal(printable(name), -1, "symlink", _target(entry.path, root)))
            elif entry.name.startswith("."):
                refused.append(Refusal(printable(name), -1, "hidden", HIDDEN))
            elif entry.is_dir(follow_symlinks=False):
                below.append((entry.path, name + "/"))
            elif entry.is_file(follow_symlinks=False):
                files.append(name)
            else:
                refused.append(Refusal(printable(name), -1, "not-a-file", "neither a file nor a folder"))


def _target(path: str, root: str) -> str:
    target = os.path.realpath(path)
    if target == root or target.startswith(root.rstrip(os.sep) + os.sep):
        return "a symbolic link within the folder; its target is read under its own name"
    return "a symbolic link that leaves the folder; give the folder of its target to have it read"
