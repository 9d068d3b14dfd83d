"""Folding version 1, from Python: text in, letters out, and the way back to the original.

The recipe is told in `_fold_kernel`; the table of characters is frozen in `fold-v1.bin.zst`.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import zstandard

from countermark.fingerprint import _fold_kernel as kernel
from countermark.media import Span

if TYPE_CHECKING:
    import numpy.typing as npt

FOLDING = "fold-v1"
TABLE_DIGEST = "490160f18b58ca23fc131147ef941aaf87f6a9e9f9a8f991a5605ae3866b8b78"
"""SHA-256 of the frozen table, as little-endian uint32."""


@cache
def fold_table() -> npt.NDArray[np.uint32]:
    """The frozen table: one uint32 per code point below U+20000."""
    packed = resources.files("countermark.fingerprint").joinpath(f"{FOLDING}.bin.zst").read_bytes()
    return np.frombuffer(zstandard.ZstdDecompressor().decompress(packed), dtype="<u4")


def capacity(size: int) -> int:
    """How many elements a folding of `size` bytes may need at most, with room for eight-byte loads."""
    return size + size // 2 + kernel.PADDING


class Folded:
    """One folded text, and the way back to its original.

    `letters` uint8[n]; `anchors` int32[m], the positions among the letters where windows may begin; `sources`
    int32[m], the byte of the original where each anchor stands. `data` is the original as UTF-8.
    """

    def __init__(self, data: npt.NDArray[np.uint8]) -> None:
        room = capacity(len(data))
        letters = np.zeros(room, dtype=np.uint8)
        anchors, sources = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
        count, found = kernel.fold_into(data, 0, len(data), fold_table(), letters, anchors, sources)
        self.data = data
        self.letters = letters[:count]
        self.anchors = anchors[:found].copy()
        self.sources = sources[:found].copy()

    def span(self, start: int, end: int) -> Span:
        """Return the code points of the original that the letters `[start, end)` came from; start < end."""
        first, last = self.spans(np.array([start]), np.array([end]))[0]
        return Span(int(first), int(last))

    def spans(self, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The same for many spans at once, their starts ascending; returns int64[n, 2]."""
        spans = np.empty((len(starts), 2), dtype=np.int64)
        kernel.points_of(self.data, self.anchors, self.sources, fold_table(), starts, ends, spans)
        return spans


def fold(text: str | bytes) -> Folded:
    """Fold one text (UTF-8 when given as bytes)."""
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return Folded(np.frombuffer(raw, dtype=np.uint8))
