"""What a node of a cluster must hold to search: files by name, size and digest."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from countermark.errors import UnusableIndexError
from countermark.storage.place import is_url, join

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class StockFile:
    """One file: its name below the stock's path (`""` where that is the file itself), bytes, and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Stock:
    """A file, or a folder with all files below it; `url` is where else it can be fetched."""

    path: str
    files: tuple[StockFile, ...]
    url: str | None = None

    @property
    def identity(self) -> str:
        """The SHA-256 over names, sizes and digests: two stocks with the same one hold the same bytes."""
        lines = [f"{file.sha256} {file.size} {file.name}\n" for file in self.files]
        return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def place(self, root: Path, file: StockFile) -> Path:
        """Where a file is when the stock lies at `root`."""
        return root / file.name if file.name else root


def stock_of(path: str, url_of_run: str | None = None) -> Stock:
    """Take stock of a file or folder on this machine.

    Digests are those that the manifests state, which were checked when the run was planned; files that no manifest
    names are hashed. Raises UnusableIndexError where something cannot be read.
    """
    root = Path(path)
    url = join(url_of_run, root.name) if url_of_run is not None and is_url(url_of_run) else None
    try:
        files = tuple(_files(root)) if root.is_dir() else (StockFile("", *_measured(root)),)
    except OSError as error:
        raise UnusableIndexError(f"{error.filename or path}: cannot be read: {error.strerror}") from error
    return Stock(path, files, None if url is None else str(url))


def _files(root: Path) -> Iterator[StockFile]:
    stated: dict[str, str] = {}
    for folder, folders, names in os.walk(root, onerror=_raise):
        folders.sort()
        below = Path(folder)
        stated = _stated(root, below) | stated  # of a segment, too, what the index says of it counts
        for name in sorted(names):
            path = below / name
            known = path.relative_to(root).as_posix()
            size, digest = path.stat().st_size, stated.get(known)
            if digest is None:
                size, digest = _measured(path)
            yield StockFile(known, size, digest)


def _stated(root: Path, folder: Path) -> dict[str, str]:
    """The digests that the manifest of a folder states, by the names that its files have in the stock.

    An index in segments states those of each segment, the first of which stands in the folder itself, and of its state.
    """
    from countermark.index.manifest import read_manifest  # noqa: PLC0415
    from countermark.index.segments import segment_manifests  # noqa: PLC0415

    try:
        manifest = read_manifest(folder)
        parts = segment_manifests(folder, manifest) if manifest.segments else []
    except UnusableIndexError:  # no index: its files are hashed
        return {}
    return {
        (folder.relative_to(root) / place / name).as_posix(): str(facts["sha256"])
        for place, part in [*parts, (manifest.state, manifest)]
        for name, facts in part.files.items()
    }


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def _raise(error: OSError) -> None:
    raise error
