"""Pictures in tar and zip archives, WebDataset (as img2dataset writes it) among them; nothing is written to disk.

Members that follow each other and share their name up to the first full stop of the last part are a sample, as in
WebDataset: its pictures are records, and its `.txt` and `.json` members say caption, address and identifier. `row` is
the number of the member in the archive. What a member is, its bytes decide; names are only names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.corpus.archives import Member, open_zip, sample_key, tar_members, zip_members
from countermark.corpus.compression import open_stream
from countermark.corpus.detection import PICTURE_HEAD, is_data, named_as_picture
from countermark.corpus.images.gathering import ImageBuilder, shown
from countermark.corpus.images.telling import MAX_SIDE, SIDE_SUFFIXES, told_by
from countermark.errors import CorpusError, PictureError
from countermark.images.limits import MOST_BYTES
from countermark.images.sniffing import sniff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.images.batch import ImageBatch

_MAX_SAMPLE: Final = 64
_MAX_MEMBER_NAME: Final = 4096
"""Characters of a sample's key; of a longer one the beginning tells."""
_MAX_SUFFIX: Final = 32


class TarPictures:
    """Reads `.tar`, plain or compressed."""

    format = "tar"

    def batches(self, shard: Shard) -> Iterator[ImageBatch]:
        """Yield the pictures of the archive; see PictureReader."""
        out = ImageBuilder(shard.name)
        try:
            with open_stream(shard.path) as stream:
                members = tar_members(stream, out.refuse, _Taking(out).member)
                yield from _pictures(members, out, lambda: stream.consumed)
        except OSError as error:
            raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


class ZipPictures:
    """Reads `.zip`."""

    format = "zip"

    def batches(self, shard: Shard) -> Iterator[ImageBatch]:
        """Yield the pictures of the archive; see PictureReader."""
        out = ImageBuilder(shard.name)
        with open_zip(shard) as archive:
            spent = [0]
            members = zip_members(archive, out.refuse, _Taking(out).member, shard.size, spent)
            yield from _pictures(members, out, lambda: spent[0])


class _Taking:
    """Decides member by member what is read: pictures, and what may speak of them."""

    def __init__(self, out: ImageBuilder) -> None:
        self._out = out

    def member(self, row: int, name: str, size: int, read: Callable[[int], bytes]) -> Member:
        """Read a picture or a side text whole, of anything else only the beginning; see `archives.Take`."""
        if len(name) > _MAX_MEMBER_NAME:
            key = sample_key(name)
            name = f"{key[:_MAX_MEMBER_NAME]}….{name[len(key) :][-_MAX_SUFFIX:].rpartition('.')[2]}"
        if name.lower().endswith(SIDE_SUFFIXES):
            return self._side(row, name, size, read)
        if size > MOST_BYTES:
            return self._refuse(row, name, "too-large", f"{size:,} bytes; at most {MOST_BYTES:,} are read")
        head = read(PICTURE_HEAD)
        if not head:
            return self._refuse(row, name, "empty", "the file is empty")
        try:
            sniff(head)
        except PictureError as error:
            nested = is_data(name)
            said = (
                "a data file within an archive; unpack the archive to have it read" if nested else str(error)
            )
            return self._refuse(row, name, "nested-data" if nested else "not-a-picture", said)
        rest = (
            read(size + 1 - PICTURE_HEAD) if size >= PICTURE_HEAD else b""
        )  # to the end, where sums are checked
        return Member(row, name, head + rest if rest else head)

    def _side(self, row: int, name: str, size: int, read: Callable[[int], bytes]) -> Member:
        data = read(MAX_SIDE + 1) if size <= MAX_SIDE else b""
        if size > MAX_SIDE or len(data) > MAX_SIDE:
            return self._refuse(
                row, name, "too-large", f"more than {MAX_SIDE:,} bytes; what it says is not read"
            )
        return Member(row, name, data)

    def _refuse(self, row: int, name: str, reason: str, detail: str) -> Member:
        self._out.refuse(row, reason, f"{shown(name)}: {detail}")
        return Member(row, name, None)


def _pictures(
    members: Iterator[Member], out: ImageBuilder, consumed: Callable[[], int]
) -> Iterator[ImageBatch]:
    sample: list[Member] = []
    key, held = "", 0
    for member in members:
        its_key = sample_key(member.name)
        its_size = len(member.data or b"")
        if sample and (its_key != key or len(sample) >= _MAX_SAMPLE or held + its_size > MOST_BYTES):
            _add_sample(sample, out)
            sample, held = [], 0
        key = its_key
        sample.append(member)
        held += its_size
        if out.full:
            yield from out.ready(consumed())
    _add_sample(sample, out)
    yield from out.rest(consumed())


def _add_sample(members: list[Member], out: ImageBuilder) -> None:
    """Add the pictures of members that share a key, with what the others say of them."""
    sides = [member for member in members if member.name.lower().endswith(SIDE_SUFFIXES)]
    pictures = [member for member in members if not member.name.lower().endswith(SIDE_SUFFIXES)]
    if not any(member.data is not None or named_as_picture(member.name) for member in pictures):
        for member in sides:
            if member.data is not None:
                out.refuse(member.row, "not-a-picture", f"{shown(member.name)}: a text beside no picture")
        return
    description = next((m.data for m in sides if m.data and m.name.lower().endswith(".json")), None)
    caption = next((m.data for m in sides if m.data and not m.name.lower().endswith(".json")), None)
    told = told_by(description, caption)
    for member in pictures:
        if member.data is not None:
            own = told if told.record_id else told._replace(record_id=member.name)
            out.add(member.data, member.name, member.row, own)
