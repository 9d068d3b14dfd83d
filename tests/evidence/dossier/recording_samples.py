"""Run folders of recordings with their logs, and dossiers of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from countermark.evidence.dossier.contents import SealInputs
from countermark.evidence.dossier.seal import seal
from countermark.evidence.listening.conclusion import recordings_summary
from countermark.scan.attempts import begin
from countermark.scan.runlog import RunLog
from evidence.dossier.dossier_samples import DATE, made_key
from evidence.listening_run import RecordingRun, listening_run, tune

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.evidence.dossier.seal import Sealed

MIX = "mix"
"""The id of the record in which two works are heard."""


def logged(run: Path, make: Any) -> Path:
    """A run folder that `make` writes, with its log and the log of attempts, concluded."""
    attempt = begin(run, {"kind": "scan"}, run.parent / "attempts.jsonl")
    make(run)
    log = RunLog(run / "runlog.jsonl", clock=lambda: "2026-11-19T08:00:00.000+00:00")
    log.append("start", {"command": ["countermark", "scan"]})
    for receipt in sorted((run / "receipts").glob("*.json")):
        digest = hashlib.sha256(receipt.read_bytes()).hexdigest()
        log.append("receipt", {"name": receipt.stem, "shard": "part", "sha256": digest})
    log.append("finish", {})
    summary = recordings_summary(run)
    attempt.end("finish", {"findings": summary["findings"]["total"]})
    return run


def made_songs(folder: Path, name: str = "songs") -> Path:
    """A run with one of everything: altered, identical, withheld, shared, a hint, free, a false alarm."""
    return logged(folder / name, lambda run: listening_run(run, controls=6))


def made_mix(folder: Path) -> Path:
    """A run of two works that are heard in one record, and each in one of its own."""
    made = RecordingRun(corpus="mixes")
    for seed, work, title, author in (
        (11, "left-1901", "Le Passeur d’Éole", "Claire Delorme"),
        (12, "right-1902", "The Lock-Keeper", "Jonas Weir"),
    ):
        made.played(work, tune(seed, 20), title=title, author=author)
        sound = tune(seed, 6, start=4)
        made.heard(*(work, (1_000, 7_000, 4_000, 10_000), (20_000, 90_000), sound), row=1, record_id=MIX)
        more = tune(seed, 5, start=9)
        made.heard(*(work, (0, 5_000, 9_000, 14_000), (20_000, 60_000), more), row=seed)
    return logged(folder / "mixes", made.write)


def sealed_recordings(folder: Path, *runs: Path, name: str = "bag", **changes: Any) -> Sealed:
    """Seal a dossier of some runs."""
    return seal(SealInputs(runs=runs, date=DATE, **changes), made_key(folder), folder / name)
