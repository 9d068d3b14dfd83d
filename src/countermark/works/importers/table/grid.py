"""What every kind of table file gives: sheets of numbered lines of cells, all of them text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_COLUMNS: Final = 2_000
MAX_CELL: Final = 1 << 20
"""Characters that one cell may hold; more is hardly ever anything but a quote that never closes."""


class Line(NamedTuple):
    """One line: its number as the user sees it (from 1), its cells, and what is wrong with single cells.

    `problem` says what makes the whole line unusable, as (reason, detail); `flaws` are (column from 0, reason,
    detail), column -1 where it is the line, which stays usable.
    """

    number: int
    cells: list[str]
    problem: tuple[str, str] | None = None
    flaws: tuple[tuple[int, str, str], ...] = ()


class Sheet(Protocol):
    """One table of a file. `lines` reads it from its beginning each time that it is called."""

    name: str  # empty where the file holds one table without a name
    headed: bool  # whether the columns are named by the format itself: the first line is then the header
    padded: bool  # whether the format leaves out empty cells at the end of a line
    said: dict[str, str]  # how it is read: `encoding`, `delimiter`

    def lines(self) -> Iterator[Line]:
        """Every line that is not blank. Raises CatalogError where nothing more can be read."""
        ...


def column_name(index: int) -> str:
    """A column as spreadsheets letter it: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
