"""Which column holds pictures: by its type and name, and by the first bytes of its first values."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa

from countermark.corpus.columns import DATE_COLUMNS, find, named
from countermark.corpus.detection import PICTURE_HEAD
from countermark.corpus.images.telling import CAPTION_COLUMNS, PICTURE_ID_COLUMNS, PICTURE_URL_COLUMNS
from countermark.errors import CorpusError
from countermark.images.sniffing import looks_like_picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Path = tuple[str, ...]

IMAGE_COLUMNS: Final = (
    "image", "images", "img", "imgs", "picture", "pictures", "photo", "photos", "jpg", "jpeg", "png", "webp",
    "image_bytes", "img_bytes", "image_data", "image_base64", "base64", "bytes", "content", "data", "binary", "raw",
)  # fmt: skip
"""Names under which pictures are looked for first. Any other column of bytes is looked at too."""
_MOST_COLUMNS: Final = 16
_DEPTH: Final = 8

_BYTES = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
_STRINGS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
_LISTS = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)


class PictureColumns(NamedTuple):
    """The columns that are read: those of pictures, and of identifier, address, date and caption (None: no such)."""

    pictures: tuple[Path, ...]
    record_id: Path | None
    url: Path | None
    date: Path | None
    caption: Path | None

    @property
    def told(self) -> tuple[Path | None, ...]:
        """The columns of what is told beside a picture, in the order of Told."""
        return self[1:]

    @property
    def names(self) -> list[str]:
        """All of them, as Parquet names columns."""
        return list(dict.fromkeys(".".join(path) for path in (*self.pictures, *self.told) if path))


def candidates(schema: pa.Schema, image_column: str | None, where: str) -> list[Path]:
    """The columns that can hold pictures, the likeliest first. Raises CorpusError where the one named cannot."""
    able = [(path, kind) for path, kind in _paths(schema) if _can_hold(kind, path)]
    if image_column:
        there = [path for path, kind in _paths(schema) if _holds(kind, _BYTES + _STRINGS)]
        path = named(image_column, there)
        if path is None:
            known = ", ".join(f"{'.'.join(path)} ({kind})" for path, kind in list(_paths(schema))[:60])
            raise CorpusError(
                f"{where}: no column “{image_column}” that can hold pictures; the columns are: {known[:2000]}"
            )
        return [path]
    return sorted((path for path, _ in able), key=_rank)[:_MOST_COLUMNS]


def beside(schema: pa.Schema, pictures: Iterable[Path]) -> PictureColumns:
    """The columns to read, where those of the pictures are known."""
    chosen = tuple(pictures)
    rest = [path for path, kind in _paths(schema) if path not in chosen and _can_tell(kind)]
    lists = (PICTURE_ID_COLUMNS, PICTURE_URL_COLUMNS, DATE_COLUMNS, CAPTION_COLUMNS)
    return PictureColumns(chosen, *(find(names, rest) for names in lists))


def type_at(schema: pa.Schema, path: Path) -> pa.DataType:
    """The type of a column, or of a field within one."""
    kind: pa.DataType = schema.field(path[0]).type
    for name in path[1:]:
        assert isinstance(kind, pa.StructType)  # noqa: S101 (only these are divided)
        kind = kind.field(name).type
    return kind


def is_list(kind: pa.DataType) -> bool:
    """Whether a column holds several pictures a row."""
    return any(test(kind) for test in _LISTS)


def looks_encoded(text: str) -> bool:
    """Whether a text is a picture in base64, by its beginning."""
    body = _body(text[: 2 * PICTURE_HEAD])
    return body is not None and bool(looks_like_picture(_decoded(body[: len(body) // 4 * 4]) or b""))


def encoded_picture(text: str) -> bytes | None:
    """The bytes of a picture in base64, with or without `data:…;base64,` before it; None where it is none."""
    body = _body(text)
    return None if body is None else _decoded("".join(body.split()))


def _body(text: str) -> str | None:
    if not text.startswith("data:"):
        return text
    head, comma, body = text[:256].partition(",")
    return text[len(head) + 1 :] if comma and head.endswith(";base64") and body is not None else None


def _decoded(body: str) -> bytes | None:
    try:
        return binascii.a2b_base64(body, strict_mode=True)
    except ValueError:  # binascii.Error, and letters beyond ASCII
        return None


def _paths(fields: Any, prefix: Path = ()) -> Iterator[tuple[Path, pa.DataType]]:
    """The columns and the fields of structs; a struct with a field `bytes` is one picture (Hugging Face's Image)."""
    for field in fields:
        path, kind = (*prefix, field.name), field.type
        if pa.types.is_struct(kind) and not _is_image(kind) and len(path) < _DEPTH:
            yield from _paths([kind.field(at) for at in range(kind.num_fields)], path)
        else:
            yield path, kind


def _is_image(kind: pa.DataType) -> bool:
    at = kind.get_field_index("bytes") if isinstance(kind, pa.StructType) else -1
    return at >= 0 and any(test(kind.field(at).type) for test in _BYTES)


def _holds(kind: pa.DataType, tests: Iterable[Any]) -> bool:
    if isinstance(kind, pa.ListType | pa.LargeListType | pa.FixedSizeListType):
        kind = kind.value_type
    if isinstance(kind, pa.DictionaryType):
        kind = kind.value_type
    return _is_image(kind) or any(test(kind) for test in tests)


def _can_hold(kind: pa.DataType, path: Path) -> bool:
    """Whether a column may hold pictures: bytes under any name, a text (base64) only under a name that says so."""
    return _holds(kind, _BYTES) or (_rank(path)[0] < len(IMAGE_COLUMNS) and _holds(kind, _STRINGS))


def _can_tell(kind: pa.DataType) -> bool:
    if is_list(kind):
        kind = kind.value_type  # type: ignore[attr-defined]
        return any(test(kind) for test in _STRINGS)
    return not pa.types.is_nested(kind)


def _rank(path: Path) -> tuple[int, int]:
    names = (path[-1].lower(), ".".join(path).lower())
    return min((IMAGE_COLUMNS.index(name) for name in names if name in IMAGE_COLUMNS), default=99), len(path)
