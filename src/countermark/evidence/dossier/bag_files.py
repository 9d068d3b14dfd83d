"""The files of a bag as they lie on the disk: nothing is followed, and nothing is read that is no plain file."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ALGORITHMS: Final = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
"""The digests that are known, with their length in hexadecimal digits."""

DEEPEST: Final = 64
MOST_FILES: Final = 2_000_000
_BLOCK: Final = 1 << 20


@dataclass(slots=True)
class Listing:
    """`sizes` maps each plain file, `/` between parts, to its bytes; `refused` maps what is none to the reason."""

    sizes: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def list_files(folder: Path) -> Listing:
    """All files below `folder`. Links, devices, pipes, and more than 64 folders in one another are refused."""
    found = Listing()
    waiting = [("", 0)]
    folders = 0
    while waiting:
        inside, depth = waiting.pop()
        folders += 1
        try:
            with os.scandir(folder / inside if inside else folder) as entries:
                for entry in entries:
                    _list_entry(
                        entry, f"{inside}/{entry.name}" if inside else entry.name, depth, waiting, found
                    )
        except OSError as error:
            found.refused[inside or "."] = f"cannot be read: {error.strerror or error}"
        if max(len(found.sizes), len(found.refused), folders, len(waiting)) > MOST_FILES:
            found.refused["."] = f"holds more than {MOST_FILES:,} files or folders"
            break
    return found


def _list_entry(
    entry: os.DirEntry[str], path: str, depth: int, waiting: list[tuple[str, int]], found: Listing
) -> None:
    facts = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(facts.st_mode):
        found.refused[path] = "is a symbolic link: a bag holds plain files only"
    elif stat.S_ISDIR(facts.st_mode):
        if depth >= DEEPEST:
            found.refused[path] = f"lies deeper than {DEEPEST} folders"
        else:
            waiting.append((path, depth + 1))
    elif stat.S_ISREG(facts.st_mode):
        found.sizes[path] = facts.st_size
    else:
        found.refused[path] = "is no plain file (a device, a pipe or a socket)"


def open_plain(folder: Path, path: str) -> int:
    """Open a file of the bag for reading, following no link; returns the descriptor. Raises OSError."""
    return os.open(folder / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def digests_of(folder: Path, path: str, algorithms: Iterable[str]) -> dict[str, str]:
    """The digests (hexadecimal) of one file, read once. Raises OSError."""
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    with os.fdopen(open_plain(folder, path), "rb") as file:
        while block := file.read(_BLOCK):
            for one in hashes.values():
                one.update(block)
    return {name: one.hexdigest() for name, one in hashes.items()}


def read_small(folder: Path, path: str, most: int) -> bytes:
    """The bytes of a file of at most `most` bytes. Raises OSError, or ValueError where it is larger."""
    with os.fdopen(open_plain(folder, path), "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"is larger than {most:,} bytes")
    return data
