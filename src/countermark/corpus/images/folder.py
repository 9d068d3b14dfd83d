"""Pictures that are files of a folder, one record a file.

A shard holds the pictures among the positions `[begin, end)` of the sorted listing of its folder. What counts as one is
said by `detect_picture` alone, for the listing, the reader and the digest of the shard. A `.txt` or `.json` file of
the same name beside a picture says its caption, address and identifier, and is covered by the digest like the picture.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.corpus.detection import detect_picture, named_as_picture
from countermark.corpus.folder import list_folder, printable
from countermark.corpus.images.gathering import ImageBuilder
from countermark.corpus.images.telling import MAX_SIDE, SIDE_SUFFIXES, told_by
from countermark.errors import CorpusError
from countermark.images.limits import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.corpus.base import Shard
    from countermark.corpus.images.batch import ImageBatch
    from countermark.corpus.images.gathering import Told

_MOST_NEIGHBOURS: Final = 64
"""Files of one name with different suffixes that are looked at."""


class PictureFile(NamedTuple):
    """A file of a shard: its position in the listing, its name there, its path, and the names of its side files."""

    row: int
    name: str
    path: str
    sides: tuple[str, ...] = ()


class PicturesReader:
    """Reads a range of the pictures of a folder, or one picture."""

    format = "pictures"

    def batches(self, shard: Shard) -> Iterator[ImageBatch]:
        """Yield the pictures in the order of the listing; `row` is the position there. See PictureReader."""
        out = ImageBuilder(shard.name)
        consumed = 0
        for file in picture_files(shard):
            consumed += _read(file, shard.path, out)
            yield from out.ready(consumed)
        yield from out.rest(consumed)


def picture_files(shard: Shard) -> Iterator[PictureFile]:
    """Yield the pictures of a shard, and what is named as one. Raises CorpusError where the folder has changed."""
    if os.path.isfile(shard.path):  # noqa: PTH113
        yield PictureFile(0, os.path.basename(shard.name), shard.path)  # noqa: PTH119
        return
    if not os.path.isdir(shard.path):  # noqa: PTH112
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
        if _is_picture(path, name):
            yield PictureFile(row, name, path, tuple(side_files(files, name)))


def side_files(files: Sequence[str], name: str) -> Iterator[str]:
    """Yield those of `files` (sorted) that speak of the picture `name`."""
    return (file for file in _of_one_stem(files, name) if file.lower().endswith(SIDE_SUFFIXES))


def is_side_file(files: Sequence[str], name: str) -> bool:
    """Whether a file speaks of a picture beside it."""
    return name.lower().endswith(SIDE_SUFFIXES) and any(map(named_as_picture, _of_one_stem(files, name)))


def _of_one_stem(files: Sequence[str], name: str) -> Iterator[str]:
    """Yield the files that differ from `name` in the suffix only: they stand together, as far as they need be."""
    stem = name[: name.rindex(".") + 1] if "." in name.rpartition("/")[2] else name + "."
    start = bisect_left(files, os.fsencode(stem), key=os.fsencode)
    for file in files[start : start + _MOST_NEIGHBOURS]:
        if not file.startswith(stem):
            return
        if "." not in file[len(stem) :] and "/" not in file[len(stem) :]:
            yield file


def _is_picture(path: str, name: str) -> bool:
    try:
        return detect_picture(path, name, os.path.getsize(path)).format == "pictures"  # noqa: PTH202
    except OSError:
        return True  # it was one when it was listed: the reader says that it cannot be opened


def _read(file: PictureFile, folder: str, out: ImageBuilder) -> int:
    """Read one picture; return how many bytes were read."""
    name = printable(file.name)
    try:
        with open(file.path, "rb", buffering=0) as stream:  # noqa: PTH123 (paths are strings here, for speed)
            size = os.fstat(stream.fileno()).st_size
            data = stream.read(min(size, MOST_BYTES) + 1)
    except OSError as error:
        out.refuse(file.row, "unreadable", f"{name}: {error.strerror or error}")
        return 0
    told = _told(file.sides, folder)
    out.add(data, name, file.row, told if told.record_id else told._replace(record_id=name))
    return len(data)


def _told(sides: tuple[str, ...], folder: str) -> Told:
    """What the side files say; one that cannot be read says nothing."""
    description = caption = None
    for side in sides:
        try:
            with open(os.path.join(folder, side), "rb") as stream:  # noqa: PTH118, PTH123
                content = stream.read(MAX_SIDE + 1)
        except OSError:
            continue
        if len(content) > MAX_SIDE:
            continue
        if side.lower().endswith(".json"):
            description = description or content
        else:
            caption = caption or content
    return told_by(description, caption)
