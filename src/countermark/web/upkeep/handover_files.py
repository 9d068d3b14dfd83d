"""The roll as CSV and as JSON, written line by line: a hundred thousand names need no memory."""

from __future__ import annotations

import csv
import json
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, Any, Final

from countermark.paper.cells import harmless
from countermark.web.upkeep.handover import COLUMNS

if TYPE_CHECKING:
    from countermark.web.upkeep.handover import Handover

FORMAT: Final = "countermark-handover-1"


def write_csv(handover: Handover, file: IO[bytes]) -> None:
    """Write UTF-8 with a byte order mark, which spreadsheets need to read accents; lines end as RFC 4180 says."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for signatory in handover.signatories():
            writer.writerow(harmless(cell) for cell in signatory.row().values())
    finally:
        text.detach()  # flushes, and leaves the file open


def write_json(handover: Handover, file: IO[bytes]) -> None:
    """Write one JSON object, a signatory on each line; the counts come last."""
    head = json.dumps(about(handover), ensure_ascii=False)
    file.write(f'{head[:-1]}, "signatories": [\n'.encode())
    between = ""
    for signatory in handover.signatories():
        line = signatory.row() | {"number": signatory.number, "trades": list(signatory.trades)}
        file.write((between + json.dumps(line, ensure_ascii=False)).encode())
        between = ",\n"
    file.write(f'\n], "counts": {json.dumps(handover.counts)}}}\n'.encode())


def about(handover: Handover) -> dict[str, Any]:
    """What is handed over, besides the names."""
    text = handover.text
    return {
        "format": FORMAT,
        "made_at": handover.made_at.isoformat(timespec="seconds"),
        "site": handover.origin,
        "organiser": handover.statement.organiser,
        "demonstration": handover.statement.demonstration,
        "statement": {
            "language": text.language,
            "version": text.version,
            "title": text.title,
            "text": text.body,
            "sha256": text.sha256,
        },
        "head": handover.head_document(),
    }
