"""What each character of any script is written with in plain letters, as tables for the kernel of words.

The letters are those of AnyAscii (https://github.com/anyascii/anyascii, ISC): one fixed romanisation for each code
point. Two people romanise a name in two ways; that is what the consonant skeletons of `_keys_kernel` are for.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from countermark.linkage import _words_kernel as kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

POINTS = 0x20000
LONGEST_LETTERS = 6
_MARKS = {
    kernel.OPENS: "([{（［【「『〈《",
    kernel.CLOSES: ")]}）］】」』〉》",
    kernel.DASH: "-‐‑‒–—―−－~〜～",
    kernel.COLON: ":;：；|｜",
    kernel.COMMA: ",、，،",
    kernel.AND: "&+＆＋",
    kernel.SLASH: "/／",
    kernel.APOSTROPHE: "'’‘ʼ´`＇",
    kernel.NOTHING: "\u00ad\u200b\u200c\u200d\ufeff",
}


class Words(NamedTuple):
    """The words of many fields: field `i` is `data[offsets[i]:offsets[i + 1]]`, uint8 and int64."""

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]

    def text(self, field: int) -> str:
        """The words of one field."""
        return self.data[self.offsets[field] : self.offsets[field + 1]].tobytes().decode("ascii")


class _Table(NamedTuple):
    kinds: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int32]
    letters: npt.NDArray[np.uint8]


@cache
def _table() -> _Table:
    from anyascii import anyascii  # noqa: PLC0415  (of the extra `claims`)

    kinds = np.zeros(POINTS, np.uint8)
    pieces = [b""] * POINTS
    for code in range(POINTS):
        if 0xD800 <= code < 0xE000:
            continue
        char = chr(code)
        if unicodedata.category(char) in ("Mn", "Me", "Cf"):
            kinds[code] = kernel.NOTHING
        elif unicodedata.category(char)[0] in "LNM" or char in "$€£@":
            plain = "".join(
                letter for letter in anyascii(char).lower() if letter.isascii() and letter.isalnum()
            )
            pieces[code] = plain[:LONGEST_LETTERS].encode()
            kinds[code] = kernel.LETTERS if plain else kernel.APART
    for kind, marks in _MARKS.items():
        for char in marks:
            kinds[ord(char)], pieces[ord(char)] = kind, b""
    starts = np.zeros(POINTS + 1, np.int32)
    np.cumsum([len(piece) for piece in pieces], out=starts[1:])
    return _Table(kinds, starts, np.frombuffer(b"".join(pieces), np.uint8))


def words_of(texts: pa.Array[Any] | Sequence[str | None]) -> Words:
    """The words of each text; a null has none."""
    array: Any = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())
    if array.type != pa.large_binary():
        array = pc.fill_null(array, "").cast(pa.large_binary())
    count = len(array)
    offsets = np.frombuffer(array.buffers()[1] or b"", np.int64)[array.offset : array.offset + count + 1]
    offsets = offsets if count else np.zeros(1, np.int64)
    data = np.frombuffer(array.buffers()[2] or b"\0", np.uint8)
    table = _table()
    out = np.empty(kernel.GROWTH * int(offsets[-1] - offsets[0]) + count + 64, np.uint8)
    out_offsets = np.empty(count + 1, np.int64)
    kernel.words_into(data, offsets, *table, out, out_offsets)
    return Words(out[: out_offsets[-1]], out_offsets)


def plain(text: str) -> str:
    """The words of one text."""
    return words_of([text]).text(0)
