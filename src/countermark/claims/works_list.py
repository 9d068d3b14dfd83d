"""The works list of a claim, as the exhibit that courts know: one row for each work, in English and in French.

    write_works_list(Path("claim"))
    # works-list.csv, works-list.xlsx, works-list.en.pdf, works-list.fr.csv, works-list.fr.xlsx, works-list.fr.pdf

It says what works.jsonl and claim.json say and nothing else; the same claim gives the same bytes.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any

from countermark.atomic import replacing, write_bytes
from countermark.claims.folder import placed_works, read_claim, works_at
from countermark.claims.works_list_csv import CsvList
from countermark.claims.works_list_order import ordered
from countermark.claims.works_list_pdf import PdfList
from countermark.claims.works_list_rows import headings, media_of, row
from countermark.claims.works_list_totals import Totals, source_headings, sources
from countermark.claims.works_list_words import LANGUAGES
from countermark.claims.works_list_xlsx import XlsxList
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from countermark.language import Language


def write_works_list(folder: Path) -> list[Path]:
    """Write the lists of the claim in `folder`, beside its works.jsonl; returns them.

    Raises InputError where the folder holds no whole claim, OutputError where a list cannot be written.
    """
    claim = read_claim(folder)
    places = ordered(placed_works(folder))
    return [path for language in LANGUAGES.values() for path in _write(folder, claim, places, language)]


def _write(folder: Path, claim: Mapping[str, Any], places: Sequence[int], language: Language) -> list[Path]:
    name = language.say("list.name")
    paths = [folder / f"{name}.csv", folder / f"{name}.xlsx", folder / f"works-list.{language.code}.pdf"]
    rules = [str(rule["id"]) for rule in claim["rules"]]
    media = media_of(claim)
    columns = headings(claim["rules"], language, media=media)
    totals, paper = Totals(claim), PdfList(claim, language)
    with ExitStack() as stack:
        text = CsvList(stack.enter_context(replacing(paths[0])))
        book = XlsxList(stack.enter_context(replacing(paths[1])), language, _day(claim, folder))
        stack.callback(book.close)  # where writing fails too: each sheet holds a temporary file open
        text.add([column.text for column in columns])
        book.begin(language.say("list.title"), columns)
        for number, line in enumerate(works_at(folder, places), 1):
            cells = row(number, line, rules, language, media=media)
            text.add(cells)
            book.add(cells)
            totals.add(line)
            paper.add(cells, line)
        book.begin(language.say("totals"), totals.headings(language))
        for cells in totals.rows(language):
            book.add(cells)
        book.begin(language.say("sources"), source_headings(language))
        for cells in sources(claim, language):
            book.add(cells)
    write_bytes(paths[2], paper.document())
    return paths


def _day(claim: Mapping[str, Any], folder: Path) -> date:
    try:
        return date.fromisoformat(str(claim.get("date", "")))
    except ValueError:
        raise InputError(
            f"{folder / 'claim.json'}: date is {claim.get('date')!r}; YYYY-MM-DD is accepted"
        ) from None
