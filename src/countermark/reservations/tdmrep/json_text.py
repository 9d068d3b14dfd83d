"""JSON from a stranger, parsed strictly: RFC 8259 with every departure refused, and names that stand twice told."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SIZE: Final = 4 << 20
"""Bytes of a document that are parsed, where its reader does not set less."""
MAX_DEPTH: Final = 64
"""Arrays and objects within one another; what is deeper has nothing to do with rules and policies."""

_BETWEEN: Final = re.compile(r"[ \t\n\r,]*")
_PAGE: Final = re.compile(rb"\s*<(?:!doctype|html|head|body|!--|\?xml)", re.IGNORECASE)


class JsonError(Exception):
    """The text is no JSON that is accepted; `code` says why, `line` where (0: as a whole)."""

    def __init__(self, code: str, line: int = 0, **facts: object) -> None:
        super().__init__(code)
        self.code, self.line = code, line
        self.facts = tuple((name, str(value)[:200]) for name, value in facts.items())


class Object(dict[str, object]):
    """An object. Of a name that stands twice the last value counts, as most parsers have it; `repeated` names it."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the array that a document is."""

    value: object
    raw: bytes
    line: int


def parse_json(data: bytes, limit: int = MAX_SIZE) -> object:
    """The value of a document; raises JsonError `too-large`, `too-deep`, `empty`, `a-page`, `not-json`."""
    text = _checked(data, limit)
    try:
        return _DECODER.decode(text)
    except ValueError:
        raise JsonError("not-json", message="a number beyond all bounds") from None


def parse_items(data: bytes) -> Iterator[Item]:
    """The items of a document that is an array; raises JsonError as above, or `not-an-array`."""
    text = _checked(data, MAX_SIZE)
    at, line, counted = len(text) - len(text.lstrip(" \t\n\r")), 1, 0
    if not text.startswith("[", at):
        raise JsonError("not-an-array")
    at += 1
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        if text.startswith("]", at):
            return
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, end = _DECODER.raw_decode(text, at)
        except ValueError:
            raise JsonError("not-json", line, message="a number beyond all bounds") from None
        yield Item(value, text[at:end].encode(), line)
        at = end


def _checked(data: bytes, limit: int) -> str:
    if len(data) > limit:
        raise JsonError("too-large", size=len(data), limit=limit)
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        raise JsonError("empty")
    try:
        deep = _is_deep(orjson.loads(data))
    except orjson.JSONDecodeError as error:
        if _PAGE.match(data) and b"tdm-reservation" not in data:
            raise JsonError("a-page") from None
        raise JsonError("not-json", error.lineno, message=error.msg) from None
    if deep:
        raise JsonError("too-deep", limit=MAX_DEPTH)
    return data.decode("utf-8")


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        within = [
            item.values() if isinstance(item, dict) else item
            for item in level
            if isinstance(item, dict | list)
        ]
        level = [item for items in within for item in items if isinstance(item, dict | list)]
    return bool(level)


def _object(pairs: list[tuple[str, object]]) -> Object:
    made = Object(pairs)
    if len(made) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        made.repeated = tuple(sorted(name for name, count in counts.items() if count > 1)[:10])
    return made


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object)
