"""Tables to download: cells that a spreadsheet would take for a formula are made plain text."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from countermark.paper.cells import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def csv_lines(fields: Sequence[str], rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """A CSV file in pieces, in UTF-8 with a mark for spreadsheets, every cell quoted."""
    yield "\ufeff" + _line(fields)
    for row in rows:
        yield _line([harmless(row[field]) for field in fields])


def _line(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerow(cells)
    return stream.getvalue()


def json_pieces(head: dict[str, str], rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """A JSON object with `head` and the list `rows`, in pieces."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"
