"""The digest of what a shard is read from, and the check that it stays the same meanwhile."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from countermark.corpus.tokens.formats import FORMATS as OF_IDS
from countermark.errors import CorpusError
from countermark.scan.receipt import WITH_SIDES, Source
from countermark.storage.place import is_url
from countermark.storage.reading import (
    arrow_source,
    forget_failures,
    keep_only,
    open_binary,
    require_fetched,
    size_of,
    state_of,
)

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator, Sequence

    from countermark.corpus.base import Shard
    from countermark.storage.reading import State

_BLOCK = 1 << 20
_UNREADABLE = "-" * 64  # stands for the digest of a document that could not be opened


def digest_source(shard: Shard) -> Source:
    """Hash what `shard` covers: its byte range, its row groups, the whole file, or its files in a folder.

    Raises OSError when the file cannot be read, CorpusError when its row groups are not where they should be, or an
    object is no longer the one that was listed.
    """
    try:
        return _digest_files(shard) if _is_folder(shard) else _digest_bytes(shard)
    except FileNotFoundError as error:
        if not is_url(shard.path):
            raise
        raise CorpusError(
            f"{shard.name}: is no longer on the storage; it was when the corpus was listed"
        ) from error


def _digest_bytes(shard: Shard) -> Source:
    begin, end = _byte_range(shard, size_of(shard.path))
    content, read = _digest_range(shard.path, begin, end)
    sides = sides_of(shard)
    if not sides:
        return Source(content, begin, read)
    return Source(digest_with_sides(content, sides), begin, read, WITH_SIDES)


def _digest_range(path: str, begin: int, end: int) -> tuple[str, int]:
    """The SHA-256 of the bytes `[begin, end)` of a file, and where they ended: it may be shorter."""
    digest, left = hashlib.sha256(), end - begin
    with open_binary(path, buffering=0, upto=end) as file:
        file.seek(begin)
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            digest.update(block)
            left -= len(block)
    return digest.hexdigest(), end - left


def sides_of(shard: Shard) -> tuple[str, ...]:
    """The files beside a shard of token ids that say how it is read, in the order in which they are hashed."""
    if shard.format not in OF_IDS:
        return ()
    from countermark.corpus.tokens.detection import companions  # noqa: PLC0415

    return companions(shard.format, shard.path)


def digest_with_sides(content: str, sides: Sequence[str]) -> str:
    """The SHA-256 of the lines `<SHA-256>` of what was read and of each of the files beside it. Raises OSError."""
    lines = (content, *(_digest_of(side, state_of(side)) for side in sides))
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


@lru_cache(maxsize=64)
def _digest_of(path: str, state: State) -> str:
    """The SHA-256 of a whole file in this state, hashed once for all parts that it stands beside."""
    return _digest_range(path, 0, state[0])[0]


def source_state(shard: Shard) -> tuple[State, ...]:
    """Size and time of change of each file of the shard, to notice that one changed while it was read.

    From here on, what is on object storage is read as it was listed or not at all: see `storage.reading.expect`.
    Raises CorpusError where it is known to have changed.
    """
    if is_url(shard.path):
        return _begun(shard)
    if not _is_folder(shard):
        return tuple(_state(path) for path in (shard.path, *sides_of(shard)))
    return tuple(_state(path) for _, path in _files(shard))


def require_unchanged(shard: Shard, before: tuple[State, ...]) -> None:
    """Raise CorpusError when a file of the shard is no longer what it was, or a byte of it could not be fetched."""
    if is_url(shard.path):
        require_fetched()
    elif source_state(shard) != before:
        raise CorpusError(f"{shard.name}: changed while it was read; scan it when nobody writes to it")


def _begun(shard: Shard) -> tuple[State, ...]:
    from countermark.corpus.prefix import hold_to_state  # noqa: PLC0415

    keep_only({shard.path, *sides_of(shard)})
    forget_failures()
    hold_to_state(shard)
    return ()  # each request for a part holds the object to its state


def _is_folder(shard: Shard) -> bool:
    if not is_url(shard.path):
        return os.path.isdir(shard.path)  # noqa: PTH112
    from countermark.corpus.prefix import of_folder  # noqa: PLC0415

    return of_folder(shard)


def _state(path: str) -> State:
    try:
        return state_of(path)
    except OSError:  # the reader counts it as unreadable
        return -1, -1


def _files(shard: Shard) -> Iterator[tuple[str, str]]:
    """Name and path of the files that may be read for the shard of a folder."""
    if shard.format in ("pictures", "recordings"):
        return _carried(shard)
    return _documents(shard)


def _carried(shard: Shard) -> Iterator[tuple[str, str]]:
    """The pictures or recordings of the shard's range, as the reader chooses them, each with what speaks of it."""
    from countermark.corpus.audio.folder import recording_files  # noqa: PLC0415
    from countermark.corpus.folder import printable  # noqa: PLC0415
    from countermark.corpus.images.folder import picture_files  # noqa: PLC0415

    files = picture_files(shard) if shard.format == "pictures" else recording_files(shard)
    for carried in files:
        for name in (carried.name, *carried.sides):
            yield printable(name), os.path.join(shard.path, name)  # noqa: PTH118


def _documents(shard: Shard) -> Iterator[tuple[str, str]]:
    """The files of the shard's range, among them those that are shards of their own."""
    from countermark.corpus.folder import list_folder, printable  # noqa: PLC0415

    files = list_folder(shard.path).files
    for name in files[shard.begin : None if shard.end == -1 else shard.end]:
        yield printable(name), os.path.join(shard.path, name)  # noqa: PTH118


def _digest_files(shard: Shard) -> Source:
    from countermark.corpus.detection import detect  # noqa: PLC0415
    from countermark.corpus.folder import list_folder  # noqa: PLC0415

    digest, documents = hashlib.sha256(), shard.format == "documents"
    among, root = list_folder(shard.path).files, os.path.join(shard.path, "")  # noqa: PTH118
    for name, path in _files(shard):
        try:
            size = size_of(path)
            if documents and detect(path, path.removeprefix(root), size, among).format != "documents":
                continue  # a shard of its own
            with open_binary(path, upto=size) as file:
                content = hashlib.file_digest(cast("io.BufferedReader", file), "sha256").hexdigest()
        except (OSError, CorpusError):
            if is_url(path):  # it was there: what has no digest was not scanned
                raise
            content = _UNREADABLE
        digest.update(f"{content}  {name}\n".encode())
    count = sum(1 for _ in _documents(shard))
    return Source(digest.hexdigest(), shard.begin, shard.begin + count, "files")


def _byte_range(shard: Shard, size: int) -> tuple[int, int]:
    if shard.begin == 0 and shard.end == -1:
        return 0, size
    if shard.format in ("parquet", "token-parquet"):
        return _row_group_range(shard)
    if shard.format in OF_IDS or shard.format == "arrow":
        from countermark.corpus.tokens.byte_ranges import byte_range  # noqa: PLC0415

        return byte_range(shard)
    return shard.begin, size if shard.end == -1 else min(shard.end, size)


def _row_group_range(shard: Shard) -> tuple[int, int]:
    """The bytes of the file from the first to the last page of the shard's row groups."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with arrow_source(shard.path) as source:
            metadata = pq.read_metadata(source)
    except pa.ArrowException as error:
        raise CorpusError(f"{shard.name}: the Parquet footer cannot be read: {error}") from error
    last = metadata.num_row_groups if shard.end == -1 else min(shard.end, metadata.num_row_groups)
    begin, end = [], []
    for group in range(shard.begin, last):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            pages = (chunk.dictionary_page_offset, chunk.data_page_offset)
            first = min(offset for offset in pages if offset)  # 0 or None: there is no dictionary page
            begin.append(first)
            end.append(first + chunk.total_compressed_size)
    return (min(begin), max(end)) if begin else (0, 0)
