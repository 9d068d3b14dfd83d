"""One file of a corpus as shards: whole, or cut into parts of a fixed size where its format can be cut."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, BinaryIO

from countermark.corpus.base import Shard
from countermark.corpus.detection import Kind, begins_with_object, suffixes
from countermark.corpus.parts import delimited_parts, gzip_warc_parts, jsonl_parts, text_cut, warc_parts
from countermark.errors import CorpusError
from countermark.media import Refusal
from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.corpus.parts import Part

COLUMNAR = frozenset({"jsonl", "parquet", "arrow", "mds", "delimited", "tar", "zip"})
"""Formats in which a column, or a field, may be named."""
DESCRIPTIONS = frozenset({"dataset_info.json", "dataset_dict.json", "state.json", "dataset_infos.json"})
"""What Hugging Face's `datasets` write beside their files."""
_BAD_BYTES = 10_000
"""Text is UTF-8 if at most one byte in so many means nothing."""

Options = tuple[tuple[str, str], ...]


class Cutting:
    """How files are cut: the size of a part in bytes, and the options of shards in columns."""

    def __init__(self, part_bytes: int, options: Options) -> None:
        self._part_bytes = max(1, part_bytes)
        self._options = options

    def shards(self, path: str, name: str, size: int, kind: Kind) -> Iterator[Shard | Refusal]:
        """Yield the shards of a file of this kind. Raises OSError where it cannot be opened."""
        with open_binary(path) as file:
            if kind.format == "jsonl" and not kind.packed and suffixes(name)[0] == ".json":
                head = file.read(1 << 16)
                if name.rpartition("/")[2] in DESCRIPTIONS and _is_one_object(head):
                    yield Refusal(name, -1, "description", "describes a data set, and holds none of it")
                    return
                if not begins_with_object(head):
                    yield Refusal(name, -1, "not-json-lines", _one_document(head))
                    return
            yield from self._cut(file, path, name, size, kind)

    def _cut(self, file: BinaryIO, path: str, name: str, size: int, kind: Kind) -> Iterator[Shard]:
        options = self._options if kind.format in COLUMNAR else ()
        if kind.format == "text" and not kind.packed:
            yield from self._text(file, path, name, size)
        elif kind.format in ("parquet", "arrow") and not kind.packed:
            yield from self._columns(path, name, size, kind.format, options)
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
            format_ = "mds-text" if kind.format == "mds" else kind.format
            yield Shard(name, path, format_, size, options=options)

    def _columns(self, path: str, name: str, size: int, format_: str, options: Options) -> Iterator[Shard]:
        """Row groups of Parquet, record batches of Arrow."""
        from countermark.corpus.arrow import arrow_parts  # noqa: PLC0415 (loads Arrow)
        from countermark.corpus.parquet import row_group_parts  # noqa: PLC0415

        try:
            parts = (
                arrow_parts(path, name, self._part_bytes)
                if format_ == "arrow"
                else row_group_parts(path, size, self._part_bytes)
            )
        except CorpusError:  # whoever reads it says what is wrong
            parts = []
        if not parts:
            yield Shard(name, path, format_, size, options=options)
            return
        for begin, end, stored in parts:
            yield Shard(f"{name}#{begin}-{end}", path, format_, stored, begin, end, options=options)

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


def _is_one_object(head: bytes) -> bool:
    """Whether a file that begins so is one JSON object: over several lines, or alone."""
    return head.lstrip().startswith(b"{") and (not begins_with_object(head) or head.strip().count(b"\n") == 0)


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
