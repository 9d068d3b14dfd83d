"""Works that are recordings: sound and video files, streamed, and what they say of themselves.

Nothing is decoded here, and nothing is held in memory: a recording is as long as a day. Title, artist and licence are
taken of its tags, and as a date only that of the first publication, never that of a release or of the file.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.audio.recognition import recognised
from countermark.audio.sniffing import ACCEPTED
from countermark.audio.source import SoundSource
from countermark.audio.tags import Tags, read_tags
from countermark.documents.detection import named_format
from countermark.documents.document import stated_date
from countermark.errors import SoundError
from countermark.images.sniffing import looks_like_picture
from countermark.works.importers.notices import open_licence
from countermark.works.pictures import A_PICTURE, A_TEXT, Said, drawn, unread_format

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

_HEAD: Final = 1 << 16


class Recorded(NamedTuple):
    """A recording: the SHA-256 of the file, what it says of its work, and when that was first published."""

    digest: str
    said: Said
    published: date | None = None


def read_recording(path: Path) -> Recorded:
    """What is known of a sound or video file; raises SoundError without the name.

    The reason is `medium` for a text or a picture, `not-a-recording` for anything else, `empty`, and `missing` or
    `unreadable` for a file that cannot be opened.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SoundError("unreadable", "is no regular file")
        with path.open("rb", buffering=0) as file:
            _require_sound(file.read(_HEAD), path.name)
        source = SoundSource(path=str(path), size=status.st_size)
        tags = read_tags(source)
        return Recorded(source.digest(), said_in(tags), stated_date(tags.first_published))
    except (FileNotFoundError, NotADirectoryError):
        raise SoundError("missing", "does not exist") from None
    except (OSError, ValueError) as error:
        raise SoundError(
            "unreadable", f"cannot be read ({getattr(error, 'strerror', None) or error})"
        ) from None


def said_in(tags: Tags) -> Said:
    """What tags say of the work: an open licence in SPDX's form where one is named, else the words of the file."""
    named = (open_licence(text) for text in (tags.licence, tags.notice))
    licence = next(filter(None, named), "") or tags.licence or tags.notice
    return Said(tags.title, tags.artist, licence)


def _require_sound(head: bytes, name: str) -> None:
    """Raise SoundError where a file is no recording: `medium` for a text or a picture, which another index is for."""
    if not head:
        raise SoundError("empty", "holds no bytes")
    if recognised(head, name):
        return
    if looks_like_picture(head) or unread_format(head, name):
        raise SoundError("medium", A_PICTURE)
    if named_format(name) is not None or not (b"\0" in head or drawn(head)):
        raise SoundError("medium", A_TEXT)
    raise SoundError("not-a-recording", f"is of no known format of sound or video; {ACCEPTED}")
