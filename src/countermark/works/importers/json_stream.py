"""The objects of a JSON file, one at a time: of an array, of the `@graph` of a document, of lines, or one alone."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK: Final = 1 << 16
MAX_ITEM: Final = 16 << 20
"""Characters that one object may have."""
_LONE: Final = re.compile(r"\\u[dD][89a-fA-F]")  # half a pair of surrogates, or a whole one


class JsonDamagedError(ValueError):
    """The file is no JSON from here on; `line` is where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def objects(stream: BinaryIO) -> Iterator[tuple[int, Any]]:
    """Each object with the line that it begins on. Raises JsonDamagedError where the file is damaged or cut off.

    Members of the document besides `@graph` come last, as an object of their own, where they are more than `@context`.
    """
    text = _Text(stream)
    while sign := text.sign():
        if sign == "[":
            yield from text.items()
        elif sign == "{":
            yield from _document(text)
        else:
            raise text.damaged("an object or a list of objects is expected")


def _whole_number(digits: str) -> int | str:
    """A number; digits that no field can mean stay text, for Python refuses to reckon with thousands of them."""
    return int(digits) if len(digits) <= 100 else digits


def _encodable(value: Any) -> Any:
    """The value with U+FFFD for each half of a pair of surrogates: JSON can write one, and UTF-8 cannot."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return json.loads(text.decode("utf-8", "replace"), parse_int=_whole_number)


def _document(text: _Text) -> Iterator[tuple[int, Any]]:
    rest: dict[str, Any] = {}
    line = text.line
    text.take("{")
    while text.sign() != "}":
        key = text.value()
        text.take(":")
        if key == "@graph" and text.sign() == "[":
            yield from text.items()
        elif isinstance(key, str):
            rest[key] = text.value()
        if text.sign() == ",":
            text.take(",")
        elif text.sign() != "}":
            raise text.damaged("a comma or } is expected")
    text.take("}")
    if set(rest) - {"@context", "@id"}:
        yield line, rest


class _Text:
    """The text of the file from where it is read, never more than one object and a piece."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(parse_int=_whole_number)
        self._text = ""
        self._at = 0
        self._ended = False
        self.line = 1

    def sign(self) -> str:
        """The next sign that is no space; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self.line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, sign: str) -> None:
        """Go behind `sign`, which must stand next."""
        if self.sign() != sign:
            raise self.damaged(f"{sign} is expected")
        self._at += 1

    def items(self) -> Iterator[tuple[int, Any]]:
        """The items of the array that stands next."""
        self.take("[")
        while self.sign() != "]":
            line = self.line
            yield line, self.value()
            if self.sign() == ",":
                self.take(",")
            elif self.sign() != "]":
                raise self.damaged("a comma or ] is expected")
        self.take("]")

    def value(self) -> Any:
        """The value that stands next."""
        self.sign()
        wanted = _CHUNK
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
                if _LONE.search(self._text, self._at, end):
                    value = _encodable(value)
            except RecursionError:
                raise self.damaged("it is nested too deeply") from None
            except ValueError as error:
                if self._ended:
                    raise self.damaged(f"{getattr(error, 'msg', error)}") from None
            else:
                if end < len(self._text) or self._ended:  # a number may go on in the next piece
                    self.line += self._text.count("\n", self._at, end)
                    self._at = end
                    return value
            if len(self._text) - self._at > MAX_ITEM:
                raise self.damaged(f"one object has more than {MAX_ITEM:,} characters, or is damaged")
            target = len(self._text) - self._at + wanted
            wanted *= 2  # each try reads the object anew: few tries for a large one
            while len(self._text) - self._at < target and self._more():
                pass

    def damaged(self, message: str) -> JsonDamagedError:
        """An error at this place."""
        return JsonDamagedError(
            self.line, f"no JSON from here on: {message}" + (", the file ends" * self._ended)
        )

    def _more(self) -> bool:
        if self._ended:
            return False
        data = self._stream.read(_CHUNK)
        self._ended = not data
        try:
            fresh = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise self.damaged(f"it is not UTF-8 ({error.reason})") from None
        self._text = self._text[self._at :] + fresh
        self._at = 0
        return not self._ended
