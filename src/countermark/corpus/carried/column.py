"""Which column holds pictures or recordings: by its type and name, and by the first bytes of its first values."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa

from countermark.corpus.columns import DATE_COLUMNS, find, named
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.corpus.carried.sought import Sought

Path = tuple[str, ...]

_MOST_COLUMNS: Final = 16
_DEPTH: Final = 8
_UNRANKED: Final = 99
"""The rank of a column whose name says nothing."""

_BYTES = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
_STRINGS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
_LISTS = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)


class CarriedColumns(NamedTuple):
    """The columns that are read: those of what is sought, and those of what is told beside it (None: no such).

    `told` are identifier, address, date, and one for each list of captions.
    """

    held: tuple[Path, ...]
    told: tuple[Path | None, ...]

    @property
    def url(self) -> Path | None:
        """The column of addresses."""
        return self.told[1]

    @property
    def names(self) -> list[str]:
        """All of them, as Parquet names columns."""
        return list(dict.fromkeys(".".join(path) for path in (*self.held, *self.told) if path))


def candidates(schema: pa.Schema, sought: Sought[Any], column: str | None, where: str) -> list[Path]:
    """The columns that can hold what is sought, the likeliest first. Raises CorpusError where `column` cannot."""
    if column:
        there = [path for path, kind in _paths(schema) if _holds(kind, _BYTES + _STRINGS)]
        path = named(column, there)
        if path is None:
            known = ", ".join(f"{'.'.join(path)} ({kind})" for path, kind in list(_paths(schema))[:60])
            raise CorpusError(
                f"{where}: no column “{column}” that can hold {sought.many}; the columns are: {known[:2000]}"
            )
        return [path]
    able = [(_rank(sought, path), path) for path, kind in _paths(schema) if _can_hold(sought, kind, path)]
    return [path for _, path in sorted(able, key=lambda one: one[0])][:_MOST_COLUMNS]


def beside(schema: pa.Schema, sought: Sought[Any], held: Iterable[Path]) -> CarriedColumns:
    """The columns to read, where those of what is sought are known."""
    chosen = tuple(held)
    rest = [path for path, kind in _paths(schema) if path not in chosen and _can_tell(kind)]
    lists = (sought.ids, sought.urls, DATE_COLUMNS, *sought.captions)
    return CarriedColumns(chosen, tuple(find(names, rest) for names in lists))


def type_at(schema: pa.Schema, path: Path) -> pa.DataType:
    """The type of a column, or of a field within one."""
    kind: pa.DataType = schema.field(path[0]).type
    for name in path[1:]:
        assert isinstance(kind, pa.StructType)  # noqa: S101 (only these are divided)
        kind = kind.field(name).type
    return kind


def is_list(kind: pa.DataType) -> bool:
    """Whether a column holds several a row."""
    return any(test(kind) for test in _LISTS)


def looks_encoded(sought: Sought[Any], text: str) -> bool:
    """Whether a text is what is sought in base64, by its beginning."""
    body = _body(text[: 2 * sought.head])
    return body is not None and bool(sought.looks_like(_decoded(body[: len(body) // 4 * 4]) or b""))


def from_base64(text: str) -> bytes | None:
    """The bytes of a text in base64, with or without `data:…;base64,` before it; None where it is none."""
    body = _body(text)
    return None if body is None else _decoded("".join(body.split()))


def _body(text: str) -> str | None:
    if not text.startswith("data:"):
        return text
    head, comma, _ = text[:256].partition(",")
    return text[len(head) + 1 :] if comma and head.endswith(";base64") else None


def _decoded(body: str) -> bytes | None:
    try:
        return binascii.a2b_base64(body, strict_mode=True)
    except ValueError:  # binascii.Error, and letters beyond ASCII
        return None


def _paths(fields: Any, prefix: Path = ()) -> Iterator[tuple[Path, pa.DataType]]:
    """The columns and the fields of structs; a struct with a field `bytes` is one value (as of Hugging Face)."""
    for field in fields:
        path, kind = (*prefix, field.name), field.type
        if pa.types.is_struct(kind) and not _is_file(kind) and len(path) < _DEPTH:
            yield from _paths([kind.field(at) for at in range(kind.num_fields)], path)
        else:
            yield path, kind


def _is_file(kind: pa.DataType) -> bool:
    at = kind.get_field_index("bytes") if isinstance(kind, pa.StructType) else -1
    return at >= 0 and any(test(kind.field(at).type) for test in _BYTES)


def _holds(kind: pa.DataType, tests: Iterable[Any]) -> bool:
    if isinstance(kind, pa.ListType | pa.LargeListType | pa.FixedSizeListType):
        kind = kind.value_type
    if isinstance(kind, pa.DictionaryType):
        kind = kind.value_type
    return _is_file(kind) or any(test(kind) for test in tests)


def _can_hold(sought: Sought[Any], kind: pa.DataType, path: Path) -> bool:
    """Whether a column may hold some: bytes under any name, a text (base64) only under a name that says so."""
    return _holds(kind, _BYTES) or (_rank(sought, path)[0] < _UNRANKED and _holds(kind, _STRINGS))


def _can_tell(kind: pa.DataType) -> bool:
    if is_list(kind):
        kind = kind.value_type  # type: ignore[attr-defined]
        return any(test(kind) for test in _STRINGS)
    return not pa.types.is_nested(kind)


def _rank(sought: Sought[Any], path: Path) -> tuple[int, int]:
    names = (path[-1].lower(), ".".join(path).lower())
    ranks = (sought.columns.index(name) for name in names if name in sought.columns)
    return min(ranks, default=_UNRANKED), len(path)
