"""How many values each column of a Parquet file claims, read from its footer without Arrow.

A run of one number takes a few bytes in a file, and as much memory as there are numbers once it is read. Arrow would
say how many there are, but on some damaged footers asking it for a column ends the process; this reader cannot. The
footer is a struct of Thrift's compact protocol (apache/thrift, doc/specs/thrift-compact-protocol.md; the fields are
those of apache/parquet-format, src/main/thrift/parquet.thrift).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.errors import CorpusError
from countermark.storage.reading import open_binary, size_of

if TYPE_CHECKING:
    from countermark.storage.place import Place

MOST_BYTES: Final = 64 << 20
"""A longer footer is refused."""
_MOST_DEPTH: Final = 32
_TAIL: Final = 8
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_INTEGERS: Final = (4, 5, 6)
_ROW_GROUPS, _COLUMNS, _ROWS, _COLUMN, _PATH, _VALUES, _STORED = 4, 1, 3, 3, 3, 5, 7


class ColumnClaim(NamedTuple):
    """What a row group says of a column: its path in the schema, its values, and its bytes in the file."""

    path: tuple[str, ...]
    values: int
    stored: int


class GroupClaim(NamedTuple):
    """What a footer says of a row group."""

    rows: int
    columns: tuple[ColumnClaim, ...]

    def of(self, path: tuple[str, ...]) -> ColumnClaim:
        """What is said of a column of numbers, or of a column of lists of them, by its path."""
        own = [one for one in self.columns if one.path[: len(path)] == path]
        return ColumnClaim(path, max((one.values for one in own), default=0), sum(one.stored for one in own))


def claims_of(place: Place, name: str) -> list[GroupClaim]:
    """What the footer of a file says of each row group. Raises CorpusError where it is damaged, and OSError."""
    size = size_of(place)
    with open_binary(place) as file:
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != b"PAR1" or length > size - _TAIL:
            raise CorpusError(
                f"{name}: no readable Parquet file: it does not end in a footer; is it cut short?"
            )
        if length > MOST_BYTES:
            raise CorpusError(f"{name}: a footer of {length:,} bytes; {MOST_BYTES:,} at most are read")
        file.seek(size - _TAIL - length)
        data = file.read(length)
    try:
        whole = _Compact(data).struct(0)
        return [_group(one) for one in whole.get(_ROW_GROUPS, [])]
    except (IndexError, ValueError, TypeError, AttributeError) as error:
        raise CorpusError(f"{name}: no readable Parquet file: its footer is damaged ({error})") from error


def _group(said: dict[int, Any]) -> GroupClaim:
    columns = []
    for one in said.get(_COLUMNS, []):
        about = one.get(_COLUMN, {})
        path = tuple(part.decode("utf-8", "replace") for part in about.get(_PATH, []))
        columns.append(ColumnClaim(path, int(about.get(_VALUES, 0)), int(about.get(_STORED, 0))))
    return GroupClaim(int(said.get(_ROWS, 0)), tuple(columns))


class _Compact:
    """Reads Thrift's compact protocol into dicts by field number, lists, integers and bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def struct(self, depth: int) -> dict[int, Any]:
        """The fields of a struct."""
        if depth > _MOST_DEPTH:
            raise ValueError("structs within structs")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer()
            kind = head & 15
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in _INTEGERS:
            return self._integer()
        if kind == _BINARY:
            return self._take(self._varint())
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in (_LIST, _SET):
            return self._list(depth + 1)
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._byte()
        if kind == _DOUBLE:
            return self._take(8)
        raise ValueError(f"a value of kind {kind}")  # the footer has no maps

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count = self._varint() if head >> 4 == 15 else head >> 4
        if count > len(self._data) - self._at or depth > _MOST_DEPTH:  # each takes a byte at least
            raise ValueError(f"a list of {count:,}")
        return [self._value(head & 15, depth) for _ in range(count)]

    def _integer(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)

    def _varint(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number
            if shift > 63:
                raise ValueError("a number of more than 64 bits")

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _take(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise ValueError(f"{count:,} bytes beyond its end")
        self._at += count
        return self._data[self._at - count : self._at]
