"""The works list as CSV: UTF-8 with a byte order mark, so that Excel opens it, and with nothing that would be run."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, BinaryIO

from countermark.paper.cells import harmless

if TYPE_CHECKING:
    from countermark.claims.works_list_rows import Cell


class CsvList:
    """Writes rows to `file`, which stays open."""

    def __init__(self, file: BinaryIO) -> None:
        """Write the mark."""
        self._file = file
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, lineterminator="\r\n")
        file.write(b"\xef\xbb\xbf")

    def add(self, cells: list[Cell]) -> None:
        """Write one row."""
        self._writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in cells])
        self._file.write(self._buffer.getvalue().encode("utf-8", "replace"))
        self._buffer.seek(0)
        self._buffer.truncate()


def neutral(text: str) -> str:
    """`text` that no spreadsheet takes for a formula: an apostrophe stands before its first sign."""
    if "\0" in text or "\r" in text:
        text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return harmless(text)
