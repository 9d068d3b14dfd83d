"""Findings by the file and row that a table of a run names: anybody may have written such a table."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute

from countermark.errors import RunError
from countermark.findings.table import read_findings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

_NAME: Final = re.compile(r"[0-9A-Za-z]{1,64}")
"""Names of findings and of their files: they stand in paths, and in commands that a reader may copy."""


def findings_named(run: Path, judged: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings that the rows of a table name by `findings_file` and `findings_row`, in their order.

    Raises RunError where a name, a row or a number is one that no search writes.
    """
    findings: dict[int, dict[str, Any]] = {}
    for name in sorted({row["findings_file"] for row in judged}):
        places = [place for place, row in enumerate(judged) if row["findings_file"] == name]
        taken = rows_named(
            run, name, pa.array([judged[place]["findings_row"] for place in places])
        ).to_pylist()
        findings |= zip(places, taken, strict=True)
    for finding in findings.values():
        _require_sound(run, finding)
    return [findings[place] for place in range(len(judged))]


def rows_named(run: Path, name: Any, rows: pa.Array[Any]) -> pa.Table:
    """Rows of one file of findings, as a table names both. Raises RunError."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RunError(f"{run}: a table names the findings file {name!r:.80}, which no search writes")
    path = run / "findings" / f"{name}.parquet"
    table = read_findings(path)
    lowest, highest = (pc.min_max(rows)[end].as_py() for end in ("min", "max"))
    if rows.null_count or (len(rows) and not 0 <= lowest <= highest < len(table)):
        raise RunError(
            f"{path}: a table names a row that it does not have; delete the table, and it is made anew"
        )
    return table.take(rows)


def _require_sound(run: Path, finding: dict[str, Any]) -> None:
    wrong = [] if _NAME.fullmatch(finding["finding_id"] or "") else ["finding_id"]
    wrong += [
        name for name, value in finding.items() if isinstance(value, float) and not math.isfinite(value)
    ]
    if wrong:
        raise RunError(
            f"{run}: a finding has the {wrong[0]} {finding[wrong[0]]!r:.80}, which no search writes"
        )
