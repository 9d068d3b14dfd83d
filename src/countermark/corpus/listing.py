"""From the paths that the user names to the shards of a corpus.

The list depends only on the names and contents of the files: not on the number of workers, nor on the order in which
the file system lists them. Large files that can be cut are cut into parts of a fixed size.

    format      cut into parts
    jsonl       uncompressed: at line starts
    delimited   uncompressed: between records, quotes respected
    text        uncompressed UTF-8: after newlines, or between code points
    parquet     by row groups
    warc        uncompressed: at records; gzip: at members that begin with a record
    tar, zip    never; nor any other compressed file
    documents   up to 4,096 small files of a folder make one shard
"""

from __future__ import annotations

import codecs
import os
from typing import TYPE_CHECKING, BinaryIO

from countermark.corpus.base import CorpusReader, Shard
from countermark.corpus.detection import Kind, begins_with_object, detect, suffixes
from countermark.corpus.folder import list_folder, printable
from countermark.corpus.parts import delimited_parts, gzip_warc_parts, jsonl_parts, text_cut, warc_parts
from countermark.errors import CorpusError
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from countermark.corpus.parts import Part

PART_BYTES = 64 << 20
DOCUMENTS_PER_SHARD = 4096
_COLUMNAR = {"jsonl", "parquet", "delimited", "tar", "zip"}
_BAD_BYTES = 10_000
"""Text is UTF-8 if at most one byte in so many means nothing."""


def reader_for(format: str) -> CorpusReader:  # noqa: A002 (the field's word, as in Shard)
    """Return the reader of a format. Raises CorpusError for a format that there is not."""
    from countermark.corpus import archives, delimited, files, jsonl, parquet, plaintext, warc  # noqa: PLC0415

    readers: tuple[CorpusReader, ...] = (
        files.DocumentsReader(),
        plaintext.PlainTextReader(),
        jsonl.JsonLinesReader(),
        parquet.ParquetReader(),
        delimited.DelimitedReader(),
        warc.WarcReader(),
        archives.TarReader(),
        archives.ZipReader(),
    )
    for reader in readers:
        if reader.format == format:
            return reader
    known = ", ".join(reader.format for reader in readers)
    raise CorpusError(f"no reader for the format “{format}”; there are: {known}")


def list_shards(
    paths: Sequence[Path], *, text_column: str | None = None, part_bytes: int = PART_BYTES
) -> Iterator[Shard | Refusal]:
    """Yield the shards of some files and folders, and a refusal for each thing that will not be read.

    With one folder, names are relative to it; with several paths, they begin with the last part of each path (and
    `~2`, `~3` … where two are the same). Raises CorpusError if a path does not exist.
    """
    list_folder.cache_clear()  # a folder may have changed since this process listed it
    taken: dict[str, int] = {}
    for path in paths:
        given = os.fspath(path)
        if not os.path.exists(given):  # noqa: PTH110
            raise CorpusError(f"{printable(given)}: there is no such file or folder")
        own = printable(os.path.basename(os.path.abspath(given)))  # noqa: PTH100, PTH119
        taken[own] = taken.get(own, 0) + 1
        name = own if taken[own] == 1 else f"{own}~{taken[own]}"
        listing = _Listing(text_column, part_bytes)
        if os.path.isdir(given):  # noqa: PTH112
            yield from listing.folder(given, "" if len(paths) == 1 else name + "/")
        else:
            yield from listing.file(given, name)


class _Listing:
    """The settings that every shard is made with."""

    def __init__(self, text_column: str | None, part_bytes: int) -> None:
        self._text_column = text_column
        self._part_bytes = max(1, part_bytes)

    def folder(self, root: str, prefix: str) -> Iterator[Shard | Refusal]:
        """Yield the shards of a folder: data files in order, with the shards of documents where each one ends."""
        files, refused = list_folder(root)
        for refusal in refused:
            yield refusal._replace(where=prefix + refusal.where)
        begin = count = amount = 0
        for position, name in enumerate(files):
            path = os.path.join(root, name)  # noqa: PTH118
            shown = prefix + printable(name)
            try:
                size = os.path.getsize(path)  # noqa: PTH202
                kind = detect(path, name, size)
            except OSError as error:
                yield Refusal(shown, -1, "unreadable", error.strerror or "cannot be opened")
                continue
            if kind.format != "documents":
                yield from self._shards(path, shown, size, kind)
                continue
            if count and (count >= DOCUMENTS_PER_SHARD or amount + size > self._part_bytes):
                yield self._documents(root, prefix, begin, position, amount)
                begin, count, amount = position, 0, 0
            count += 1
            amount += size
        if count:
            yield self._documents(root, prefix, begin, len(files), amount)

    def _documents(self, root: str, prefix: str, begin: int, end: int, size: int) -> Shard:
        return Shard(f"{prefix or './'}#{begin}-{end}", root, "documents", size, begin, end)

    def file(self, path: str, name: str) -> Iterator[Shard | Refusal]:
        """Yield the shards of one file."""
        try:
            size = os.path.getsize(path)  # noqa: PTH202
            kind = detect(path, name, size)
        except OSError as error:
            raise CorpusError(f"{printable(path)}: {error.strerror or error}") from error
        if kind.format == "documents":
            yield Shard(name, path, "documents", size)
        else:
            yield from self._shards(path, name, size, kind)

    def _shards(self, path: str, name: str, size: int, kind: Kind) -> Iterator[Shard | Refusal]:
        with open(path, "rb") as file:  # noqa: PTH123 (paths are strings here, for speed)
            if kind.format == "jsonl" and not kind.packed and suffixes(name)[0] == ".json":
                head = file.read(1 << 16)
                if not begins_with_object(head):
                    yield Refusal(name, -1, "not-json-lines", _one_document(head))
                    return
            yield from self._cut(file, path, name, size, kind)

    def _cut(self, file: BinaryIO, path: str, name: str, size: int, kind: Kind) -> Iterator[Shard]:
        options = (
            (("text_column", self._text_column),) if self._text_column and kind.format in _COLUMNAR else ()
        )
        if kind.format == "text" and not kind.packed:
            yield from self._text(file, path, name, size)
        elif kind.format == "parquet":
            yield from self._parquet(path, name, size, options)
        elif size > self._part_bytes and (cut := _cutter(kind)):
            parts = list(cut(file, size, self._part_bytes))
            for begin, end, before in parts:
                if len(parts) == 1:
                    yield Shard(name, path, kind.format, size, options=options)
                    break
                rows = (("rows_before", str(before)),) if kind.format != "warc" else ()
                shown = f"{name}#{begin}-{end}"
                yield Shard(shown, path, kind.format, end - begin, begin, end, options=options + rows)
        else:
            yield Shard(name, path, kind.format, size, options=options)

    def _parquet(
        self, path: str, name: str, size: int, options: tuple[tuple[str, str], ...]
    ) -> Iterator[Shard]:
        groups = _row_groups(path, size)
        parts: list[tuple[int, int, int]] = []
        begin = held = 0
        for index, (_, unpacked) in enumerate(groups):
            held += unpacked
            if held >= self._part_bytes or index == len(groups) - 1:
                parts.append((begin, index + 1, sum(stored for stored, _ in groups[begin : index + 1])))
                begin, held = index + 1, 0
        if len(parts) < 2:
            yield Shard(name, path, "parquet", size, options=options)
            return
        for begin, end, stored in parts:
            yield Shard(f"{name}#{begin}-{end}", path, "parquet", stored, begin, end, options=options)

    def _text(self, file: BinaryIO, path: str, name: str, size: int) -> Iterator[Shard]:
        points, bad = _code_points(file, size, self._part_bytes)
        if bad * _BAD_BYTES > size:
            yield Shard(name, path, "text", size)
            return
        options = (("encoding", "utf-8"),)
        if len(points) == 1:
            yield Shard(name, path, "text", size, options=options)
            return
        for begin, end, start in points:
            yield Shard(f"{name}#{begin}-{end}", path, "text", end - begin, begin, end, start, options)


def _one_document(head: bytes) -> str:
    body = head.lstrip()
    what = (
        "one JSON array"
        if body.startswith(b"[")
        else "one JSON document"
        if body.startswith(b"{")
        else "no JSON"
    )
    return f"{what}; JSON Lines, one object a line, is read (jq -c '.[]' turns an array into them)"


def _cutter(kind: Kind) -> Callable[[BinaryIO, int, int], Iterator[Part]] | None:
    """Return the function that cuts a file of this kind, None if it cannot be cut."""
    if kind.format == "warc":
        return {"": warc_parts, "gz": gzip_warc_parts}.get(kind.packed)
    if kind.packed:
        return None
    if kind.format == "jsonl":
        return jsonl_parts
    if kind.format == "delimited":
        return _cut_delimited
    return None


def _cut_delimited(file: BinaryIO, size: int, part_bytes: int) -> Iterator[Part]:
    from countermark.corpus.delimited import Header  # noqa: PLC0415 (loads Arrow)

    file.seek(0)
    try:
        header = Header.of(file, "")
    except CorpusError:
        return iter([(0, size, 0)])
    return delimited_parts(file, size, part_bytes, header.delimiter.encode())


def _row_groups(path: str, size: int) -> list[tuple[int, int]]:
    """Return the stored and the unpacked size in bytes of each row group; [] if the file is no readable Parquet.

    The stored size is an estimate, in proportion. The columns would say it exactly, but on some damaged footers
    asking for a column ends the process, and this is the one that must live.
    """
    import pyarrow as pa  # noqa: PLC0415 (heavy)
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        metadata = pq.read_metadata(path)
        unpacked = [
            max(0, metadata.row_group(index).total_byte_size) for index in range(metadata.num_row_groups)
        ]
    except (OSError, ValueError, pa.ArrowException):  # ValueError: a name that is no UTF-8
        return []
    whole = max(1, sum(unpacked))
    return [(size * each // whole, each) for each in unpacked]


def _code_points(file: BinaryIO, size: int, part_bytes: int) -> tuple[list[Part], int]:
    """Cut a text into parts, each with the code points before it; and count the bytes that are no UTF-8."""
    parts: list[Part] = []
    begin = start = bad = 0
    while begin < size:
        end = text_cut(file, begin + part_bytes, size)
        parts.append((begin, end, start))
        points, wrong = _count(file, begin, end)
        start += points
        bad += wrong
        begin = end
    return parts, bad


def _count(file: BinaryIO, begin: int, end: int) -> tuple[int, int]:
    """Count the code points of a range (as documents count them), and the bad bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    file.seek(begin)
    points = bad = 0
    carried = b""
    first = begin == 0
    while begin < end:
        data = file.read(min(1 << 20, end - begin))
        if not data:
            break
        begin += len(data)
        points -= (carried + data).count(b"\r\n")
        carried = data[-1:] if data.endswith(b"\r") else b""
        if first:
            data, first = data.removeprefix(b"\xef\xbb\xbf"), False
        text = decoder.decode(data, begin >= end)
        points += len(text)
        bad += text.count("\ufffd")
    return points, bad


__all__ = ["PART_BYTES", "list_shards", "reader_for"]
