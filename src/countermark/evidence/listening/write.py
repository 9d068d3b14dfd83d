"""Writing the listening page into a folder of its own, with every finding as CSV, JSON Lines and Parquet beside it."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.atomic import make_folder, write_bytes
from countermark.errors import OutputError
from countermark.evidence.exhibits.selection import every_finding
from countermark.evidence.listening.page import render_html
from countermark.evidence.listening.recordings import RECORDINGS
from countermark.evidence.listening.selection import select_recordings
from countermark.findings.finding import SCHEMA
from countermark.paper.cells import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

COPIED: Final = ("works.parquet", "recordings.parquet", "summary.json")
"""Files of the run folder that go with the page."""

_NAMES: Final = tuple(SCHEMA.names)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: where the page is, and how many findings stand in the tables."""

    page: Path
    findings: int


def write_listening(run: Path, out: Path, lang: str) -> Written:
    """Write `out/listening.<lang>.html`, findings.csv, findings.jsonl, the tables and the summary of a run.

    The same run gives the same files. The findings are read file by file. Raises RunError where `run` is no run of
    recordings or is damaged, OutputError where a file cannot be written.
    """
    listening = select_recordings(run)
    make_folder(out)
    page = out / f"listening.{lang}.html"
    write_bytes(page, render_html(listening, lang).encode())
    for name in COPIED:
        write_bytes(out / name, (run / name).read_bytes())
    return Written(page, _write_rows(run, out))


def _write_rows(run: Path, out: Path) -> int:
    """Every finding as a line of both tables; returns how many."""
    names = [out / name for name in ("findings.csv", "findings.jsonl")]
    parts = [path.with_name(f".{path.name}.part") for path in names]
    try:
        with (
            parts[0].open("w", encoding="utf-8", newline="", errors="backslashreplace") as table,
            parts[1].open("w", encoding="utf-8", newline="\n", errors="backslashreplace") as lines,
        ):
            count = sum(1 for _ in _told(every_finding(run, RECORDINGS), table, lines))
        for part, path in zip(parts, names, strict=True):
            part.replace(path)
    except OSError as error:
        raise OutputError(f"{error.filename or out}: cannot be written: {error.strerror}") from error
    return count


def _told(findings: Iterator[dict[str, Any]], table: TextIO, lines: TextIO) -> Iterator[None]:
    """Write each finding into both."""
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_NAMES)
    for finding in findings:
        writer.writerow([_cell(finding[name]) for name in _NAMES])
        kept = {name: finding[name] for name in _NAMES}
        lines.write(json.dumps(kept, ensure_ascii=False, sort_keys=True) + "\n")
        yield


def _cell(value: Any) -> Any:  # any value of a finding
    """A value as a cell that no spreadsheet reckons with."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return harmless(value) if isinstance(value, str) else value
