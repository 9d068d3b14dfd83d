"""CSV, TSV and their dialects (RFC 4180 and what spreadsheets make of it), streamed.

The delimiter is the one that divides the first lines most evenly; a line `sep=;` decides. A quote that never closes
costs its own line and no other: reading goes on with the line after it.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from countermark.errors import CatalogError
from countermark.works.importers.table.encodings import Lines, find_encoding
from countermark.works.importers.table.grid import MAX_CELL, MAX_COLUMNS, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.works.importers.base import CatalogFile

DELIMITERS: Final = ",;\t|"
_SEP: Final = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE | re.DOTALL)
_LOOKED_AT: Final = 200  # lines that tell the delimiter
_MAX_BROKEN: Final = 200  # quotes that never close, each of which may be sought for MAX_CELL characters


class DelimitedSheet:
    """The table of a text file; its encoding and delimiter are found when it is made, unless they are given."""

    headed = False
    padded = False

    def __init__(self, file: CatalogFile, encoding: str = "", delimiter: str = "") -> None:
        """Raises CatalogError where the file is no text."""
        self.name = ""
        self._file = file
        self._encoding = encoding or find_encoding(file.open, file.name)
        with file.open() as stream:
            head = list(islice(Lines(stream, self._encoding, file.name), _LOOKED_AT))
        told = _SEP.fullmatch(head[0].rstrip("\n")) if head else None
        self._skipped = 1 if told else 0
        self._delimiter = delimiter or (told[1] if told else _delimiter(head))
        self.said = {"encoding": self._encoding, "delimiter": self._delimiter}

    def lines(self) -> Iterator[Line]:
        """Every line that is not blank."""
        with self._file.open() as stream:
            lines = Lines(stream, self._encoding, self._file.name)
            for _ in range(self._skipped):
                next(lines, None)
            yield from self._read(lines)

    def _read(self, lines: Lines) -> Iterator[Line]:
        csv.field_size_limit(MAX_CELL)
        reader = self._reader(lines)
        broken = 0
        while True:
            lines.mark()
            number = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                broken += 1
                if broken > _MAX_BROKEN:
                    raise CatalogError(
                        f"{self._file.name}, line {number}: more than {_MAX_BROKEN} lines have quotes that do "
                        "not close; what follows was not read; quote each cell, and double the quotes within it"
                    ) from None
                yield Line(number, [], ("quote", f"{_told(error)}; close each quote, double those within"))
                lines.rewind()
                reader = self._reader(lines)
                continue
            yield from _line(number, cells)

    def _reader(self, lines: Lines) -> Iterator[list[str]]:
        # The reader takes a line at a time: `lines` always stands where the record ends.
        return csv.reader(lines, delimiter=self._delimiter, strict=True)


def _told(error: csv.Error) -> str:
    said = str(error)
    return (
        "a quote never closes" if "limit" in said or "unexpected end" in said else f"cannot be read ({said})"
    )


def _line(number: int, cells: list[str]) -> Iterator[Line]:
    if len(cells) > MAX_COLUMNS:
        told = f"has {len(cells):,} cells; at most {MAX_COLUMNS:,} are accepted"
        yield Line(number, [], ("columns", told))
        return
    if not any(cells) or not any(cell.strip() for cell in cells):
        return
    flaws: list[tuple[int, str, str]] = []
    for at, cell in enumerate(cells):
        if "\0" in cell:
            cells[at] = cell.replace("\0", "")
            flaws.append((at, "nul", "NUL characters were taken out"))
        if "\ufffd" in cell:
            flaws.append((at, "encoding", "some bytes do not fit the encoding; save the file as UTF-8"))
    yield Line(number, cells, None, tuple(flaws))


def _delimiter(head: list[str]) -> str:
    """The delimiter that most lines hold equally often; the comma where none does."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in head if line.strip()]

    def fitness(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in lines)
        counts.pop(0, None)
        if not counts:
            return 0, 0
        each, agreeing = max(counts.items(), key=lambda item: (item[1], item[0]))
        return agreeing, each

    best = max(DELIMITERS, key=fitness)
    return best if fitness(best)[0] else ","


def looks_delimited(head: bytes) -> bool:
    """Whether text that is not named as a table is one: nine lines in ten hold one delimiter equally often."""
    text = head.replace(b"\0", b"").decode("latin-1")
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    if len(lines) < 2:
        return False
    for delimiter in "\t;|":
        counts = Counter(line.count(delimiter) for line in lines[: max(2, len(lines) - 1)])
        each, agreeing = counts.most_common(1)[0]
        if each and agreeing * 10 >= 9 * sum(counts.values()):
            return True
    return False
