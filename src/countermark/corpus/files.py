"""Folders of documents: text, HTML, EPUB, PDF, DOCX, ODT, one record a file.

A shard holds the documents among the positions `[begin, end)` of the sorted listing of its folder, so that a million
small files make some hundred shards. Files of other formats in that range are shards of their own.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from countermark.corpus.batching import BatchBuilder
from countermark.corpus.compression import StreamError, open_stream
from countermark.corpus.detection import detect
from countermark.corpus.folder import list_folder, printable
from countermark.documents import MAX_BYTES, extract
from countermark.errors import CorpusError, DocumentError
from countermark.storage.reading import is_file, is_folder, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import RecordBatch, Shard


class DocumentsReader:
    """Reads a range of the documents of a folder, or one document."""

    format = "documents"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the documents in the order of the listing; `row` is the position there. See CorpusReader."""
        out = BatchBuilder(shard.name)
        consumed = 0
        among = () if is_file(shard.path) else list_folder(shard.path).files
        for row, path, name in _files(shard):
            consumed += _read(path, name, row, out, among)
            if out.full:
                yield out.flush(consumed)
        if out.pending:
            yield out.flush(consumed)


def _files(shard: Shard) -> Iterator[tuple[int, str, str]]:
    """Yield position, path and name of the files of a shard."""
    if is_file(shard.path):
        yield 0, shard.path, os.path.basename(shard.name)  # noqa: PTH119
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
        yield row, os.path.join(shard.path, files[row]), files[row]  # noqa: PTH118


def _array_said(data: bytes, name: str) -> str:
    """What is in a NumPy array that is not read as token ids, "" where `data` is none; nothing in it is unpickled."""
    from countermark.corpus.tokens.stream_layout import HEAD, NUMPY_MAGIC, layout_of  # noqa: PLC0415

    if data.startswith(NUMPY_MAGIC):
        try:
            layout_of(data[:HEAD], len(data), name)
        except CorpusError as error:
            return str(error).removeprefix(f"{name}: ")
    return ""


def _read(path: str, name: str, row: int, out: BatchBuilder, among: tuple[str, ...]) -> int:
    """Read one file if it is a document; return its size in bytes."""
    shown = printable(name)
    try:
        size = size_of(path)
        if size == 0:
            out.refuse(row, "empty", "the file is empty", shown)
            return 0
        if detect(path, name, size, among).format != "documents":
            return 0
        with open_stream(path) as stream:
            data = stream.read(MAX_BYTES + 1)
        document = extract(data, name=name)
    except DocumentError as error:
        out.refuse(row, error.reason, _array_said(data, shown) or str(error), shown)
        return size
    except StreamError as error:
        out.refuse(row, error.reason, str(error), shown)
        return size
    except OSError as error:
        out.refuse(row, "unreadable", error.strerror or str(error), shown)
        return 0
    published = document.published.isoformat() if document.published else None
    out.add(document.text, row, shown, None, published)
    return size
