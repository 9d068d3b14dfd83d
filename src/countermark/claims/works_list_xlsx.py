"""The works list as a workbook: the works, the totals by data set, the sources and rules. For A4, across.

Written in constant memory; the same rows give the same bytes, so the day of creation is an argument. Every text is
written as text, never as a formula or a link.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from countermark.claims.words import COLON

if TYPE_CHECKING:
    from datetime import date
    from typing import BinaryIO

    from countermark.claims.works_list_rows import Cell, Heading
    from countermark.language import Language

_MAX_ROWS: Final = 1_048_576  # of a sheet, its header among them; further works go to a further sheet
_MAX_CELL: Final = 32_767  # characters, by the format
_A4: Final = 9
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class XlsxList:
    """Writes one sheet after another; a row once written is gone from memory."""

    def __init__(
        self, file: BinaryIO, language: Language, created: date, *, max_rows: int = _MAX_ROWS
    ) -> None:
        """`created` is the day that the workbook states."""
        import xlsxwriter  # noqa: PLC0415 - of an extra

        self._book: Any = xlsxwriter.Workbook(file, _OPTIONS)
        self._language = language
        self._max_rows = max_rows
        self._book.set_properties(
            {
                "title": language.say("list.title"),
                "comments": language.say("disclaimer"),
                "created": datetime(created.year, created.month, created.day),
            }
        )
        self._head = self._book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8E8E8"}
        )
        self._body = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._sheet: Any = None
        self._name = ""
        self._part = 0
        self._row = 0
        self._headings: list[Heading] = []

    def begin(self, name: str, headings: list[Heading]) -> None:
        """Begin a sheet: its header stays in sight, and is printed on each page."""
        self._name, self._headings, self._part = name, headings, 1
        self._new_sheet(name)

    def add(self, cells: list[Cell]) -> None:
        """Write one row; where the sheet is full, another is begun."""
        if self._row >= self._max_rows:
            self._part += 1
            self._new_sheet(f"{self._name} {self._part}")
        for at, cell in enumerate(cells):
            if isinstance(cell, int):
                self._sheet.write_number(self._row, at, cell, self._body)
            elif cell:
                self._sheet.write_string(self._row, at, self._fitting(cell), self._body)
        self._row += 1

    def close(self) -> None:
        """Write the workbook to its file, which stays open; its temporary files are gone afterwards."""
        self._book.close()

    def _new_sheet(self, name: str) -> None:
        say = self._language.say
        sheet = self._sheet = self._book.add_worksheet(name[:31])
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 3 if len(self._headings) > 3 else 0)
        sheet.set_header(f"&L{say('list.title')}{COLON[self._language.code]} &A&R{say('disclaimer')}")
        sheet.set_footer(f"&C{say('page.number')}")
        for at, heading in enumerate(self._headings):
            sheet.set_column(at, at, heading.width)
            sheet.write_string(0, at, self._fitting(heading.text), self._head)
        self._row = 1

    def _fitting(self, text: str) -> str:
        text = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
        if len(text) <= _MAX_CELL:
            return text
        told = self._language.say("list.whole")
        return text[: _MAX_CELL - len(told)] + told
