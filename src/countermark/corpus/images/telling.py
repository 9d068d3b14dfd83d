"""What stands beside a picture: fields of an object, columns of a table, a text of the same name.

Names are compared without regard to case, and `metadata.url` is the field `url` of `metadata`, as among texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.corpus.columns import DATE_COLUMNS, ID_COLUMNS, URL_COLUMNS
from countermark.corpus.images.gathering import Told
from countermark.corpus.jsonl import parse_line, paths_of

if TYPE_CHECKING:
    from collections.abc import Mapping

CAPTION_COLUMNS: Final = (
    "caption", "text", "alt_text", "alt", "title", "prompt", "description", "txt", "captions", "metadata.caption",
    "meta.caption", "json.caption",
)  # fmt: skip
PICTURE_ID_COLUMNS: Final = (*ID_COLUMNS, "image_id", "sample_id", "__key__", "sha256", "md5", "json.key")
PICTURE_URL_COLUMNS: Final = ("image_url", *URL_COLUMNS, "json.url")
SIDE_SUFFIXES: Final = (".txt", ".text", ".caption", ".json")
"""Names of the members and files that speak of the picture of the same name."""
MAX_SIDE: Final = 4 << 20
"""Bytes of one of them; more is not read."""


def told_by(description: bytes | None, caption: bytes | None) -> Told:
    """What a JSON object and a text say; a text wins over a caption in the object. What cannot be read says nothing."""
    told = Told()
    if description:
        try:
            record = parse_line(description)
        except ValueError:
            record = None
        if isinstance(record, dict):
            told = told_by_record(record)
    if caption and (text := caption.decode("utf-8-sig", "replace").strip()):
        told = told._replace(caption=text)
    return told


def told_by_record(record: dict[str, Any]) -> Told:
    """What the fields of an object say."""
    fields: dict[str, Any] = {}
    for path, value in sorted(paths_of(record), key=_depth):
        fields.setdefault(".".join(path).lower(), value)
    return Told(
        _first(PICTURE_ID_COLUMNS, fields),
        _first(PICTURE_URL_COLUMNS, fields),
        _first(DATE_COLUMNS, fields),
        _first(CAPTION_COLUMNS, fields),
    )


def as_said(value: Any) -> str | None:
    """A value as a text; None for what is neither text nor number. Of a list of texts, the first."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str) and one.strip()), None)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _first(names: tuple[str, ...], fields: Mapping[str, Any]) -> str | None:
    for name in names:
        if name in fields and (said := as_said(fields[name])):
            return said
    return None


def _depth(item: tuple[tuple[str, ...], Any]) -> int:
    return len(item[0])
