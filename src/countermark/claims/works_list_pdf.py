"""The works list on paper, A4 across: fewer columns than the sheet, the same cells.

A list of many thousand works is a sheet, not a document: beyond `MOST` rows the PDF says where the others are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.claims.words import COLON
from countermark.claims.works_list_rows import dropped, headings, held_with, media_of, title
from countermark.claims.works_list_totals import head, software
from countermark.paper.blocks import facts, items, paragraph, table
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
    (("registration", "effective"), "left", "2.1"),
    (("owner",), "left", "2"),
    (("found",), "left", "2.8"),
    (("grade",), "left", "1.6"),
)
"""What each column shows of the sheet's, one below the other."""
_OF_MEDIA: Final = {"image": ("pictures",), "audio": ("recordings",)}
"""And with pictures or recordings among the works, how much was found, and how often."""
_RULE_WIDTH: Final = "1.7"
_REASON_WIDTH: Final = "3.4"


class PdfList:
    """Takes the rows of the list one by one, keeps those that fit, and gives the document."""

    def __init__(self, claim: Mapping[str, Any], language: Language) -> None:
        self._claim = claim
        self._say = language
        self._rows: list[list[str]] = []
        self._count = 0
        self._media = media_of(claim)
        more = [("amount",), *(_OF_MEDIA[medium] for medium in self._media)] if self._media else []
        self._shown = (*_SHOWN, *((names, "right", "1.3") for names in more))
        held = held_with(self._media)
        self._columns = [[held.index(name) for name in names] for names, _, _ in self._shown]

    def add(self, cells: Sequence[Cell], line: Mapping[str, Any]) -> None:
        """Take one work's row, as `works_list_rows.row` gives it, and the line of works.jsonl that it comes from."""
        self._count += 1
        if len(self._rows) < MOST:
            shown = [_merged(str(cells[at]) for at in several) for several in self._columns]
            ways = {one["id"]: line.get("rules", {}).get(one["id"]) for one in self._claim["rules"]}
            passed = [name for name, way in ways.items() if way and way["claimable"]]
            self._rows.append([*shown, "\n".join(passed) or "–", dropped(ways, self._say)])

    def document(self) -> bytes:
        """The PDF: the same bytes for the same claim. A column in which nothing stands is left out."""
        say, claim = self._say, self._claim
        titles = [column.text for column in headings(claim["rules"], say, media=self._media)]
        columns = [
            (" / ".join(titles[at] for at in several), align, width)
            for several, (_, align, width) in zip(self._columns, self._shown, strict=True)
        ]
        columns.append((say.say("list.passes"), "left", _RULE_WIDTH))
        columns.append((say.say("list.why"), "left", _REASON_WIDTH))
        filled = [at for at in range(len(columns)) if any(row[at].strip("–\n") for row in self._rows)]
        filled = sorted({*filled, 0, 1, len(columns) - 2})
        columns = [columns[at] for at in filled]
        rows = [[row[at] for at in filled] for row in self._rows]
        rules = items(f"{rule['id']}{COLON[say.code]} {title(rule, say)}" for rule in claim["rules"])
        blocks = [facts(head(claim, say)), rules, paragraph(say.say("list.advice"), "faded")]
        blocks.append(
            table(columns, rows)
        )  # nothing short stands behind it, which might fall on a page of its own
        if self._count > len(self._rows):
            rest = say.say("list.pdf_rest", count=self._count - len(self._rows), shown=len(self._rows))
            blocks.insert(-1, paragraph(rest, "remark"))
        return set_pdf(
            {
                "title": say.say("list.title"),
                "subtitle": f"{software(claim)} · {say.date(str(claim['date']))}",
                "language": say.code,
                "year": str(claim["date"])[:4],
                "paper": "a4",
                "landscape": True,
                "footer": _footer(claim, say),
                "page_word": say.say("list.page_word"),
                "blocks": blocks,
            },
            date=str(claim["date"]),
        )


def _footer(claim: Mapping[str, Any], say: Language) -> str:
    digest = str(claim.get("works_sha256", ""))
    return say.say("list.footer", digest=digest[:16]) if digest else ""


def _merged(cells: Iterable[str]) -> str:
    """Each line of some cells once."""
    return "\n".join(dict.fromkeys(line for cell in cells for line in cell.split("\n") if line))
