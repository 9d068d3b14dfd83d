"""JSON Lines: every line that is kept is written as it stands, byte for byte.

A line that is no JSON object cannot be judged, and nobody knows what a later reader makes of it: it is removed with
its reason, never kept unseen. Blank lines are no records; they are kept where they are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from countermark.compliance.header_column import UnreadableHeadersError, read_headers
from countermark.compliance.moments import CRAWL_COLUMNS, moment
from countermark.compliance.record import Seen, Unread
from countermark.compliance.removed import digest_of
from countermark.corpus.columns import ID_COLUMNS, TEXT_COLUMNS, URL_COLUMNS, field, find
from countermark.corpus.compression import StreamError, open_stream
from countermark.corpus.jsonl import parse_line, paths_of
from countermark.corpus.lines import MAX_LINE, blocks
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from countermark.compliance.record import Visitor
    from countermark.compliance.settings import Naming

MARK: Final = "reservation"
_BOM = b"\xef\xbb\xbf"

Path_ = tuple[str, ...]


def walk_jsonl(path: Path, naming: Naming, visitor: Visitor, write: Callable[[bytes], object] | None) -> None:
    """Show every line to the visitor, and hand over what is kept. Raises InputError, OSError."""
    finder = _Finder(naming)
    offset = 0
    with open_stream(path) as stream:
        last = -1
        try:
            for block in blocks(stream):
                last = block.first + block.lines - 1
                if block.data is None:
                    visitor.unread(Unread(block.first, offset, "line-too-long", _too_long()))
                    offset = -1  # how long that line was is not known
                    continue
                for number, line in enumerate(_lines(block.data), block.first):
                    kept = _line(line, (number, offset), finder, visitor)
                    if kept is not None and write is not None:
                        write(kept)
                    offset += len(line) if offset >= 0 else 0
                visitor.progress(stream.consumed)
        except StreamError as error:
            visitor.unread(Unread(last + 1, offset, error.reason, str(error), records=0))
    finder.require_named()


def _too_long() -> str:
    return f"a line of more than {MAX_LINE >> 20} MiB"


def _lines(data: bytes) -> Iterator[bytes]:
    """Cut at newlines only, as JSON Lines does; each line keeps its own."""
    begin = 0
    while begin < len(data):
        end = data.find(b"\n", begin) + 1 or len(data)
        yield data[begin:end]
        begin = end


def _line(line: bytes, place: tuple[int, int], finder: _Finder, visitor: Visitor) -> bytes | None:
    row, offset = place
    text = line.removeprefix(_BOM) if row == 0 else line
    if not text.strip():
        return line
    text = text.rstrip(b"\r\n")
    try:
        record = _object(text)
    except (ValueError, RecursionError) as error:
        visitor.unread(Unread(row, offset, "bad-json", str(error)[:300], digest=digest_of(text)))
        return None
    fate = visitor.seen(finder.seen(record, row, offset, lambda: digest_of(text)))
    if not fate.keep:
        return None
    return line if fate.mark is None else _marked(line, record, fate.mark, row)


def _object(text: bytes) -> dict[str, Any]:
    record = parse_line(text)
    if not isinstance(record, dict):
        raise ValueError(f"the line holds a JSON {type(record).__name__}, not an object")  # noqa: TRY004
    return record


def _marked(line: bytes, record: dict[str, Any], mark: str, row: int) -> bytes:
    """Add the field before the closing brace; nothing else of the line changes."""
    if MARK in record:
        raise InputError(f"line {row + 1}: has a field “{MARK}” already, so --mark cannot add it")
    end = line.rindex(b"}")
    comma = b"," if record else b""
    return b'%s%s"%s":"%s"%s' % (line[:end], comma, MARK.encode(), mark.encode("ascii"), line[end:])


class _Finder:
    """Finds address, date, id, headers and text of objects; the first name of each list that an object has wins."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming
        self._headers = tuple(naming.headers.split(".")) if naming.headers else ()
        self._absent = {
            option: tuple(name.split("."))
            for option, name in (
                ("--url-column", naming.url),
                ("--date-column", naming.date),
                ("--text-column", naming.text),
                ("--headers-column", naming.headers),
            )
            if name
        }
        self._asked = 0

    def require_named(self) -> None:
        """Raise InputError where a field that the user named is in no record: a slip would keep what is reserved."""
        for option, path in self._absent.items():
            if self._asked:
                raise InputError(f"{option} {'.'.join(path)}: no record has such a field")

    def seen(self, record: dict[str, Any], row: int, offset: int, digest: Callable[[], str]) -> Seen:
        values = {path: value for path, value in paths_of(record) if not isinstance(value, list)}
        naming = self._naming
        self._asked += 1
        if self._absent:
            held = {option for option, path in self._absent.items() if self._value(record, path) is not None}
            self._absent = {option: path for option, path in self._absent.items() if option not in held}
        by_name = _by_name(tuple(values))
        url, text, record_id, date = (
            self._value(record, tuple(name.split("."))) if name else values.get(path)
            for name, path in zip((naming.url, naming.text, "", naming.date), by_name, strict=True)
        )
        headers, doubt = _headers_of(self._value(record, self._headers))
        return Seen(
            row,
            offset,
            str(record_id) if isinstance(record_id, str | int) else "",
            url.strip() if isinstance(url, str) else "",
            moment(date),
            digest,
            len(text.encode("utf-8", "surrogatepass")) if isinstance(text, str) else 0,
            headers=headers,
            doubt=doubt,
        )

    def _value(self, record: dict[str, Any], path: Path_) -> Any:
        if not path:
            return None
        whole = ".".join(path)
        return record[whole] if whole in record else field(record, path)


def _headers_of(value: Any) -> tuple[Any, bool]:
    try:
        return read_headers(value), False
    except UnreadableHeadersError:
        return None, True


@lru_cache(maxsize=1024)
def _by_name(paths: tuple[Path_, ...]) -> tuple[Path_, ...]:
    """The paths of address, text, id and date among those of an object; () for none. Objects of a file look alike."""
    return tuple(find(names, paths) or () for names in (URL_COLUMNS, TEXT_COLUMNS, ID_COLUMNS, CRAWL_COLUMNS))
