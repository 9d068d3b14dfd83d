"""Which medium some files are of, for a guess at what is meant."""

from __future__ import annotations

import stat
from collections import Counter
from typing import TYPE_CHECKING, Final

from countermark.audio.recognition import named_as_sound, recognised
from countermark.documents.detection import named_format
from countermark.images.sniffing import looks_like_picture
from countermark.media import Medium
from countermark.works import pictures
from countermark.works.folder import walk_folder
from countermark.works.listing import Listing, locate
from countermark.works.table import SUFFIXES, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_HEAD: Final = 4096


def media_in(paths: Iterable[Path]) -> Counter[Medium]:
    """How many files of each medium `paths` hold, for a guess at what is meant: folders, files, rows of catalogues.

    Names decide where they say something, else the first bytes. What cannot be read is not counted, nor what is neither
    a picture nor a recording nor named as a document. Raises CatalogError where a catalogue cannot be used at all.
    """
    found: Counter[Medium] = Counter()
    for path in paths:
        found.update(_media_of(path))
    return found


def medium_of(path: Path) -> Medium | None:
    """The medium of a file, by its name or its first bytes, None where these say nothing. Raises OSError."""
    if path.suffix.lower() in pictures.SUFFIXES:
        return Medium.IMAGE
    if named_as_sound(path.name):
        return Medium.AUDIO
    if named_format(path.name) is not None:
        return Medium.TEXT
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("is no regular file")
    with path.open("rb", buffering=0) as file:
        head = file.read(_HEAD)
    if looks_like_picture(head):
        return Medium.IMAGE
    return Medium.AUDIO if recognised(head) else None


def _media_of(path: Path) -> Iterator[Medium]:
    if path.is_dir():
        for entry in walk_folder(path, str):
            if not isinstance(entry, tuple) and entry.suffix.lower() not in SUFFIXES:
                yield from _if_readable(entry)
    elif path.is_file() and path.suffix.lower() in SUFFIXES:
        targets = dict.fromkeys(
            found.target
            for row in read_table(path, path.name).rows
            if isinstance(found := locate(row, path.parent, path.parent), Listing)
        )
        for target in targets:
            yield from _media_of(target) if target.is_dir() else _if_readable(target)
    elif path.is_file():
        yield from _if_readable(path)


def _if_readable(path: Path) -> Iterator[Medium]:
    try:
        medium = medium_of(path)
    except (OSError, ValueError):
        return
    if medium is not None:
        yield medium
