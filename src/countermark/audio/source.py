"""Where encoded sound stands: bytes in memory, or a range of a file that is streamed and never held whole."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SoundSource:
    """One sound file, encoded: `data`, or where that is empty the bytes `[begin, begin + size)` of what is at `path`.

    That may be a URL of object storage.
    """

    data: bytes = b""
    path: str = ""
    begin: int = 0
    size: int = 0

    @classmethod
    def of_file(cls, path: Path) -> SoundSource:
        """A whole file. Raises OSError."""
        return cls(path=str(path), size=path.stat().st_size)

    def open(self) -> BinaryIO:
        """A seekable stream of the bytes. Raises OSError."""
        if not self.path:
            return io.BytesIO(self.data)
        return _Range(self.path, self.begin, self.size)

    def digest(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal; reads them once. Raises OSError."""
        digest = hashlib.sha256()
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def __len__(self) -> int:
        """How many bytes."""
        return self.size if self.path else len(self.data)


class _Range(io.RawIOBase, BinaryIO):
    """A part of a file, as a stream of its own."""

    def __init__(self, path: str, begin: int, size: int) -> None:
        self._file: Any = open_binary(path, buffering=0)  # closed with this stream
        self._begin, self._size, self._at = begin, size, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; past the end nothing is read."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer, as far as the range goes."""
        view = memoryview(buffer).cast("B")[: max(0, self._size - self._at)]
        self._file.seek(self._begin + self._at)
        count: int = self._file.readinto(view) or 0
        self._at += count
        return count

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
