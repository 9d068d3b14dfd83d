"""Findings: the rows that everything else reads.

`finding` holds the row and its schema, `table` reads and writes it as Parquet.
"""

from __future__ import annotations

from countermark.findings.finding import SCHEMA, Finding, Grade
from countermark.findings.table import (
    findings_files,
    findings_table,
    iter_findings,
    read_findings,
    write_findings,
    write_table,
)

__all__ = [
    "SCHEMA",
    "Finding",
    "Grade",
    "findings_files",
    "findings_table",
    "iter_findings",
    "read_findings",
    "write_findings",
    "write_table",
]
