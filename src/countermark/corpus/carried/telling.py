"""What stands beside a picture or a recording: fields of an object, columns of a table, a text of the same name.

Names are compared without regard to case, and `metadata.url` is the field `url` of `metadata`, as among texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.corpus.carried.gathering import Told
from countermark.corpus.columns import DATE_COLUMNS
from countermark.corpus.jsonl import parse_line, paths_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from countermark.corpus.carried.sought import Sought

MAX_SIDE: Final = 4 << 20
"""Bytes of a file that speaks of another; more is not read."""


def told_by(sought: Sought[Any], sides: Iterable[tuple[str, bytes]]) -> Told:
    """What side files say, by name and bytes: the first JSON object, and the first text, which wins over a caption.

    What cannot be read says nothing.
    """
    description: bytes | None = None
    text = ""
    spoken = False
    for name, content in sides:
        if name.lower().endswith(".json"):
            description = description or content
        elif content and not spoken:
            text, spoken = sought.side_text(name, content), True
    return told_by_record(sought, _object(description), text)


def _object(description: bytes | None) -> dict[str, Any]:
    try:
        record = parse_line(description) if description else None
    except ValueError:
        record = None
    return record if isinstance(record, dict) else {}


def told_by_record(sought: Sought[Any], record: dict[str, Any], text: str = "") -> Told:
    """What the fields of an object say; `text` stands for the last of the captions."""
    fields: dict[str, Any] = {}
    for path, value in sorted(paths_of(record), key=_depth):
        fields.setdefault(".".join(path).lower(), value)
    return told_in_order(
        _first(sought.ids, fields),
        _first(sought.urls, fields),
        _first(DATE_COLUMNS, fields),
        *(_first(names, fields) for names in sought.captions[:-1]),
        text or _first(sought.captions[-1], fields),
    )


def told_in_order(record_id: str | None, url: str | None, date: str | None, *captions: str | None) -> Told:
    """What was found, the captions one under the other."""
    return Told(record_id, url, date, "\n".join(dict.fromkeys(filter(None, captions))) or None)


def as_said(value: Any) -> str | None:
    """A value as a text; None for what is neither text nor number. Of a list of texts, the first."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str) and one.strip()), None)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def plain_text(_: str, content: bytes) -> str:
    """The text of a side file."""
    return content.decode("utf-8-sig", "replace").strip()


def _first(names: tuple[str, ...], fields: Mapping[str, Any]) -> str | None:
    for name in names:
        if name in fields and (said := as_said(fields[name])):
            return said
    return None


def _depth(item: tuple[tuple[str, ...], Any]) -> int:
    return len(item[0])
