"""From what the user names to the files that importers read: plain, compressed, in archives, in folders.

Compressed files are read as streams, so that no bomb fills the memory; what inflates beyond all reason ends there.
Members of archives are never unpacked to disk, and their names are for messages only: `../../x` reaches nothing.
Archives in archives are not opened.
"""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from countermark.media import Refusal
from countermark.works.folder import display
from countermark.works.importers.base import HEAD_BYTES, CatalogFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


MAX_MEMBERS: Final = 100_000
MAX_LIST: Final = 32 << 20
"""Bytes that the list of members (the central directory) of one archive may have."""
MAX_INFLATED: Final = 64 << 30
"""Bytes that one compressed file or member may inflate to."""
MAX_RATIO: Final = 1_000
"""Inflated to stored size, for what is above RATIO_FROM; XML of many like records reaches about 100."""
RATIO_FROM: Final = 64 << 20

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_DOCUMENTS: Final = (
    ".epub",
    ".docx",
    ".odt",
    ".xlsx",
    ".xlsm",
)  # zip containers that are one file for importers
_DAMAGED: Final = (
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
)


def open_inputs(
    paths: Iterable[Path], options: Mapping[str, str] | None = None
) -> Iterator[CatalogFile | Refusal]:
    """Every file of `paths`, in their order; a folder in the order of its names.

    Refused: `missing`, `unreadable`, `special` (no regular file), `empty`, `encrypted`, `bomb`, `archive` (damaged, or
    in another archive), and what `folders.folder_files` refuses.
    """
    for path in paths:
        yield from _input(path, display(str(path)), options or {})


def _input(path: Path, name: str, options: Mapping[str, str]) -> Iterator[CatalogFile | Refusal]:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError)
        said = "does not exist" if missing else f"cannot be read ({_reason(error)})"
        yield _refuse(
            name, "missing" if missing else "unreadable", f"{said}; a catalogue file or a folder is accepted"
        )
        return
    if stat.S_ISDIR(mode):
        from countermark.works.importers.folders import folder_files  # noqa: PLC0415 - reads sidecars, loads Arrow

        for item in folder_files(path, name, _made, options):
            # A folder's file may be an archive of catalogues: its members come in its place.
            if isinstance(item, CatalogFile) and _is_archive(item):
                yield from _members(Path(item.path), item.name, options)
            else:
                yield item
    elif not stat.S_ISREG(mode):
        yield _refuse(name, "special", "is no regular file; a catalogue file or a folder is accepted")
    else:
        yield from _file(path, name, options)


def _file(path: Path, name: str, options: Mapping[str, str]) -> Iterator[CatalogFile | Refusal]:
    made = _made(path, name, options)
    if isinstance(made, CatalogFile) and _is_archive(made):
        yield from _members(path, name, options)
    else:
        yield made


def _made(path: Path, name: str, options: Mapping[str, str]) -> CatalogFile | Refusal:
    """One file of the disk, uncompressed."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            size = stream.seek(0, io.SEEK_END)
    except OSError as error:
        return _refuse(name, "unreadable", f"cannot be read ({_reason(error)})")
    if not start:
        return _refuse(name, "empty", "is empty")
    if start.startswith(_GZIP):
        return _head(
            _without(name, ".gz"), "", lambda: _limited(cast("BinaryIO", gzip.open(path)), size), options
        )
    if start.startswith(_ZSTD):
        return _head(_without(name, ".zst", ".zstd"), "", lambda: _limited(_zstd(path), size), options)
    return _head(name, str(path), lambda: path.open("rb"), options)


def _head(
    name: str, path: str, opener: Callable[[], BinaryIO], options: Mapping[str, str]
) -> CatalogFile | Refusal:
    try:
        with opener() as stream:
            head = _read_up_to(stream, HEAD_BYTES)
    except _DAMAGED as error:
        return _refuse(name, "unreadable", f"cannot be read ({_reason(error)})")
    if not head:
        return _refuse(name, "empty", "is empty")
    return CatalogFile(name, path, head, opener, options)


def _members(path: Path, name: str, options: Mapping[str, str]) -> Iterator[CatalogFile | Refusal]:
    """The members of an archive, in the order of their names."""
    try:
        archive = _Archive(path)
        members = sorted(archive.infolist(), key=lambda member: member.filename)
    except _DAMAGED as error:
        yield _refuse(name, "archive", f"the zip archive is damaged or cut off ({_reason(error)})")
        return
    if len(members) > MAX_MEMBERS:
        archive.close()
        yield _refuse(name, "bomb", f"holds {len(members):,} members; {MAX_MEMBERS:,} are accepted")
        return
    if _overlap(members):
        archive.close()
        yield _refuse(
            name, "bomb", "its members lie one in another, so that a small archive inflates without end"
        )
        return
    for member in members:
        shown = f"{name}!{display(member.filename)}"
        if member.is_dir() or _is_debris(member.filename):
            continue
        if member.flag_bits & 1:
            yield _refuse(shown, "encrypted", "is encrypted; unpack it with its password first")
        elif member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            yield _refuse(shown, "bomb", f"inflates more than {MAX_RATIO:,} times")
        else:
            made = _head(shown, "", lambda m=member: _member(archive, m), options)  # type: ignore[misc]
            nested = isinstance(made, CatalogFile) and made.head.startswith((*_ZIP, _GZIP, _ZSTD))
            if nested and not _is_document(cast("CatalogFile", made)):
                yield _refuse(shown, "archive", "is an archive in an archive; unpack it first")
            else:
                yield made


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    # One archive serves all its members: its list is read once, not once for each of 100,000. It is closed when the
    # last CatalogFile that may open a member goes.
    return _limited(cast("BinaryIO", archive.open(member)), member.compress_size)


def _overlap(members: Iterable[zipfile.ZipInfo]) -> bool:
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < end:
            return True
        end = member.header_offset + 30 + member.compress_size  # the header's fixed part; a name follows it
    return False


class _Archive(zipfile.ZipFile):
    """A zip archive whose list of members is no larger than is safe to read."""

    def __init__(self, path: Path) -> None:
        self._disk = _Disk(path)
        try:
            super().__init__(cast("BinaryIO", self._disk))
        except BaseException:
            self._disk.close()
            raise

    def close(self) -> None:
        super().close()
        self._disk.close()


class _Disk(io.FileIO):
    """The file of an archive. `zipfile` reads the list in one piece, of whatever length the archive claims."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_LIST:
            raise zipfile.BadZipFile(f"its list of members has {size:,} bytes; {MAX_LIST:,} are accepted")
        return super().read(size) or b""


def _zstd(path: Path) -> BinaryIO:
    import zstandard  # noqa: PLC0415

    file = path.open("rb")
    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(file, closefd=True)
    return cast("BinaryIO", _Checked(reader, zstandard.ZstdError))


class _Checked(io.RawIOBase):
    """A reader whose library's own errors are made OSError."""

    def __init__(self, stream: Any, error: type[Exception]) -> None:
        self._stream = stream
        self._error = error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except self._error as error:
            raise OSError(f"damaged or cut off: {error}") from None
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


class _Limited(io.RawIOBase):
    """A stream that fails when it gives out more than `limit` bytes; what it stands on closes with it."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except (zlib.error, zipfile.BadZipFile, EOFError) as error:
            raise OSError(f"damaged or cut off: {error}") from None
        self._left -= len(data)
        if self._left < 0:
            raise OSError(
                f"it inflates more than {MAX_RATIO:,} times, or to more than {MAX_INFLATED >> 30} GB"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def _limited(stream: BinaryIO, stored: int) -> BinaryIO:
    limit = min(MAX_INFLATED, max(RATIO_FROM, MAX_RATIO * stored))
    return cast("BinaryIO", io.BufferedReader(_Limited(stream, limit), 1 << 18))


def _read_up_to(stream: BinaryIO, count: int) -> bytes:
    parts: list[bytes] = []
    while count and (data := stream.read(count)):
        parts.append(data)
        count -= len(data)
    return b"".join(parts)


def _is_archive(file: CatalogFile) -> bool:
    return bool(file.path) and file.head.startswith(_ZIP) and not _is_document(file)


def _is_document(file: CatalogFile) -> bool:
    # EPUB and ODT begin with their media type; the parts of Office files have fixed names.
    mark = file.head[:4096]
    office = b"[Content_Types].xml" in mark or b"mimetype" in mark[:64] or b"_rels/.rels" in mark
    return office or file.name.lower().endswith(_DOCUMENTS)


def _is_debris(name: str) -> bool:
    return name.startswith("__MACOSX/") or any(
        part.startswith(".") and part != ".." for part in name.split("/")[-1:]
    )


def _without(name: str, *suffixes: str) -> str:
    for suffix in suffixes:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _refuse(name: str, reason: str, detail: str) -> Refusal:
    return Refusal(name, 0, reason, f"{name}: {detail}")
