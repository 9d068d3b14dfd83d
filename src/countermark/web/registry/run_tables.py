"""The tables of a run folder, row by row: what they say of works, and where their longest passages stand.

Of a run of pictures: where the pictures stand in which a work is seen best.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.errors import RunError
from countermark.web.registry.caps import PASSAGES
from countermark.web.registry.plain import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

GRADES: Final = ("identical", "copy", "identifier", "name")
OF_PICTURES: Final = ("identical", "copy", "shared")
"""The grades of pictures, the strongest first; a sketch that agrees is none."""
_WORK: Final = ("work_id", "is_control", "status", "share", "matched", "findings")
_WORK_COLUMNS: Final = (*_WORK, "longest_run", *(f"grade_{grade}" for grade in GRADES))
_PICTURE_WORK_COLUMNS: Final = (*_WORK, "grade_identifier", *(f"grade_{grade}" for grade in OF_PICTURES))
_PICTURE_COLUMNS: Final = (
    "work_id",
    "grade",
    "kind",
    "claimed",
    "share_of_work",
    "share_of_record",
    "mirrored",
    "place",
    "shard",
    "row",
    "is_control",
    "findings_file",
    "findings_row",
)
_PICTURE_KEPT: Final = ("grade", "kind", "claimed", "mirrored", "shard", "row")
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


def read_works(run: Path, *, pictures: bool = False) -> dict[str, dict[str, Any]]:
    """The rows of works.parquet by work_id; where a control bears the id of a work, the work's row."""
    rows = _table(run / "works.parquet", _PICTURE_WORK_COLUMNS if pictures else _WORK_COLUMNS)
    works: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: bool(row["is_control"])):
        works.setdefault(row["work_id"], row)
    return works


def grade_of(row: dict[str, Any]) -> str:
    """The strongest grade of a work's findings; empty where there is none."""
    grades = OF_PICTURES if "grade_shared" in row else GRADES
    return next((grade for grade in grades if row[f"grade_{grade}"]), "")


def pictures_of(run: Path, wanted: set[str]) -> dict[str, list[dict[str, Any]]]:
    """The pictures in which each wanted work is seen best, the best first, each with its place in the data set."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _table(run / "pictures.parquet", _PICTURE_COLUMNS):
        if row["work_id"] in wanted and not row["is_control"] and row["grade"] in OF_PICTURES:
            found.setdefault(row["work_id"], []).append(row)
    kept = {work: sorted(rows, key=lambda row: row["place"])[:PASSAGES] for work, rows in found.items()}
    records = _records(run, [row for rows in kept.values() for row in rows])
    return {work: [_picture(row) | records[_at(row)] for row in rows] for work, rows in kept.items()}


def _picture(row: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a found picture: shares as per cent, in whole numbers, as pages show them."""
    shares = {name: round(100 * (row[f"share_of_{name}"] or 0.0)) for name in ("work", "record")}
    return {name: row[name] for name in _PICTURE_KEPT} | {
        "percent": shares["work"],
        "fills": shares["record"],
    }


def _at(row: dict[str, Any]) -> tuple[str, int]:
    return row["findings_file"], row["findings_row"]


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
