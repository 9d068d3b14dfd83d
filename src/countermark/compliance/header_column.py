"""Header fields that a column of a table carries: a map, an object, pairs, or the lines as they were served."""

from __future__ import annotations

from typing import Any, Final

from countermark.captures.records import headers_of
from countermark.corpus.jsonl import parse_line
from countermark.reservations.response import Headers

MAX_FIELDS: Final = 1000


class UnreadableHeadersError(ValueError):
    """A value that should hold header fields does not."""


def read_headers(value: Any) -> Headers | None:
    """The header fields of a cell; None for an empty one. Raises UnreadableHeadersError.

    Read are `{"name": "value"}` and `{"name": ["value", …]}` (also as JSON text), lists of pairs, and header lines.
    """
    if value is None or value in ("", b"", {}, []):
        return None
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, str):
        value = _of_text(value)
    pairs = list(value.items()) if isinstance(value, dict) else value
    if not isinstance(pairs, list) or len(pairs) > MAX_FIELDS:
        raise UnreadableHeadersError(f"a {type(value).__name__} holds no header fields")
    fields: list[tuple[str, str]] = []
    for pair in pairs:
        fields += _fields(pair)
    return Headers(fields)


def _of_text(text: str) -> Any:
    if text.lstrip()[:1] in ("{", "["):
        try:
            return parse_line(text.encode("utf-8", "surrogatepass"))
        except ValueError as error:
            raise UnreadableHeadersError(f"no JSON: {error}") from error
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if lines and lines[0].startswith("HTTP/"):
        del lines[0]
    if not all(":" in line for line in lines if line[:1] not in (" ", "\t")):
        raise UnreadableHeadersError("a line has no colon")
    return [list(pair) for pair in headers_of(_latin(text).encode("latin-1"))]


def _fields(pair: Any) -> list[tuple[str, str]]:
    if isinstance(pair, dict) and set(pair) in ({"name", "value"}, {"key", "value"}):
        pair = (pair.get("name", pair.get("key")), pair["value"])
    if not isinstance(pair, list | tuple) or len(pair) != 2 or not isinstance(pair[0], str):
        raise UnreadableHeadersError("a field is a name and a value")
    values = pair[1] if isinstance(pair[1], list | tuple) else [pair[1]]
    if not all(isinstance(value, str | int | bytes) or value is None for value in values):
        raise UnreadableHeadersError(f"the value of {pair[0][:60]} is no text")
    return [(pair[0], _latin(value)) for value in values if value is not None]


def _latin(value: str | int | bytes) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    # Headers promises Latin-1 decoded bytes: other letters come in as their UTF-8 bytes, as they were served.
    text = str(value)
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("latin-1")
    return text
