"""Whole JSON objects cut out of a stream: one, those of an array, or one on each line, in bounded memory.

Only braces and strings are followed here; what stands between an object's braces is read by orjson. So an object that
is damaged within whole braces loses itself and not those after it, as `json_stream`, which reads strictly, would.
"""

from __future__ import annotations

import codecs
import re
import zlib
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.works.importers.base import CatalogFile

MAX_OBJECT: Final = 16 << 20  # bytes of one object
_CHUNK: Final = 1 << 18
_TOKEN: Final = re.compile(rb'[{}"]')
_STRING_END: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+(")?', re.DOTALL)
_GAP: Final = re.compile(rb"[\s,\[\]\xef\xbb\xbf]*")

Found = tuple[int, "dict[str, Any] | str"]
"""The line on which an object begins, and the object or what is wrong with it."""


def whole_objects(file: CatalogFile) -> Iterator[Found]:
    """The outermost objects of the file or of its arrays. After damage to the frame comes one message, and the end."""
    cutter = _Cutter()
    try:
        with file.open() as stream:
            piece = stream.read(_CHUNK)
            wide = piece[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
            decoder = codecs.getincrementaldecoder("utf-16")() if wide else None
            while piece and not cutter.ended:
                yield from cutter.feed(decoder.decode(piece).encode() if decoder else piece)
                piece = stream.read(_CHUNK)
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        yield cutter.line, f"the file cannot be read further ({error})"
        return
    yield from cutter.rest()


class _Cutter:
    """Cuts a stream of bytes into objects."""

    def __init__(self) -> None:
        self.line = 1
        self.ended = False
        self._kept = b""
        self._start = 0  # where what is still to be given out begins in _kept
        self._at = 0  # how far _kept was looked at
        self._depth = 0

    def feed(self, piece: bytes) -> Iterator[Found]:
        """The objects that end within `piece`."""
        self._kept = self._kept[self._start :] + piece
        self._at -= self._start
        self._start = 0
        while self._depth or self._begins():
            end = self._end()
            if end < 0:
                if len(self._kept) - self._start > MAX_OBJECT:
                    self.ended = True
                    yield (
                        self.line,
                        f"the object is larger than {MAX_OBJECT:,} bytes, which is all that is read of one",
                    )
                return
            yield self.line, _parsed(self._kept[self._start : end])
            self._pass(end)
        if self.ended:
            yield (
                self.line,
                "no JSON object begins here; accepted are objects, an array of objects, and JSON Lines",
            )

    def rest(self) -> Iterator[Found]:
        """What is wrong at the end of the file, if anything."""
        if self._depth and not self.ended:
            yield self.line, "the file ends within this object: it is cut off"

    def _begins(self) -> bool:
        """Go to the next object; whether there is one."""
        self._pass(cast("re.Match[bytes]", _GAP.match(self._kept, self._start)).end())
        if self._start == len(self._kept):
            return False
        self.ended = self._kept[self._start] != ord("{")
        return not self.ended

    def _end(self) -> int:
        """Where the object at `_start` ends, or -1 where more is needed."""
        while found := _TOKEN.search(self._kept, self._at):
            if found[0] == b'"':
                string = cast("re.Match[bytes]", _STRING_END.match(self._kept, found.end()))
                if not string[1]:
                    self._at = found.start()  # looked at again with the next piece
                    return -1
                self._at = string.end()
                continue
            self._at = found.end()
            self._depth += 1 if found[0] == b"{" else -1
            if not self._depth:
                return self._at
        self._at = len(self._kept)
        return -1

    def _pass(self, place: int) -> None:
        self.line += self._kept.count(b"\n", self._start, place)
        self._start = self._at = place


def _parsed(data: bytes) -> dict[str, Any] | str:
    try:
        return cast("dict[str, Any]", orjson.loads(data))
    except orjson.JSONDecodeError as error:
        try:
            return cast("dict[str, Any]", orjson.loads(data.decode("cp1252", "replace").encode()))
        except orjson.JSONDecodeError:
            return f"is not well-formed JSON ({error.msg})"
