"""Tar and zip archives, WebDataset among them, read as a stream; nothing is ever written to disk.

Members that follow each other and share their name up to the first full stop of the last part are a sample, as in
WebDataset: a `.txt` member carries its text, else a field of its `.json` member; its other media belong to it and are
no records; how many of them are pictures is said once, at the end. Any other member is a document of its own. `row` is
the number of the member in the archive.
"""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from countermark.corpus.batching import BatchBuilder, clean
from countermark.corpus.columns import Columns, choose, field
from countermark.corpus.compression import BOMB_FLOOR, MAX_RATIO, StreamError, open_stream
from countermark.corpus.detection import is_data, named_as_picture
from countermark.corpus.jsonl import parse_line, paths_of
from countermark.documents import extract
from countermark.errors import CorpusError, DocumentError
from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.corpus.base import RecordBatch, Shard

MAX_MEMBER = 64 << 20
"""A longer member is refused."""
_MAX_SAMPLE = 64
_MAX_TAR_HEADER = 1 << 20
_TEXTS = (".txt", ".text", ".caption")
_DOCUMENTS = (".htm", ".html", ".xhtml", ".md", ".markdown", ".epub", ".pdf", ".docx", ".odt", ".lrc")
_MEDIA = (
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".svg", ".mp3", ".wav", ".flac", ".ogg", ".opus",
    ".m4a", ".mp4", ".mkv", ".webm", ".avi", ".mov", ".npy", ".npz", ".pth", ".pt", ".pyd", ".cls", ".bin",
)  # fmt: skip
# What the standard library raises on damaged archives: ValueError stands for names that are not in their encoding.
_ZIP_DAMAGE = (
    OSError, EOFError, ValueError, LookupError, RuntimeError, struct.error, zlib.error, lzma.LZMAError,
    zipfile.BadZipFile, NotImplementedError,
)  # fmt: skip


class Member(NamedTuple):
    """One file of an archive: its number, name, and content (None: not needed, or refused already)."""

    row: int
    name: str
    data: bytes | None


class Refuse(Protocol):
    """Takes a member that is not read, the reason and the detail."""

    def __call__(self, row: int, reason: str, detail: str, /) -> None:
        """Note it."""


class Take(Protocol):
    """Makes a Member of a file in an archive; it decides how much of it is read, if any, and refuses what it will."""

    def __call__(self, row: int, name: str, size: int, read: Callable[[int], bytes], begin: int, /) -> Member:
        """`name` and `size` are as the archive says; `read(n)` gives up to n bytes more, b"" at the end.

        `begin` is where the content stands in the stream of the archive, -1 where it is packed or in pieces.
        """


class TarReader:
    """Reads `.tar`, plain or compressed."""

    format = "tar"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the records of the archive; see CorpusReader."""
        out = BatchBuilder(shard.name)
        try:
            with open_stream(shard.path) as stream:
                members = tar_members(stream, out.refuse, partial(_member, out))
                yield from _records(shard, members, out, lambda: stream.consumed)
        except OSError as error:
            raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


class ZipReader:
    """Reads `.zip`."""

    format = "zip"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the records of the archive; see CorpusReader."""
        out = BatchBuilder(shard.name)
        with open_zip(shard) as archive:
            spent = [0]
            members = zip_members(archive, out.refuse, partial(_member, out), shard.size, spent)
            yield from _records(shard, members, out, lambda: spent[0])


class _TarInfo(tarfile.TarInfo):
    """A header that may not be of any size: names and extended headers are read into memory whole."""

    def _proc_member(self, archive: Any) -> Any:
        kinds = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
        if (
            self.type in (*kinds, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
            and self.size > _MAX_TAR_HEADER
        ):
            raise tarfile.ReadError(f"an extended header of {self.size} bytes")
        return super()._proc_member(archive)  # type: ignore[misc]


def tar_members(stream: Any, refuse: Refuse, take: Take) -> Iterator[Member]:
    """Yield the files of a tar archive as `take` makes them; links, devices and damage go to `refuse`."""
    row = 0
    try:
        with tarfile.open(
            fileobj=stream, mode="r|", tarinfo=_TarInfo, bufsize=1 << 15, errorlevel=0
        ) as archive:
            for info in archive:
                archive.members = []  # type: ignore[attr-defined]  # else a million members stay in memory
                if info.isdir():
                    pass
                elif not info.isreg():
                    refuse(row, "not-a-file", f"{clean(info.name)}: a link or a device")
                else:
                    file = archive.extractfile(info)
                    begin = -1 if info.issparse() else info.offset_data
                    yield take(row, info.name, info.size, file.read if file else bytes, begin)
                row += 1
    except StreamError as error:
        refuse(row, error.reason, str(error))
    except (
        tarfile.TarError,
        EOFError,
        OSError,
        ValueError,
        LookupError,
        OverflowError,
        RecursionError,
    ) as error:
        reason = "truncated" if "unexpected end" in str(error) else "corrupt"
        refuse(row, reason, f"the archive cannot be read from member {row} on: {error}")


@contextmanager
def open_zip(shard: Shard) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive. Raises CorpusError where it is none."""
    with ExitStack() as closing:
        try:
            file = closing.enter_context(open_binary(shard.path))
            archive = closing.enter_context(zipfile.ZipFile(file))
        except _ZIP_DAMAGE as error:
            raise CorpusError(f"{shard.name}: no readable zip archive: {error}") from error
        yield archive


def zip_members(
    archive: zipfile.ZipFile, refuse: Refuse, take: Take, size: int, spent: list[int]
) -> Iterator[Member]:
    """Yield the files of a zip archive of `size` bytes as `take` makes them; `spent[0]` counts the bytes read of it."""
    produced = 0
    for row, info in enumerate(archive.infolist()):
        name = info.filename
        if name.endswith("/"):
            continue
        if info.flag_bits & 1:
            refuse(row, "encrypted", f"{clean(name)}: needs a password")
            continue
        if produced > BOMB_FLOOR and produced > MAX_RATIO * max(1, size):
            refuse(row, "bomb", f"{produced} bytes came out of an archive of {size}; the rest is not read")
            return
        try:
            with archive.open(info) as file:
                member = take(row, name, info.file_size, file.read, -1)
        except _ZIP_DAMAGE as error:
            refuse(row, "corrupt", f"{clean(name)}: {error}")
            continue
        produced += len(member.data or b"")
        spent[0] += info.compress_size
        yield member


def _member(
    out: BatchBuilder, row: int, name: str, size: int, read: Callable[[int], bytes], _begin: int
) -> Member:
    """Read a member unless it is a medium, too long, or a data file of its own."""
    name = clean(name)
    if name.lower().endswith(_MEDIA):
        return Member(row, name, None)
    if is_data(name) and not name.lower().endswith(".json"):
        out.refuse(
            row, "nested-data", f"{name}: a data file within an archive; unpack the archive to have it read"
        )
        return Member(row, name, b"")
    data = read(MAX_MEMBER + 1) if size <= MAX_MEMBER else b""
    if size > MAX_MEMBER or len(data) > MAX_MEMBER:
        out.refuse(row, "too-large", f"{name}: {size} bytes; at most {MAX_MEMBER} are read")
        return Member(row, name, b"")
    if not data:
        out.refuse(row, "empty", f"{name}: the file is empty")
    return Member(row, name, data)


def sample_key(name: str) -> str:
    """Return what WebDataset calls the key: the path up to the first full stop of its last part."""
    folder, slash, last = name.rpartition("/")
    return folder + slash + last.partition(".")[0]


def _records(
    shard: Shard, members: Iterator[Member], out: BatchBuilder, consumed: Callable[[], int]
) -> Iterator[RecordBatch]:
    text_column = dict(shard.options).get("text_column")
    sample: list[Member] = []
    held = pictures = 0
    for member in members:
        other = sample and sample_key(member.name) != sample_key(sample[0].name)
        if other or len(sample) >= _MAX_SAMPLE or held > MAX_MEMBER:
            pictures += _sample(sample, text_column, out)
            sample, held = [], 0
        sample.append(member)
        held += len(member.data or b"")
        if out.full:
            yield out.flush(consumed())
    pictures += _sample(sample, text_column, out)
    if pictures:
        out.refuse(-1, "medium", f"pictures not searched: {pictures:,}; the index is of texts")
    if out.pending:
        yield out.flush(consumed())


def _sample(members: list[Member], text_column: str | None, out: BatchBuilder) -> int:
    """Add the records of members that share a key; return how many pictures stand beside them, which are not read."""
    described = next((m for m in members if m.data and m.name.lower().endswith(".json")), None)
    texts = [member for member in members if member.name.lower().endswith(_TEXTS)]
    if not texts and described is None:
        for member in members:
            if member.data is None:
                out.refuse(member.row, "media-type", f"{member.name}: no text")
            else:
                _document(member, member.name, None, None, out)
        return 0  # the pictures were refused one by one
    record, columns = _description(described, text_column)
    record_id, url, date = (_plain(record, path) for path in (columns.record_id, columns.url, columns.date))
    if texts:
        for member in texts:
            _document(member, record_id or member.name, url, date, out)
    elif described is not None:
        text = field(record, columns.text) if columns.text else None
        if isinstance(text, str) and text:
            out.add(text, described.row, record_id or described.name, url, date)
        else:
            reason = "no-text" if text is None else "empty" if text == "" else "not-a-string"
            out.refuse(described.row, reason, f"{described.name}: no text field in the JSON object")
    for member in members:
        if member.name.lower().endswith(_DOCUMENTS):
            _document(member, member.name, url, date, out)
    return sum(member.data is None and named_as_picture(member.name) for member in members)


def _description(member: Member | None, text_column: str | None) -> tuple[Any, Columns]:
    try:
        record = parse_line(member.data or b"") if member else {}
    except ValueError:
        record = {}
    record = record if isinstance(record, dict) else {}
    values = list(paths_of(record))
    paths = [path for path, _ in values]
    return record, choose(paths, [path for path, value in values if isinstance(value, str)], text_column)


def _plain(record: Any, path: tuple[str, ...] | None) -> str | None:
    value = field(record, path) if path else None
    return str(value) if isinstance(value, str | int | float) else None


def _document(member: Member, record_id: str, url: str | None, date: str | None, out: BatchBuilder) -> None:
    if not member.data:
        return
    try:
        document = extract(member.data, name=member.name)
    except DocumentError as error:
        out.refuse(member.row, error.reason, f"{member.name}: {error}")
        return
    published = document.published.isoformat() if document.published else None
    out.add(document.text, member.row, record_id, url, date or published)
