"""The tables of one run folder, as far as a claim needs them. docs/reference/run-folder.md describes them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import RunError
from countermark.findings.finding import Grade
from countermark.findings.table import findings_files, iter_findings
from countermark.media import Medium
from countermark.works.dates import parse_date

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES_PER_WORK: Final = 5
_SKETCH: Final = "sketch"
_SKETCH_ONLY: Final = "sketch-only"
_STRENGTH: Final = (Grade.IDENTICAL, Grade.COPY, Grade.IDENTIFIER, Grade.NAME, Grade.RESEMBLES, Grade.SHARED)
_EARLIEST_CAPTURE: Final = "1990"  # nothing was crawled before; an older date is the document's, or a fault


@dataclass(slots=True)
class RunTables:
    """One run: its works (controls apart) with status and grades, and what its findings say of each."""

    kind: str
    corpus: str
    snapshot: str
    digest: str
    complete: bool
    medium: str = "text"
    works: dict[str, dict[str, Any]] = field(default_factory=dict)
    controls: int = 0
    digests: dict[str, set[str]] = field(default_factory=dict)
    identifiers: dict[str, set[str]] = field(default_factory=dict)
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    captures: dict[str, tuple[str, str]] = field(default_factory=dict)


def read_tables(folder: Path) -> RunTables:
    """Read a run folder of a scan or a link. Raises RunError when it is none, or damaged."""
    settings = _json(folder / "run.json", f"{folder}: not a run folder: run.json is missing")
    summary = _json(
        folder / "summary.json",
        f"{folder}: the run has no summary.json; let it end, or write its report first",
    )
    tables = RunTables(
        kind="link" if settings.get("kind") == "link" else "scan",
        corpus=str(settings.get("corpus") or ""),
        snapshot=_day(settings.get("snapshot_date")),
        digest=str(summary.get("run_digest") or _sha256(folder / "summary.json")),
        complete=bool(summary.get("complete", True)),
        medium=_medium(summary),
    )
    _works(folder, tables)
    _digests(folder, tables)
    _links(folder, tables)
    _findings(folder, tables)
    return tables


def _medium(summary: dict[str, Any]) -> str:
    if summary.get("medium") == Medium.IMAGE or "pictures" in summary:
        return Medium.IMAGE.value
    return Medium.AUDIO.value if summary.get("medium") == Medium.AUDIO else Medium.TEXT.value


def _works(folder: Path, tables: RunTables) -> None:
    # What a scan of pictures grades so is a sketch that agrees: no identifier, and nothing that was confirmed.
    sketched = tables.medium == "image" and tables.kind == "scan"
    for row in _rows(folder / "works.parquet", ("work_id", "status")):
        if row.get("is_control") or str(row["status"]) in ("control", "false-alarm"):
            tables.controls += 1
            continue
        # Scans count findings as `grade_name`, links count rows as `name_rows`.
        counts = {str(grade): row.get(f"grade_{grade}") or row.get(f"{grade}_rows") for grade in Grade}
        grades = {
            _SKETCH if sketched and grade == Grade.IDENTIFIER else grade: int(count or 0)
            for grade, count in counts.items()
        }
        tables.works[str(row["work_id"])] = {
            "title": row.get("work_title") or row.get("title") or "",
            "author": row.get("work_author") or row.get("author") or "",
            "status": _SKETCH_ONLY if sketched and row["status"] == "identifier-only" else row["status"],
            "grades": {grade: count for grade, count in grades.items() if count},
            # Of a picture or a recording it is how much of it the strongest finding shows.
            "share": row.get("claimed_share" if tables.medium == Medium.TEXT else "share") or 0.0,
            "licence_status": row.get("licence_status"),
            "longest_run": row.get("longest_run") or 0,
            # A scan counts the records with the work, or a part of it; a link its rows by grade.
            "rows": row.get("records") or sum(grades.values()),
            "hosts": row.get("hosts") or 0,
        }


def _digests(folder: Path, tables: RunTables) -> None:
    """The digests of each work's files, from the catalogue that the scan kept."""
    if tables.kind != "scan" or not (folder / "catalog.parquet").exists():
        return
    for row in _rows(folder / "catalog.parquet", ("work_id", "asset_digest", "is_control")):
        if not row["is_control"] and row["asset_digest"]:
            tables.digests.setdefault(str(row["work_id"]), set()).add(str(row["asset_digest"]))


def _links(folder: Path, tables: RunTables) -> None:
    """The identifiers by which a link found each work: `isbn:978…`."""
    if tables.kind != "link" or not (folder / "links.parquet").exists():
        return
    for row in _rows(folder / "links.parquet", ("finding_id", "work_id", "grade")):
        evidence = str(row.get("evidence") or "")
        if row["grade"] == Grade.IDENTIFIER and ":" in evidence:
            tables.identifiers.setdefault(str(row["work_id"]), set()).add(evidence)
            scheme, _, digest = evidence.partition(":")
            if scheme == "sha256":
                tables.digests.setdefault(str(row["work_id"]), set()).add(digest)


def _findings(folder: Path, tables: RunTables) -> None:
    """A few findings of each work, the longest first, and the days of capture that they state.

    Of pictures and recordings the strongest come first. What many works share dates nothing, nor does a sketch, nor
    another recording that resembles the work.
    """
    best: dict[str, list[tuple[int, int, str]]] = {}
    columns = ("finding_id", "work_id", "matched", "is_control", "record_date", "grade")
    # A file without its receipt belongs to a shard whose search did not end: it does not count.
    files = [file for file in findings_files(folder) if (folder / "receipts" / f"{file.stem}.json").exists()]
    ranked = tables.medium != Medium.TEXT and tables.kind == "scan"
    undated = {Grade.SHARED, Grade.RESEMBLES}
    if ranked and tables.medium == Medium.IMAGE:
        undated.add(Grade.IDENTIFIER)
    for batch in iter_findings(files, columns):
        for row in batch.to_pylist():
            work_id = row["work_id"]
            if row["is_control"] or work_id not in tables.works:
                continue
            kept = best.setdefault(work_id, [])
            kept.append((_strength(row["grade"]) if ranked else 0, -row["matched"], row["finding_id"]))
            if len(kept) > 8 * EXAMPLES_PER_WORK:
                best[work_id] = sorted(set(kept))[:EXAMPLES_PER_WORK]
            if row["grade"] not in undated and (day := _day(row["record_date"])):
                first, last = tables.captures.get(work_id, (day, day))
                tables.captures[work_id] = (min(first, day), max(last, day))
    tables.examples = {
        work_id: tuple(name for *_, name in sorted(set(kept))[:EXAMPLES_PER_WORK])
        for work_id, kept in best.items()
    }


def _strength(grade: str) -> int:
    return _STRENGTH.index(grade) if grade in _STRENGTH else len(_STRENGTH)


def _day(value: object) -> str:
    """A date of a record or a snapshot, as precise as it is; empty where it is none that a capture can have."""
    try:
        day = parse_date(str(value or "")[:10])
    except ValueError:
        return ""
    return day if day >= _EARLIEST_CAPTURE else ""


def _rows(file: Path, needed: tuple[str, ...]) -> list[dict[str, Any]]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        table = pq.read_table(file)
    except FileNotFoundError as error:
        raise RunError(f"{file}: is missing; let the run end, or write its report first") from error
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{file}: damaged: {error}") from error
    if absent := [name for name in needed if name not in table.column_names]:
        raise RunError(f"{file}: column {absent[0]!r} is missing")
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _json(file: Path, missing: str) -> dict[str, Any]:
    try:
        value = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RunError(missing) from error
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{file}: damaged: {error}") from error
    if not isinstance(value, dict):
        raise RunError(f"{file}: damaged: a JSON object is expected")
    return value


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
