"""Flat files that grow while an index is built, so that memory does not."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import numpy as np

from countermark.fingerprint._surprise_kernel import mark_breaks

if TYPE_CHECKING:
    import numpy.typing as npt

_WAITING = 1 << 16
"""Numbers that wait before they are written."""


class NumberStream:
    """Appends numbers to a file as one flat array."""

    def __init__(self, file: IO[bytes], kind: str) -> None:
        self._file, self._kind = file, kind
        self._waiting: list[Any] = []

    def add(self, number: Any) -> None:
        """Append one number, or a tuple of as many as a row has."""
        self._waiting.append(number)
        if len(self._waiting) >= _WAITING:
            self._write()

    def extend(self, numbers: npt.NDArray[Any]) -> None:
        """Append an array."""
        self._write()
        self._file.write(np.ascontiguousarray(numbers, dtype=self._kind).data)

    def _write(self) -> None:
        self._file.write(np.array(self._waiting, dtype=self._kind).data)
        self._waiting = []

    def close(self) -> None:
        """Write what waits, and end the file, if it has not ended."""
        if self._file.closed:
            return
        try:
            self._write()
        finally:
            self._file.close()


class BitStream:
    """Appends to a file of bits, the lowest of each byte first, what begins where: bits are set in ascending order."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self._written = 0  # bytes
        self._open = np.zeros(1, dtype=np.uint8)

    def mark(self, places: npt.NDArray[np.int32], base: int, end: int) -> None:
        """Set the bits `base + place`; all bits before `end` are decided."""
        bits = self._up_to(end)
        mark_breaks(places, base - 8 * self._written, bits)
        self._keep(bits)

    def copy(self, source: npt.NDArray[np.uint8], begin: int, count: int, base: int) -> None:
        """Set the bits from `base` on as the `count` bits of `source` from `begin` on.

        Nothing but zeros may stand in the seven bits before `begin`.
        """
        bits = self._up_to(base + count)
        first = base // 8 - self._written
        at = begin - base % 8
        size = len(bits) - first
        piece = source[at // 8 : at // 8 + size + 1].astype(np.uint16)
        piece = np.append(piece, np.zeros(size + 1 - len(piece), np.uint16))
        bits[first:] |= ((piece[:-1] | (piece[1:] << np.uint16(8))) >> np.uint16(at % 8)).astype(np.uint8)
        bits[-1] &= (1 << (base + count) % 8) - 1  # what comes after them in the source is not asked for
        self._keep(bits)

    def _up_to(self, end: int) -> npt.NDArray[np.uint8]:
        """The bytes that are not written yet, up to that of the bit `end`."""
        bits = np.zeros(max(end // 8 + 1 - self._written, len(self._open)), dtype=np.uint8)
        bits[: len(self._open)] = self._open
        return bits

    def _keep(self, bits: npt.NDArray[np.uint8]) -> None:
        if len(bits) > _WAITING:
            self.file.write(bits[:-1].data)
            self._written += len(bits) - 1
            bits = bits[-1:].copy()
        self._open = bits

    def finish(self, end: int) -> None:
        """Write the rest: the file has `end // 8 + 1` bytes."""
        self.file.write(self._up_to(end).data)
        self.file.flush()
