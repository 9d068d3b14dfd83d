"""The tables of a run folder, row by row: what they say of works, and where their longest passages stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.errors import RunError
from countermark.web.registry.caps import PASSAGES
from countermark.web.registry.plain import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

GRADES: Final = ("identical", "copy", "identifier", "name")
_WORK_COLUMNS: Final = (
    "work_id",
    "is_control",
    "status",
    "share",
    "matched",
    "findings",
    "longest_run",
    *(f"grade_{grade}" for grade in GRADES),
)
_PASSAGE_COLUMNS: Final = (
    "work_id",
    "grade",
    "kind",
    "claimed",
    "matched",
    "longest_run",
    "asset_start",
    "asset_end",
    "shard",
    "row",
    "is_control",
    "findings_file",
    "findings_row",
)
_KEPT: Final = (
    "grade",
    "kind",
    "claimed",
    "matched",
    "longest_run",
    "asset_start",
    "asset_end",
    "shard",
    "row",
)
_LONGEST: Final = 300


def read_works(run: Path) -> dict[str, dict[str, Any]]:
    """The rows of works.parquet by work_id; where a control bears the id of a work, the work's row."""
    rows = _table(run / "works.parquet", _WORK_COLUMNS)
    works: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: bool(row["is_control"])):
        works.setdefault(row["work_id"], row)
    return works


def grade_of(row: dict[str, Any]) -> str:
    """The strongest grade of a work's findings; empty where there is none."""
    return next((grade for grade in GRADES if row[f"grade_{grade}"]), "")


def passages_of(run: Path, wanted: set[str]) -> dict[str, list[dict[str, Any]]]:
    """The longest passages of each wanted work, the longest first, each with the record that it stands in."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _table(run / "passages.parquet", _PASSAGE_COLUMNS):
        if row["work_id"] in wanted:
            found.setdefault(row["work_id"], []).append(row)
    kept = {work_id: sorted(rows, key=_longest_first)[:PASSAGES] for work_id, rows in found.items()}
    records = _records(run, [row for rows in kept.values() for row in rows])
    return {
        work_id: [
            {name: row[name] for name in _KEPT} | records[row["findings_file"], row["findings_row"]]
            for row in rows
        ]
        for work_id, rows in kept.items()
    }


def _longest_first(row: dict[str, Any]) -> tuple[Any, ...]:
    return -row["matched"], -row["longest_run"], row["shard"], row["row"], row["asset_start"]


def _records(run: Path, rows: Iterable[dict[str, Any]]) -> dict[tuple[str, int], dict[str, str]]:
    """Id and address of the record of each row, as plain text: both come from the data set and may be hostile."""
    wanted: dict[str, list[int]] = {}
    for row in rows:
        wanted.setdefault(row["findings_file"], []).append(row["findings_row"])
    records = {}
    for name, numbers in wanted.items():
        table = _table(run / "findings" / f"{name}.parquet", ("record_id", "record_url"))
        for number in numbers:
            row = table[number]
            records[name, number] = {
                key: plain_line(row[column] or "")[:_LONGEST]
                for key, column in (("record", "record_id"), ("address", "record_url"))
            }
    return records


def _table(path: Path, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    import pyarrow as pa  # noqa: PLC0415 - slow to load
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        rows: list[dict[str, Any]] = pq.read_table(path, columns=list(columns)).to_pylist()
    except (OSError, pa.ArrowException, KeyError) as error:
        raise RunError(f"{path}: cannot be read: {error}") from error
    return rows
