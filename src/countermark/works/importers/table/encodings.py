"""The encoding of a text file of any size, from a sample of it, and its lines one after another.

Tables hold few letters outside ASCII, and often the first one late: the sample is the head and, where that is plain
ASCII, the first piece that is not. A byte that does not fit later becomes U+FFFD, and its line is told.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from countermark.documents.charset import decode_text
from countermark.errors import CatalogError, DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

_PIECE: Final = 1 << 18
_LONGEST_LINE: Final = 4 << 20  # characters
_WESTERN: Final = ("cp1252", "iso8859-15", "mac-roman", "cp850")
_FREQUENT: Final = frozenset("éèàùâêîôûçœëïüÿäößñáíóúãõøåæÉÈÀÇÊÔÎŒÄÖÜÑÅØÆ«»’“”–…€°\u00a0")
_MARKED: Final = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


def find_encoding(opened: Callable[[], BinaryIO], name: str) -> str:
    """The codec that reads the file; raises CatalogError where it is not text."""
    sample = _without_stray_nuls(_sample(opened))
    try:
        found = decode_text(sample)
    except DocumentError:
        raise CatalogError(
            f"{name}: holds binary data; a table as CSV, TSV, XLSX or Parquet is accepted"
        ) from None
    told = found.encoding.replace("_", "-")
    if told in {"utf-8", *_MARKED}:
        return "utf-8-sig" if told == "utf-8" else told
    western = {"cp1252", "mac-roman", "cp850", "iso8859-2", "cp1254", "cp1250"}
    return _best_western(sample, found.encoding) if told in western else found.encoding


def _sample(opened: Callable[[], BinaryIO]) -> bytes:
    with opened() as stream:
        head = stream.read(_PIECE)
        piece = head
        while piece and piece.isascii():
            piece = stream.read(_PIECE)
        # A character cut in two at the end of the piece would look like a wrong encoding: end with a line.
        sample = head if piece is head else head[: _PIECE // 8] + b"\n" + piece
        if len(piece) < _PIECE or b"\n" not in piece or b"\0" in head[:1000]:
            return sample
        return sample[: sample.rindex(b"\n") + 1]


def _without_stray_nuls(sample: bytes) -> bytes:
    """NULs that programs left in a text make it neither binary nor UTF-16, where every second byte would be one."""
    nuls = sample.count(0)
    if not nuls or nuls * 6 > len(sample) or sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return sample
    without = sample.replace(b"\0", b"")
    try:
        without.decode("utf-8")
    except UnicodeDecodeError:
        return sample
    return without


def _best_western(sample: bytes, found: str) -> str:
    """Of the Western encodings the one that gives most letters that Western languages use; `found` on a draw."""
    outside = bytes(byte for byte in sample if byte >= 0x80)

    def fitness(encoding: str) -> tuple[int, bool]:
        text = outside.decode(encoding, "replace")
        return sum(1 if c in _FREQUENT else -1 for c in text), encoding == found

    best = max((*_WESTERN, found), key=fitness)
    return "cp1252" if fitness(best)[0] == fitness("cp1252")[0] and best != found else best


class Lines:
    """The lines of a text file, their ends kept. `number` is that of the last one given, from 1.

    Lines that were given since `mark` can be given anew with `rewind`.
    """

    def __init__(self, stream: BinaryIO, encoding: str, name: str) -> None:
        """Read `stream` from where it stands."""
        self.number = 0
        self._name = name
        self._source = self._split(stream, encoding)
        self._given: list[str] = []
        self._pending: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._pending.pop() if self._pending else next(self._source)
        self.number += 1
        self._given.append(line)
        return line

    def mark(self) -> None:
        """A record begins with the next line."""
        self._given.clear()

    def rewind(self) -> None:
        """Give the lines since `mark` anew, but for the first."""
        self._pending.extend(reversed(self._given[1:]))
        self.number -= len(self._given) - 1
        self._given.clear()

    def _split(self, stream: BinaryIO, encoding: str) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        rest = ""
        while True:
            piece = stream.read(_PIECE)
            text = rest + decoder.decode(piece, not piece)
            if encoding in _MARKED and not self.number and text.startswith("\ufeff"):
                text = text[1:]
            held = "\r" if piece and text.endswith("\r") else ""  # its \n may be in the next piece
            lines = text.removesuffix(held).replace("\r\n", "\n").replace("\r", "\n").split("\n")
            rest = lines.pop() + held
            for line in lines:
                yield line + "\n"
            if len(rest) > _LONGEST_LINE:
                raise CatalogError(
                    f"{self._name}, line {self.number + 1}: has more than {_LONGEST_LINE:,} characters; "
                    "lines that end with a line feed are accepted"
                )
            if not piece:
                if rest:
                    yield rest
                return
