"""Zip containers (EPUB, DOCX, ODT), read in memory and within limits; nothing is ever unpacked to disk.

An entry is read by its exact name, so a name like `../../etc/passwd` reaches nothing. What a container claims to
hold is checked before anything is inflated, and what it does hold is counted while it is.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from countermark.errors import DocumentError

MAX_ENTRIES: Final = 20_000
MAX_TOTAL: Final = 2 << 30  # bytes that all entries claim together, pictures included
MAX_READ: Final = 256 << 20  # bytes that may be inflated from one container
MAX_RATIO: Final = 200  # inflated to stored size, for entries above RATIO_FROM; text in XML reaches about 30
RATIO_FROM: Final = 8 << 20

DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""What reading an entry of a damaged zip file raises; NotImplementedError is an unknown compression."""


class Archive:
    """The entries of one zip file."""

    def __init__(self, data: bytes) -> None:
        """Open; raises DocumentError `damaged` or `bomb`."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, zlib.error) as error:
            raise DocumentError("damaged", f"the zip container is damaged or cut off ({error})") from None
        self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        self._left = MAX_READ
        count = len(self._zip.infolist())
        total = sum(entry.file_size for entry in self._zip.infolist())
        if count > MAX_ENTRIES or total > MAX_TOTAL:
            limit = f"{MAX_ENTRIES:,} entries and {MAX_TOTAL:,} bytes are accepted"
            raise DocumentError(
                "bomb", f"the zip container claims {count:,} entries and {total:,} bytes; {limit}"
            )

    def __contains__(self, name: str) -> bool:
        """Whether an entry of that name exists."""
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of one entry; raises DocumentError `missing-part`, `encrypted`, `damaged` or `bomb`."""
        entry = self._entries.get(name)
        if entry is None:
            raise DocumentError("missing-part", f"the container has no part {name!r}")
        if entry.flag_bits & 1:
            raise DocumentError(
                "encrypted", f"the part {name!r} is encrypted; remove the password or DRM first"
            )
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise DocumentError("bomb", f"the part {name!r} inflates more than {MAX_RATIO} times")
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(self._left + 1)
        except DAMAGED as error:
            raise DocumentError("damaged", f"the part {name!r} is damaged ({error})") from None
        self._left -= len(data)
        if self._left < 0:
            raise DocumentError("bomb", f"the container inflates to more than {MAX_READ:,} bytes")
        return data
