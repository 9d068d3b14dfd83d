"""The actor on the driver's node from which others fetch the index, chunk by chunk, where they cannot see it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from countermark.scan.runners.nearby_stock import Stock

MOST = 16 << 20


class Pantry:
    """Reads the files of a few stocks, and no others."""

    def __init__(self, stocks: tuple[Stock, ...]) -> None:
        self._paths = {
            (stock.path, file.name): stock.place(Path(stock.path), file)
            for stock in stocks
            for file in stock.files
        }

    def read(self, path: str, name: str, offset: int, length: int) -> bytes:
        """Bytes `[offset, offset + length)` of a file; KeyError for a file that is not of the stocks."""
        with self._paths[path, name].open("rb") as file:
            file.seek(offset)
            return file.read(min(length, MOST))
