"""Pictures and recordings in tar and zip archives, WebDataset among them; nothing is written to disk.

Members that follow each other and share their name up to the first full stop of the last part are a sample, as in
WebDataset: those of the medium sought are records, and its texts and `.json` members say caption, address and
identifier. `row` is the number of the member in the archive. What a member is, its bytes decide; names are only names.

Where the medium is streamed, members of a tar that is not compressed stay where they are, whatever their size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, NamedTuple

from countermark.corpus.archives import Member, open_zip, sample_key, tar_members, zip_members
from countermark.corpus.carried.gathering import Builder, shown
from countermark.corpus.carried.sought import Batch_co, Sought, Stretch
from countermark.corpus.carried.telling import MAX_SIDE, told_by
from countermark.corpus.compression import PlainStream, open_stream
from countermark.corpus.detection import is_data
from countermark.errors import CorpusError, PictureError, SoundError
from countermark.storage.reading import size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.corpus.base import Shard

_MAX_SAMPLE: Final = 64
_MAX_MEMBER_NAME: Final = 4096
"""Characters of a sample's key; of a longer one the beginning tells."""
_MAX_SUFFIX: Final = 32


class TarReader(Generic[Batch_co]):
    """Reads `.tar`, plain or compressed."""

    format = "tar"

    def __init__(self, sought: Sought[Batch_co]) -> None:
        self._sought = sought

    def batches(self, shard: Shard) -> Iterator[Batch_co]:
        """Yield what is sought of the archive; see CarriedReader."""
        out = Builder(self._sought, shard.name)
        try:
            with open_stream(shard.path) as stream:
                plain = isinstance(stream, PlainStream)
                ranges = _Ranges.of(shard.path) if plain and self._sought.streamed else None
                taking = _Taking(out, ranges)
                members = tar_members(stream, out.refuse, taking.member)
                yield from _Samples(out, taking).batches(members, lambda: stream.consumed)
        except OSError as error:
            raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


class ZipReader(Generic[Batch_co]):
    """Reads `.zip`."""

    format = "zip"

    def __init__(self, sought: Sought[Batch_co]) -> None:
        self._sought = sought

    def batches(self, shard: Shard) -> Iterator[Batch_co]:
        """Yield what is sought of the archive; see CarriedReader."""
        out = Builder(self._sought, shard.name)
        with open_zip(shard) as archive:
            spent = [0]
            taking = _Taking(out, None)
            members = zip_members(archive, out.refuse, taking.member, shard.size, spent)
            yield from _Samples(out, taking).batches(members, lambda: spent[0])


class _Ranges(NamedTuple):
    """The file in which members stand as they are."""

    path: str
    size: int

    @classmethod
    def of(cls, path: str) -> _Ranges:
        return cls(path, size_of(path))


class _Taking(Generic[Batch_co]):
    """Decides member by member what is read: what is sought, and what may speak of it.

    `stretches` has those that are left where they are, by row; of them a Member holds the head only.
    """

    def __init__(self, out: Builder[Batch_co], ranges: _Ranges | None) -> None:
        self._out = out
        self._sought = out.sought
        self._ranges = ranges
        self.stretches: dict[int, Stretch] = {}

    def member(self, row: int, name: str, size: int, read: Callable[[int], bytes], begin: int) -> Member:
        """Read one that is sought or a side text whole, of anything else only the beginning; see `archives.Take`."""
        if len(name) > _MAX_MEMBER_NAME:
            key = sample_key(name)
            name = f"{key[:_MAX_MEMBER_NAME]}….{name[len(key) :][-_MAX_SUFFIX:].rpartition('.')[2]}"
        if name.lower().endswith(self._sought.sides):
            return self._side(row, name, size, read)
        stays = self._ranges is not None and begin >= 0
        most = self._sought.most
        if size > most and not stays:
            return self._refuse(row, name, "too-large", f"{size:,} bytes; at most {most:,} are read")
        head = read(self._sought.head)
        if not head:
            return self._refuse(row, name, "empty", "the file is empty")
        if said := self._foreign(head, name):
            nested = is_data(name)
            said = "a data file within an archive; unpack the archive to have it read" if nested else said
            return self._refuse(row, name, "nested-data" if nested else self._sought.foreign, said)
        if self._ranges is not None and stays:
            return self._stretch(self._ranges, row, name, (begin, size), head)
        left = size + 1 - len(head)  # to the end, where sums are checked
        rest = read(left) if len(head) == self._sought.head else b""
        return Member(row, name, head + rest if rest else head)

    def _foreign(self, head: bytes, name: str) -> str:
        """What a member is that is something else; empty where it may be one that is sought."""
        try:
            self._sought.check(head, name)
        except (PictureError, SoundError) as error:
            return str(error)
        return ""

    def _stretch(self, ranges: _Ranges, row: int, name: str, where: tuple[int, int], head: bytes) -> Member:
        begin, size = where
        if begin + size > ranges.size:
            there = max(0, ranges.size - begin)
            return self._refuse(row, name, "truncated", f"the archive holds {there:,} of its {size:,} bytes")
        self.stretches[row] = Stretch(ranges.path, begin, size)
        return Member(row, name, head)

    def _side(self, row: int, name: str, size: int, read: Callable[[int], bytes]) -> Member:
        data = read(MAX_SIDE + 1) if size <= MAX_SIDE else b""
        if size > MAX_SIDE or len(data) > MAX_SIDE:
            said = f"more than {MAX_SIDE:,} bytes; what it says is not read"
            return self._refuse(row, name, "too-large", said)
        return Member(row, name, data)

    def _refuse(self, row: int, name: str, reason: str, detail: str) -> Member:
        self._out.refuse(row, reason, f"{shown(name)}: {detail}")
        return Member(row, name, None)


class _Samples(Generic[Batch_co]):
    """Puts members that share a key together."""

    def __init__(self, out: Builder[Batch_co], taking: _Taking[Batch_co]) -> None:
        self._out = out
        self._sought = out.sought
        self._stretches = taking.stretches

    def batches(self, members: Iterator[Member], consumed: Callable[[], int]) -> Iterator[Batch_co]:
        """Yield the batches of all samples; `consumed` says how many bytes of the archive were read."""
        sample: list[Member] = []
        key, held = "", 0
        for member in members:
            its_key = sample_key(member.name)
            its_size = len(member.data or b"")
            full = len(sample) >= _MAX_SAMPLE or held + its_size > self._sought.most
            if sample and (its_key != key or full):
                self._add(sample)
                sample, held = [], 0
            key = its_key
            sample.append(member)
            held += its_size
            if self._out.full:
                yield from self._out.ready(consumed())
        self._add(sample)
        yield from self._out.rest(consumed())

    def _add(self, members: list[Member]) -> None:
        """Add what is sought of members that share a key, with what the others say of it."""
        sought, out = self._sought, self._out
        sides = [member for member in members if member.name.lower().endswith(sought.sides)]
        others = [member for member in members if not member.name.lower().endswith(sought.sides)]
        if not any(member.data is not None or sought.named(member.name) for member in others):
            for member in sides:
                if member.data is not None:
                    said = f"{shown(member.name)}: a text beside no {sought.one}"
                    out.refuse(member.row, sought.foreign, said)
            return
        told = told_by(sought, ((member.name, member.data) for member in sides if member.data))
        for member in others:
            if member.data is None:
                continue
            own = told if told.record_id else told._replace(record_id=member.name)
            stretch = self._stretches.pop(member.row, None)
            if stretch is not None:
                out.add_stretch(stretch, member.data, member.name, member.row, own)
            else:
                out.add(member.data, member.name, member.row, own)
