"""Where the parts of a large file begin: the places are found by content, and depend on nothing but the file.

Each function yields `(begin, end, before)`: the half-open range of bytes, and the number of rows (for plain text: of
code points) that stand before it. A part is `part_bytes` long, and runs on to the next place at which one can cut.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING, BinaryIO

from countermark.corpus.lines import MAX_LINE, line_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    Part = tuple[int, int, int]

_SCAN = 4 << 20
_MEMBER = b"\x1f\x8b\x08"
_RECORD = re.compile(rb"(?:^|\n)(WARC/1\.[01]\r?\n)")


def jsonl_parts(file: BinaryIO, size: int, part_bytes: int) -> Iterator[Part]:
    """Cut at line starts; rows are lines."""
    begin = before = 0
    while begin < size:
        end = line_start(file, begin + part_bytes) if begin + part_bytes < size else size
        yield begin, end, before
        if end < size:
            before += count_newlines(file, begin, end)
        begin = end


def count_newlines(file: BinaryIO, begin: int, end: int) -> int:
    """Count the newlines in a range of bytes."""
    file.seek(begin)
    found = 0
    while begin < end and (data := file.read(min(_SCAN, end - begin))):
        found += data.count(b"\n")
        begin += len(data)
    return found


def text_cut(file: BinaryIO, position: int, size: int) -> int:
    """Return where UTF-8 text can be cut at or after `position`: after a newline close by, else between code points.

    A byte that is no continuation byte always begins something new, and so does any after four continuation bytes.
    """
    if position >= size:
        return size
    file.seek(position - 1)
    near = file.read(1 << 16)
    found = near.find(b"\n")
    if found >= 0:
        return position + found
    skip = 0
    while skip < 4 and skip + 1 < len(near) and 0x80 <= near[skip + 1] < 0xC0:
        skip += 1
    return position + skip


def next_gzip_member(file: BinaryIO, position: int) -> int | None:
    """Return where the next gzip member that begins with a WARC record stands, at or after `position`."""
    tail = b""
    base = position
    file.seek(position)
    while data := file.read(_SCAN):
        window = tail + data
        found = window.find(_MEMBER)
        while found >= 0:
            if _begins_record(file, base + found):
                return base + found
            found = window.find(_MEMBER, found + 1)
        keep = len(_MEMBER) - 1
        base += len(window) - min(keep, len(window))
        tail = window[-keep:]
        file.seek(base + len(tail))
    return None


def _begins_record(file: BinaryIO, position: int) -> bool:
    file.seek(position)
    try:
        head = zlib.decompressobj(wbits=31).decompress(file.read(4096), 64)
    except zlib.error:
        return False
    return _RECORD.match(head) is not None


def next_warc_record(file: BinaryIO, position: int) -> int | None:
    """Return where the next line that reads WARC/1.x stands, at or after `position`."""
    base = max(0, position - 1)
    file.seek(base)
    tail = b""
    while data := file.read(_SCAN):
        window = tail + data
        for match in _RECORD.finditer(window):
            if base + match.start(1) >= position:
                return base + match.start(1)
        tail = window[-16:]
        base += len(window) - len(tail)
    return None


def gzip_warc_parts(file: BinaryIO, size: int, part_bytes: int) -> Iterator[Part]:
    """Cut at gzip members that begin with a WARC record, if each record has a member of its own."""
    begin = 0
    if _shares_member(file):
        yield 0, size, 0
        return
    while begin < size:
        found = next_gzip_member(file, begin + part_bytes) if begin + part_bytes < size else None
        end = size if found is None else found
        yield begin, end, 0
        begin = end


def _shares_member(file: BinaryIO) -> bool:
    """Whether the first gzip member holds more than one record, as far as its first MiB shows."""
    file.seek(0)
    try:
        head = zlib.decompressobj(wbits=31).decompress(file.read(1 << 20), 1 << 20)
    except zlib.error:
        return False
    end = _record_end(io.BytesIO(head), 0)
    return end is not None and end < len(head)


def warc_parts(file: BinaryIO, size: int, part_bytes: int) -> Iterator[Part]:
    """Cut at the records, walked from header to header; from a damaged place on the file is not cut."""
    begin = position = 0
    while position < size:
        following = _record_end(file, position)
        if following is None or following >= size:
            break
        position = following
        if position - begin >= part_bytes:
            yield begin, position, 0
            begin = position
    yield begin, size, 0


def _record_end(file: BinaryIO, position: int) -> int | None:
    file.seek(position)
    head = file.read(1 << 15)
    if not head.startswith(b"WARC/"):
        return None
    end = head.find(b"\r\n\r\n")
    length = (
        re.search(rb"\ncontent-length:\s*(\d{1,15})\s*\r", head[: end + 2], re.IGNORECASE)
        if end >= 0
        else None
    )
    return position + end + 8 + int(length.group(1)) if length else None


def delimited_parts(file: BinaryIO, size: int, part_bytes: int, delimiter: bytes) -> Iterator[Part]:
    """Cut between records; a newline within quotes is none. Rows are records, the header being the first."""
    begin = position = before = rows = 0
    file.seek(0)
    held = b""
    while data := file.read(min(_SCAN, part_bytes)):
        held += data
        cut, count = record_cut(held, delimiter)
        if cut == 0 and len(held) > MAX_LINE:
            break
        held = held[cut:]
        position += cut
        rows += count
        if position - begin >= part_bytes and position < size:
            yield begin, position, before
            begin, before = position, rows
    yield begin, size, before


def record_cut(data: bytes, delimiter: bytes) -> tuple[int, int]:
    """Return where the last whole record of some bytes ends, and how many records end before.

    The bytes begin at the start of a record. A quote opens a quoted field only at the start of a field; within one,
    two quotes are one quote.
    """
    cut = count = position = 0
    while True:
        quote = data.find(b'"', position)
        while quote > 0 and data[quote - 1 : quote] not in (delimiter, b"\n"):
            quote = data.find(b'"', quote + 1)
        outside = data.rfind(b"\n", position, quote if quote >= 0 else len(data)) + 1
        if outside:
            count += data.count(b"\n", position, outside)
            cut = outside
        if quote < 0:
            return cut, count
        close = data.find(b'"', quote + 1)
        while close >= 0 and data[close + 1 : close + 2] == b'"':
            close = data.find(b'"', close + 2)
        if close < 0:
            return cut, count
        position = close + 1
