"""The file behind an entry: read within limits, with its digest."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, BinaryIO, Final

from countermark.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.works.importers.base import CatalogFile

_CHUNK: Final = 1 << 20
MAX_READS: Final = 1_000_000
"""How often a parser may ask: one that is led from byte to byte ends here."""


def read_whole(file: CatalogFile, limit: int) -> bytes:
    """All bytes of a file; raises DocumentError `too-large` or `unreadable`."""
    try:
        with file.open() as stream:
            data = stream.read(limit + 1)
    except (OSError, EOFError, ValueError) as error:
        raise DocumentError("unreadable", f"cannot be read ({error})") from None
    if len(data) > limit:
        raise DocumentError(
            "too-large", f"has more than {limit:,} bytes; files of up to {limit:,} bytes are accepted"
        )
    return data


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_and_size(file: CatalogFile) -> tuple[str, int]:
    """SHA-256 (hexadecimal) and bytes of a file of any size; raises DocumentError `unreadable`."""
    state = hashlib.sha256()
    size = 0
    try:
        with file.open() as stream:
            for chunk in _chunks(stream):
                state.update(chunk)
                size += len(chunk)
    except (OSError, EOFError, ValueError) as error:
        raise DocumentError("unreadable", f"cannot be read ({error})") from None
    return state.hexdigest(), size


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


class SpentError(Exception):
    """A parser asked for more of a file than its metadata can need."""


class Budgeted:
    """A seekable stream that gives out no more than `budget` bytes in all, whatever the file claims."""

    def __init__(self, stream: BinaryIO, budget: int) -> None:
        self._stream = stream
        self._budget = budget
        self._left = budget
        self._reads = 0
        self.seek = stream.seek
        self.tell = stream.tell
        self.close = stream.close

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; raises SpentError."""
        self._reads += 1
        if self._reads > MAX_READS:
            raise SpentError(f"its metadata stands in more than {MAX_READS:,} pieces")
        data = self._stream.read(size if 0 <= size <= self._left else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise SpentError(f"its metadata needs more than {self._budget:,} bytes")
        return data

    def seekable(self) -> bool:
        """True."""
        return True

    def readable(self) -> bool:
        """True."""
        return True


def seekable_stream(file: CatalogFile, limit: int) -> BinaryIO:
    """The file as a stream that can be searched; one that cannot is read whole, up to `limit` bytes.

    Raises DocumentError `too-large` or `unreadable`.
    """
    try:
        stream = file.open()
    except (OSError, EOFError, ValueError) as error:
        raise DocumentError("unreadable", f"cannot be read ({error})") from None
    if stream.seekable():
        return stream
    stream.close()
    return io.BytesIO(read_whole(file, limit))


def content_code(file: CatalogFile, kind: str, stream: BinaryIO, text: str = "") -> tuple[str, str]:
    """The ISCC-CODE of a file of a `kind` (`text`, `image`, `file`), or nothing and why there is none.

    The option `iscc` = `no` leaves it out: for pictures it is what takes the time, since their pixels are decoded.
    """
    if file.options.get("iscc") == "no":
        return "", ""
    try:
        from countermark.works.iscc import file_codes, image_codes, text_codes  # noqa: PLC0415 - of the extra `claims`

        if kind == "text":
            return text_codes(stream, text).code, ""
        return (image_codes if kind == "image" else file_codes)(stream).code, ""
    except ImportError:
        return "", "no ISCC: it needs the extra claims: pip install 'countermark[claims]'"
    except (DocumentError, OSError, ValueError) as error:
        return "", f"no ISCC: {error}"
