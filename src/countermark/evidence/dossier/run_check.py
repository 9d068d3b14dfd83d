"""Whether a run folder is whole: chained logs, receipts as logged, findings as receipted."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from countermark.errors import RunError
from countermark.scan.runlog import read_events

if TYPE_CHECKING:
    from pathlib import Path

Wrong = list[tuple[str, str]]
"""(path in the run folder, what is wrong with it)"""


def logs_of(run: Path) -> list[Path]:
    """The run's logs: one, or one for each part."""
    return sorted(run.glob("runlog*.jsonl"))


def wrong_with_run(run: Path) -> Wrong:
    """Everything in the folder that contradicts itself; findings that are not there are not asked for."""
    logs = logs_of(run)
    if not logs:
        return [("runlog.jsonl", "is missing: a run without its log proves nothing")]
    wrong: Wrong = []
    logged: dict[str, str] = {}
    for log in logs:
        try:
            events = read_events(log)
        except (RunError, OSError, RecursionError) as error:
            wrong.append((log.name, f"is broken: {error}"))
            continue
        for event in events:
            if isinstance(event.get("name"), str) and isinstance(event.get("sha256"), str):
                logged[event["name"]] = event["sha256"]
    for receipt in sorted((run / "receipts").glob("[!.]*.json")):
        wrong += _wrong_with_receipt(run, receipt, logged)
    return wrong


def _wrong_with_receipt(run: Path, receipt: Path, logged: dict[str, str]) -> Wrong:
    data = receipt.read_bytes()
    name = receipt.stem
    if name in logged and hashlib.sha256(data).hexdigest() != logged[name]:
        return [(f"receipts/{receipt.name}", "is not the receipt that the run log states")]
    said = _object(data).get("findings_sha256")
    findings = run / "findings" / f"{name}.parquet"
    if said is not None and findings.is_file():
        with findings.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != said:
                return [(f"findings/{findings.name}", "are not the findings that the receipt states")]
    return []


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
