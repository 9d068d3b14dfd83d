"""Bytes that are no UTF-8 in decoded texts: each becomes U+FFFD, and only texts that have any are touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from countermark.corpus.batching import clean

if TYPE_CHECKING:
    import numpy.typing as npt


class Texts(NamedTuple):
    """Texts in one buffer: text `d` is `data[ends[d]:ends[d + 1]]`.

    What belongs to a piece of a long document ends at `owned[d]`; of a whole document that is all.
    """

    data: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]
    owned: npt.NDArray[np.int64]

    def array(self) -> pa.LargeStringArray:
        """The texts as an Arrow array, without a copy; it is only valid where they are UTF-8."""
        return string_array(self.data, self.ends)


def string_array(data: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]) -> pa.LargeStringArray:
    """The texts that end at `ends[1:]` as an Arrow array, without a copy."""
    buffers = [None, pa.py_buffer(ends.data), pa.py_buffer(data.data)]
    array: pa.LargeStringArray = pa.Array.from_buffers(pa.large_string(), len(ends) - 1, buffers)  # type: ignore[assignment]
    return array


def mended(texts: Texts) -> tuple[Texts, int]:
    """The texts with U+FFFD for each byte that is no UTF-8, and how many those were in what belongs to the pieces."""
    array = texts.array()
    if _is_valid(array):
        return texts, 0
    bad = _invalid(array)
    data, ends, owned = texts
    lengths, own = np.diff(ends), owned - ends[:-1]
    chunks: list[Any] = []
    done, count = int(ends[0]), 0
    for number in bad:
        begin, end = int(ends[number]), int(ends[number + 1])
        whole, kept, escaped = _mended(data[begin:end].tobytes(), int(own[number]))
        chunks += [data[done:begin].data, whole]
        lengths[number], own[number], done = len(whole), kept, end
        count += escaped
    chunks.append(data[done : ends[-1]].data)
    joined = np.frombuffer(b"".join(chunks), np.uint8)
    anew = np.zeros(len(ends), np.int64)
    np.cumsum(lengths, out=anew[1:])
    return Texts(joined, anew, anew[:-1] + own), count


def code_point_starts(raw: bytes) -> npt.NDArray[np.int64]:
    """Where each code point of the text of some bytes begins in them, and where the last ends; each bad byte is one."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        points = np.frombuffer(
            raw.decode("utf-8", "surrogateescape").encode("utf-32-le", "surrogatepass"), "<u4"
        )
        widths = 1 + (points >= 0x80).astype(np.int64) + (points >= 0x800) + (points >= 0x10000)
        widths[(points >= 0xDC80) & (points <= 0xDCFF)] = 1  # how Python says of a byte that it is no UTF-8
        return np.append(0, np.cumsum(widths))
    begins = (np.frombuffer(raw, np.uint8) & 0xC0) != 0x80
    return np.append(np.flatnonzero(begins), len(raw))


def _mended(raw: bytes, own: int) -> tuple[bytes, int, int]:
    """A text with U+FFFD for bad bytes, how many bytes of it its first `own` bytes become, and the bad ones there."""
    text = raw.decode("utf-8", "surrogateescape")
    head = text
    if own < len(raw):
        head = text[: int(np.searchsorted(code_point_starts(raw)[:-1], own))]
    escaped = sum("\udc80" <= point <= "\udcff" for point in head)
    return clean(text).encode(), len(clean(head).encode()), escaped


def _is_valid(array: pa.LargeStringArray) -> bool:
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _invalid(array: pa.LargeStringArray) -> list[int]:
    """The numbers of the texts that are no UTF-8, ascending, found by halving."""
    found: list[int] = []
    stretches = [(0, len(array))]
    while stretches:
        begin, end = stretches.pop()
        if _is_valid(array.slice(begin, end - begin)):
            continue
        if end - begin == 1:
            found.append(begin)
            continue
        middle = (begin + end) // 2
        stretches += [(middle, end), (begin, middle)]
    return found
