"""The reference pages name every column there is, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from countermark.evidence import commonness
from countermark.evidence.passages import KINDS
from countermark.evidence.summary import conclude
from countermark.evidence.works_table import IN_DATA_SET, STATUSES
from countermark.findings.finding import SCHEMA, Grade
from evidence.shown_run import shown_run

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def tables(page: str, heading: str | None = None) -> list[list[str]]:
    """The rows of the tables under a heading (or before the first), as lists of cells."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    part = text.split("\n## ")[0] if heading is None else text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip().strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows]


def named(rows: list[list[str]]) -> list[str]:
    """The names in code type of each first cell, in order."""
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row[0])]


def test_findings_page_follows_the_schema() -> None:
    """Each column in its order, with its type and whether it may be null."""
    rows = [row for row in tables("findings.md") if row[0].startswith("`")]
    assert [row[0].strip("`") for row in rows] == SCHEMA.names
    told = [(row[1], row[2] == "yes") for row in rows]
    kinds = [str(field.type).replace("list<item: int32>", "list of int32") for field in SCHEMA]
    assert told == list(zip(kinds, [field.nullable for field in SCHEMA], strict=True))
    assert all(len(row) == 5 and row[3] and row[4] for row in rows)


def test_findings_page_has_all_grades() -> None:
    """Every grade."""
    assert named(tables("findings.md", "Grades")) == [str(grade) for grade in Grade]


def test_run_folder_page_has_all_columns(tmp_path: Path) -> None:
    """The columns of works.parquet and passages.parquet, all statuses, all kinds, all keys of the summary."""
    summary = conclude(shown_run(tmp_path))
    works = named(tables("run-folder.md", "works.parquet"))
    columns = pq.read_schema(tmp_path / "works.parquet").names
    assert set(works) == set(columns) | set(STATUSES)
    assert len(works) == len(columns) + len(STATUSES)
    passages = named(tables("run-folder.md", "passages.parquet"))
    assert sorted(passages) == sorted(pq.read_schema(tmp_path / "passages.parquet").names)
    assert sorted(named(tables("run-folder.md", "What is not claimed"))) == sorted(KINDS)
    assert set(named(tables("run-folder.md", "summary.json"))) == set(summary) - {"format"}


def test_run_folder_page_says_what_counts_as_found() -> None:
    """The third column of the statuses."""
    rows = tables("run-folder.md", "works.parquet")
    assert {row[0].strip("`") for row in rows if row[-1] == "yes"} == set(IN_DATA_SET)


def test_run_folder_page_states_the_rules() -> None:
    """The figures of the rules stand on the page."""
    text = " ".join(" ".join(row) for row in tables("run-folder.md", "What is not claimed"))
    assert f"at least {commonness.CATALOG_WORKS} works" in text
    assert f"at least {commonness.CORPUS_RECORDS} records, and in {commonness.CORPUS_TIMES} times" in text
    assert f"at most {commonness.QUOTATION_LETTERS} letters" in text
    assert commonness.QUOTATION_SHARE == 0.1
    assert "less than a tenth" in text


def _keys(summary: dict[str, Any]) -> set[str]:
    """The keys of a summary and of what is in it; those that are names of grades, reasons and files left out."""
    free = ("by_status", "by_grade", "by_kind", "refused", "files", "index")
    keys = set(summary)
    for name, value in summary.items():
        if isinstance(value, dict) and name not in free:
            keys |= _keys(value)
    return keys


def test_run_folder_page_has_all_of_recordings(tmp_path: Path) -> None:
    """Every key of a receipt and of the summary, at any depth, and every column of the tables."""
    pytest.importorskip("av", reason="needs the extra audio")
    from countermark.evidence.listening.conclusion import recordings_summary
    from countermark.scan.audio_search import Tally
    from evidence.listening_run import listening_run

    summary = recordings_summary(listening_run(tmp_path))
    own = named(tables("run-folder.md", "Recordings"))
    assert set(Tally().said(quick=True)) <= set(own)
    assert set(summary) <= {*own, *named(tables("run-folder.md", "summary.json")), "format"}
    text = (REFERENCE / "run-folder.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([a-z_]+)`", text.split("\n## summary.json\n")[1]))
    assert _keys(summary) - told == {"format"}
    assert set(pq.read_schema(tmp_path / "recordings.parquet").names) <= set(own)
    told |= set(named(tables("run-folder.md", "works.parquet")))
    assert set(pq.read_schema(tmp_path / "works.parquet").names) <= told
