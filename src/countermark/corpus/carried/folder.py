"""Pictures and recordings that are files of a folder, one record a file.

A shard holds those among the positions `[begin, end)` of the sorted listing of its folder. What counts as one is said
by `kind_of` alone, for the listing, the reader and the digest of the shard. A text or `.json` file of the same name
beside one says its caption, address and identifier, and is covered by the digest like the file itself.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple

from countermark.corpus.carried.gathering import Builder
from countermark.corpus.carried.sought import Batch_co, Sought, Stretch
from countermark.corpus.carried.telling import MAX_SIDE, told_by
from countermark.corpus.detection import Kind, detect
from countermark.corpus.folder import list_folder, printable
from countermark.errors import CorpusError
from countermark.storage.reading import is_file, is_folder, open_binary, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.corpus.base import Shard
    from countermark.corpus.carried.gathering import Told

_MOST_NEIGHBOURS: Final = 64
"""Files of one name with different suffixes that are looked at."""


class CarriedFile(NamedTuple):
    """A file of a shard: its position in the listing, its name there, its path, and the names of its side files."""

    row: int
    name: str
    path: str
    sides: tuple[str, ...] = ()


class FolderReader(Generic[Batch_co]):
    """Reads a range of the files of a folder, or one file."""

    def __init__(self, sought: Sought[Batch_co]) -> None:
        self._sought = sought
        self.format = sought.many

    def batches(self, shard: Shard) -> Iterator[Batch_co]:
        """Yield them in the order of the listing; `row` is the position there. See CarriedReader."""
        out = Builder(self._sought, shard.name)
        consumed = 0
        for file in carried_files(self._sought, shard):
            consumed += _read(file, shard.path, out)
            yield from out.ready(consumed)
        yield from out.rest(consumed)


def kind_of(sought: Sought[Any], path: str, name: str, size: int) -> Kind:
    """Return what the file is: format `pictures` or `recordings` where its bytes or its name say so.

    Raises OSError if it cannot be opened.
    """
    if sought.named(name):
        return Kind(sought.many)
    with open_binary(path, buffering=0) as file:
        if sought.looks_like(file.read(sought.head)):
            return Kind(sought.many)
    return detect(path, name, size)


def carried_files(sought: Sought[Any], shard: Shard) -> Iterator[CarriedFile]:
    """Yield the files of a shard, with what is only named as one. Raises CorpusError where the folder has changed."""
    if is_file(shard.path):
        yield CarriedFile(0, os.path.basename(shard.name), shard.path)  # noqa: PTH119
        return
    if not is_folder(shard.path):
        raise CorpusError(f"{shard.name}: there is no file or folder {printable(shard.path)}")
    files = list_folder(shard.path).files
    end = len(files) if shard.end == -1 else shard.end
    if end > len(files):
        raise CorpusError(
            f"{shard.name}: the folder has {len(files)} files; it has changed since it was listed"
        )
    for row in range(shard.begin, end):
        name = files[row]
        path = os.path.join(shard.path, name)  # noqa: PTH118
        if _is_sought(sought, path, name):
            yield CarriedFile(row, name, path, tuple(_side_files(sought, files, name)))


def is_side_file(sought: Sought[Any], files: Sequence[str], name: str) -> bool:
    """Whether a file speaks of one beside it; `files` are those of the folder, sorted."""
    return name.lower().endswith(sought.sides) and any(map(sought.named, _of_one_stem(files, name)))


def _side_files(sought: Sought[Any], files: Sequence[str], name: str) -> Iterator[str]:
    """Yield those of `files` that speak of the file `name`."""
    return (file for file in _of_one_stem(files, name) if file.lower().endswith(sought.sides))


def _of_one_stem(files: Sequence[str], name: str) -> Iterator[str]:
    """Yield the files that differ from `name` in the suffix only: they stand together, as far as they need be."""
    stem = name[: name.rindex(".") + 1] if "." in name.rpartition("/")[2] else name + "."
    start = bisect_left(files, os.fsencode(stem), key=os.fsencode)
    for file in files[start : start + _MOST_NEIGHBOURS]:
        if not file.startswith(stem):
            return
        if "." not in file[len(stem) :] and "/" not in file[len(stem) :]:
            yield file


def _is_sought(sought: Sought[Any], path: str, name: str) -> bool:
    try:
        return kind_of(sought, path, name, size_of(path)).format == sought.many
    except OSError:
        return True  # it was one when it was listed: the reader says that it cannot be opened


def _read(file: CarriedFile, folder: str, out: Builder[Any]) -> int:
    """Read one file, or its beginning where it is to be streamed; return how many bytes it counts for."""
    name, sought = printable(file.name), out.sought
    try:
        with open_binary(file.path, buffering=0) as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            data = stream.read(sought.head if sought.streamed else min(size, sought.most) + 1)
    except OSError as error:
        out.refuse(file.row, "unreadable", f"{name}: {error.strerror or error}")
        return 0
    told = _told(sought, file.sides, folder)
    told = told if told.record_id else told._replace(record_id=name)
    if sought.streamed:
        out.add_stretch(Stretch(file.path, 0, size), data, name, file.row, told)
        return size
    out.add(data, name, file.row, told)
    return len(data)


def _told(sought: Sought[Any], sides: tuple[str, ...], folder: str) -> Told:
    """What the side files say; one that cannot be read says nothing."""
    read: list[tuple[str, bytes]] = []
    for side in sides:
        try:
            with open_binary(os.path.join(folder, side)) as stream:  # noqa: PTH118
                content = stream.read(MAX_SIDE + 1)
        except OSError:
            continue
        if len(content) <= MAX_SIDE:
            read.append((side, content))
    return told_by(sought, read)
