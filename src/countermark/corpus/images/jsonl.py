"""Pictures in JSON Lines: fields in base64, with or without `data:image/…;base64,` before it. One object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.corpus.compression import StreamError, compression_of, open_stream
from countermark.corpus.images.column import IMAGE_COLUMNS, encoded_picture, looks_encoded
from countermark.corpus.images.gathering import ImageBuilder
from countermark.corpus.images.telling import PICTURE_URL_COLUMNS, told_by_record
from countermark.corpus.jsonl import parse_line, paths_of
from countermark.corpus.lines import MAX_LINE, PartStream, blocks, rows_before
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.compression import ByteStream
    from countermark.corpus.images.batch import ImageBatch
    from countermark.corpus.lines import Block

_SNIFF_BYTES: Final = 1 << 20
_SNIFF_RECORDS: Final = 64
_WITHIN: Final = ("", ".bytes", ".data", ".base64")
_NAMES: Final = frozenset(name + part for name in IMAGE_COLUMNS for part in _WITHIN)
_BOM: Final = b"\xef\xbb\xbf"


class JsonLinesPictures:
    """Reads `.jsonl`, `.ndjson` and `.json` with one object a line."""

    format = "jsonl"

    def batches(self, shard: Shard) -> Iterator[ImageBatch]:
        """Yield the pictures of the part; see PictureReader."""
        out = ImageBuilder(shard.name)
        try:
            with open_stream(shard.path) as head:
                fields, without = _fields(head, dict(shard.options).get("image_column"))
            if not fields:
                out.refuse(-1, "no-pictures", without)
                yield from out.rest(0)
                return
            with _open(shard) as stream:
                yield from _Lines(shard, fields, out).read(stream)
        except OSError as error:
            raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


def _open(shard: Shard) -> Any:
    with open(shard.path, "rb") as file:  # noqa: PTH123 (an OSError names the file either way)
        packed = compression_of(file.read(6))
    return open_stream(shard.path) if packed else PartStream(shard.path, shard.begin, shard.end)


def _fields(head: ByteStream, image_column: str | None) -> tuple[frozenset[str], str]:
    """The fields that hold pictures, by the first records of the *file*; and why there are none."""
    if image_column:
        return frozenset({image_column.lower()}), ""
    found: set[str] = set()
    addresses = False
    lines = _beginning(head).removeprefix(_BOM).split(b"\n")
    for line in [line for line in lines if line.strip()][:_SNIFF_RECORDS]:
        fields = _flat(line)
        addresses = addresses or any(name in fields for name in PICTURE_URL_COLUMNS)
        found.update(
            name
            for name in _NAMES & fields.keys()
            if any(isinstance(value, str) and looks_encoded(value) for value in _each(fields[name]))
        )
    if addresses:
        return frozenset(found), "a listing of addresses without pictures: countermark link reads it"
    return frozenset(found), "no field of the first lines is a picture in base64"


def _beginning(head: ByteStream) -> bytes:
    """The first lines, one at least."""
    try:
        data = head.read(_SNIFF_BYTES)
        while (
            b"\n" not in data[-_SNIFF_BYTES:] and len(data) <= MAX_LINE and (more := head.read(_SNIFF_BYTES))
        ):
            data += more
    except StreamError:
        return b""
    return data


def _flat(line: bytes) -> dict[str, Any]:
    """The fields of an object by their paths in lower case; none where the line is no object."""
    try:
        record = parse_line(line)
    except ValueError:
        return {}
    return _named(record) if isinstance(record, dict) else {}


def _named(record: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for path, value in paths_of(record):
        fields.setdefault(".".join(path).lower(), value)
    return fields


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class _Lines:
    """The reading of one shard."""

    def __init__(self, shard: Shard, fields: frozenset[str], out: ImageBuilder) -> None:
        self._shard = shard
        self._fields = sorted(fields)
        self._before = rows_before(shard)
        self._out = out

    def read(self, stream: Any) -> Iterator[ImageBatch]:
        line = 0
        try:
            for block in blocks(stream):
                line = block.first + block.lines
                for number, text in self._lines(block):
                    self._line(text, self._row(number))
                    yield from self._out.ready(stream.consumed)
        except StreamError as error:
            self._out.refuse(self._row(line), error.reason, str(error))
        yield from self._out.rest(stream.consumed)

    def _lines(self, block: Block) -> Iterator[tuple[int, bytes]]:
        if block.data is None:
            self._out.refuse(
                self._row(block.first), "line-too-long", f"a line of more than {MAX_LINE >> 20} MiB"
            )
            return
        data = block.data.removeprefix(_BOM) if self._shard.begin == block.first == 0 else block.data
        begin = 0
        for number in range(block.first, block.first + block.lines):
            end = data.find(b"\n", begin)
            yield number, data[begin : end if end >= 0 else len(data)]
            begin = end + 1

    def _row(self, line: int) -> int:
        return -1 if self._before is None else self._before + line

    def _line(self, line: bytes, row: int) -> None:
        if not line.strip():
            return
        try:
            record = parse_line(line)
        except ValueError as error:
            self._out.refuse(row, "bad-json", str(error)[:200])
            return
        if not isinstance(record, dict):
            self._out.refuse(row, "not-an-object", f"the line holds a JSON {type(record).__name__}")
            return
        self._record(record, row)

    def _record(self, record: dict[str, Any], row: int) -> None:
        fields = _named(record)
        told = told_by_record(
            {name: value for name, value in record.items() if name.lower() not in self._fields}
        )
        there = [(name, value) for name in self._fields for value in _each(fields.get(name)) if value]
        if not there:
            self._out.refuse(row, "null", f"no picture in {', '.join(self._fields)}")
        for name, value in there:
            picture = encoded_picture(value) if isinstance(value, str) else None
            if picture is None:
                self._out.refuse(row, "not-a-picture", f"{name}: no picture in base64")
            else:
                self._out.add(picture, name, row, told)
