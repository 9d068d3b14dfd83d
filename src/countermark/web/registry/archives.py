"""Unpacking the archive of a sealed index: flat, plain files of known names, counted while they are written.

Nothing is unpacked by the archive's own wishes: no path of it is joined to ours, no link is followed or made, no
permission or owner is taken over. What Finder and other programs add (`__MACOSX`, names that begin with a dot) is
passed over unread.
"""

from __future__ import annotations

import stat
import tarfile
import zipfile
import zlib
from functools import partial
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from countermark.index import layout
from countermark.index.manifest import MANIFEST
from countermark.web.registry.caps import ARCHIVE_ENTRIES, INDEX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SEALED_FILES: Final = frozenset(
    {
        MANIFEST,
        layout.KEYS,
        layout.POSTINGS,
        layout.DIRECTORY,
        layout.FILTER,
        layout.ASSET_STARTS,
        layout.ASSET_WORKS,
        layout.POINTS,
        layout.ASSETS,
    }
)
TEXT_FILES: Final = frozenset({layout.LETTERS, layout.TEXTS, layout.BREAKS, layout.MODEL, layout.CHUNKS})
_BLOCK: Final = 1 << 18


class ArchiveError(Exception):
    """An archive that is not taken; `reason` is a stable word, a key of `refusals.SENTENCES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Entry(NamedTuple):
    name: str
    size: int
    plain: bool
    folder: bool
    open: Callable[[], IO[bytes] | None]


def unpack(archive: Path, folder: Path) -> int:
    """Write the files of the index in `archive` (zip, tar, tar.gz) into `folder`; return their bytes.

    Raises ArchiveError.
    """
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as packed:
                return _write_all(_zip_entries(packed), folder)
        with tarfile.open(archive, mode="r:*") as packed_tar:
            return _write_all(_tar_entries(packed_tar), folder)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error) as error:
        raise ArchiveError("no-archive") from error
    except (EOFError, OSError, ValueError, NotImplementedError, RuntimeError, LookupError) as error:
        raise ArchiveError("archive-damaged") from error


def _zip_entries(packed: zipfile.ZipFile) -> Iterator[_Entry]:
    for info in packed.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)
        plain = kind in (0, stat.S_IFREG) and not info.is_dir() and not info.flag_bits & 1
        yield _Entry(info.filename, info.file_size, plain, info.is_dir(), partial(packed.open, info))


def _tar_entries(packed: tarfile.TarFile) -> Iterator[_Entry]:
    for info in packed:
        plain = info.isreg() and info.sparse is None
        yield _Entry(info.name, info.size, plain, info.isdir(), partial(packed.extractfile, info))


def _write_all(entries: Iterator[_Entry], folder: Path) -> int:
    """Write every entry that belongs to an index; all must lie in one folder of the archive."""
    total, parents, seen = 0, set(), set()
    for count, entry in enumerate(entries, start=1):
        if count > ARCHIVE_ENTRIES:
            raise ArchiveError("archive-entries")
        path = _path_of(entry.name)
        if entry.folder or _is_added(path):
            continue
        if path.name in TEXT_FILES:
            raise ArchiveError("archive-full")
        if not entry.plain or path.name not in SEALED_FILES:
            raise ArchiveError("archive-names" if entry.plain else "archive-links")
        parents.add(path.parent)
        if path.name in seen or len(parents) > 1:
            raise ArchiveError("archive-several")
        seen.add(path.name)
        total += _write(entry, folder / path.name, INDEX_BYTES - total)
    if not seen:
        raise ArchiveError("archive-names")
    return total


def _path_of(name: str) -> PurePosixPath:
    """The path of an entry; raises ArchiveError where it is none that leads downwards."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise ArchiveError("archive-paths")
    return path


def _is_added(path: PurePosixPath) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def _write(entry: _Entry, target: Path, room: int) -> int:
    """Copy one entry; what it claims to hold is checked first, and what it does hold is counted."""
    if entry.size > room:
        raise ArchiveError("archive-large")
    source = entry.open()
    if source is None:
        raise ArchiveError("archive-links")
    written = 0
    with source, target.open("xb") as stream:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > room:
                raise ArchiveError("archive-large")
            stream.write(block)
    return written
