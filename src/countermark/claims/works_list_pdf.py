"""The works list on paper, A4 across: fewer columns than the sheet, the same cells.

A list of many thousand works is a sheet, not a document: beyond `MOST` rows the PDF says where the others are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.claims.words import COLON
from countermark.claims.works_list_rows import HELD, headings, title
from countermark.paper.blocks import items, paragraph, table
from countermark.paper.typesetting import set_pdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from countermark.claims.works_list_rows import Cell
    from countermark.language import Language

MOST: Final = 2000
_SHOWN: Final = (
    (("number",), "right", "0.5"),
    (("title_of_work",), "left", "3"),
    (("authors",), "left", "2.3"),
    (("isbn", "isrc"), "left", "1.9"),
    (("published",), "left", "1.5"),
    (("registration",), "left", "2"),
    (("effective",), "left", "1.5"),
    (("owner",), "left", "2"),
    (("found",), "left", "3"),
    (("grade",), "left", "1.6"),
)
"""What each column shows of the sheet's, one below the other."""
_RULE_WIDTH: Final = "1.9"


class PdfList:
    """Takes the rows of the list one by one, keeps those that fit, and gives the document."""

    def __init__(self, claim: Mapping[str, Any], language: Language) -> None:
        self._claim = claim
        self._say = language
        self._rows: list[list[str]] = []
        self._count = 0
        self._columns = [[HELD.index(name) for name in names] for names, _, _ in _SHOWN]

    def add(self, cells: Sequence[Cell], passed: Sequence[str]) -> None:
        """Take one work's row, as `works_list_rows.row` gives it, and the rules under which it passes every step."""
        self._count += 1
        if len(self._rows) < MOST:
            shown = [_merged(str(cells[at]) for at in several) for several in self._columns]
            self._rows.append([*shown, "\n".join(passed) or "–"])

    def document(self) -> bytes:
        """The PDF: the same bytes for the same claim. A column in which nothing stands is left out."""
        say, claim = self._say, self._claim
        titles = [column.text for column in headings(claim["rules"], say)]
        columns = [
            (" / ".join(titles[at] for at in several), align, width)
            for several, (_, align, width) in zip(self._columns, _SHOWN, strict=True)
        ]
        columns.append((say.say("list.passes"), "left", _RULE_WIDTH))
        filled = [at for at in range(len(columns)) if any(row[at].strip("–\n") for row in self._rows)]
        filled = sorted({*filled, 0, 1, len(columns) - 1})
        columns = [columns[at] for at in filled]
        rows = [[row[at] for at in filled] for row in self._rows]
        blocks = [paragraph(say.say("list.advice"), "faded"), table(columns, rows)]
        if self._count > len(self._rows):
            rest = say.say("list.pdf_rest", count=self._count - len(self._rows), shown=len(self._rows))
            blocks.append(paragraph(rest, "remark"))
        blocks.append(items(f"{rule['id']}{COLON[say.code]} {title(rule, say)}" for rule in claim["rules"]))
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


def _merged(cells: Iterable[str]) -> str:
    """Each line of some cells once."""
    return "\n".join(dict.fromkeys(line for cell in cells for line in cell.split("\n") if line))
