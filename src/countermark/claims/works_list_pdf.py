"""The works list on paper, A4 across: fewer columns than the sheet, the same cells.

A list of many thousand works is a sheet, not a document: beyond `MOST` rows the PDF says where the others are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.claims.works_list_rows import HELD, headings
from countermark.paper.blocks import paragraph, table
from countermark.paper.typesetting import set_pdf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.claims.works_list_rows import Cell
    from countermark.language import Language

MOST: Final = 2000
_SHOWN: Final = (
    ("number", "right", "0.5"),
    ("title_of_work", "left", "3"),
    ("authors", "left", "2.2"),
    ("isbn", "left", "1.7"),
    ("isrc", "left", "1.6"),
    ("published", "left", "1.3"),
    ("registration", "left", "1.6"),
    ("effective", "left", "1.3"),
    ("owner", "left", "2"),
    ("found", "left", "3"),
    ("grade", "left", "1.4"),
)
_RULE_WIDTH: Final = "1.9"


class PdfList:
    """Takes the rows of the list one by one, keeps those that fit, and gives the document."""

    def __init__(self, claim: Mapping[str, Any], language: Language) -> None:
        self._claim = claim
        self._say = language
        self._rows: list[list[str]] = []
        self._count = 0
        self._columns = [HELD.index(name) for name, _, _ in _SHOWN]

    def add(self, cells: Sequence[Cell], passed: Sequence[str]) -> None:
        """Take one work's row, as `works_list_rows.row` gives it, and the rules under which it passes every step."""
        self._count += 1
        if len(self._rows) < MOST:
            self._rows.append([*(str(cells[at]) for at in self._columns), "\n".join(passed) or "–"])

    def document(self) -> bytes:
        """The PDF: the same bytes for the same claim."""
        say, claim = self._say, self._claim
        titles = [column.text for column in headings(claim["rules"], say)]
        columns = [
            (titles[at], align, width) for at, (_, align, width) in zip(self._columns, _SHOWN, strict=True)
        ]
        columns.append((say.say("list.passes"), "left", _RULE_WIDTH))
        blocks = [paragraph(say.say("list.advice"), "faded"), table(columns, self._rows)]
        if self._count > len(self._rows):
            rest = say.say("list.pdf_rest", count=self._count - len(self._rows), shown=len(self._rows))
            blocks.append(paragraph(rest, "remark"))
        return set_pdf(
            {
                "title": say.say("list.title"),
                "subtitle": f"{claim.get('software', '')} · {say.date(str(claim['date']))}",
                "language": say.code,
                "year": str(claim["date"])[:4],
                "paper": "a4",
                "landscape": True,
                "footer": str(claim.get("works_sha256", ""))[:16],
                "page_word": say.say("list.page_word"),
                "blocks": blocks,
            },
            date=str(claim["date"]),
        )
