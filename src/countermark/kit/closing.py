"""Closing a medium in the room: the run is concluded, the reports are written, and everything is sealed."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING, Any

from countermark.atomic import temporary_target, write_bytes
from countermark.errors import RunError
from countermark.kit import layout
from countermark.kit.room import require_unsealed
from countermark.kit.seal import Seal, describe_files, read_seal, sums_of
from countermark.kit.sums import files_below, is_plain
from countermark.language import printable
from countermark.scan import attempts
from countermark.scan.folder import RunFolder
from countermark.scan.ledger import RECEIPT_EVENTS, Ledger, facts_of
from countermark.scan.plan import WHOLE
from countermark.scan.receipt import json_bytes, read_receipt
from countermark.scan.runlog import RunLog, read_events, verify

if TYPE_CHECKING:
    from pathlib import Path

_LANGUAGES = ("en", "fr")


def close_medium(medium: Path, *, unfinished: bool = False) -> Seal:
    """Conclude the run on a medium, write its reports, and seal all of it; return the seal, which is read back.

    The seal is written last: whatever ends the closing early, it can be done again. Raises RunError where a run is
    under way, where none was begun, where shards remain (unless `unfinished`), where a log was changed, or where
    something lies on the medium that no seal can stand for.
    """
    require_unsealed(medium)
    run = medium / layout.RUN
    logs = layout.kit_logs(medium)
    if not logs or not run.is_dir():
        raise RunError(
            f"{medium}: no run of a kit lies here; give the folder that `kit run` was given as --out"
        )
    _require_sealable(medium)
    folder = RunFolder(run)
    with folder.claimed():
        summary = _conclude(run, unfinished=unfinished)
        _log_what_a_kill_left_out(folder, medium / attempts.FILE)
        told = {name: summary[name] for name in ("complete", "run_digest")}
        RunLog(layout.kit_log(medium, WHOLE)).append("close", told)
    _clear(medium)
    facts = _facts(medium, summary)
    data = json_bytes(facts)
    sealed = Seal(facts, hashlib.sha256(data).hexdigest())
    write_bytes(medium / layout.SUMS, sums_of(sealed))
    write_bytes(medium / layout.SEAL, data)
    return read_seal(medium)


def _conclude(run: Path, *, unfinished: bool) -> dict[str, Any]:
    """The summary, with the report in every language. Raises RunError where shards remain."""
    from countermark.evidence.report.write import render, write_report  # noqa: PLC0415
    from countermark.evidence.summary import conclude  # noqa: PLC0415

    summary = conclude(run)
    if not summary["complete"] and not unfinished:
        raise RunError(
            f"{run}: not all of the corpus was scanned yet: give the command of the run again, or close it as it is "
            "with --unfinished; the seal and the report will say so"
        )
    for lang in _LANGUAGES:
        write_report(run, lang)
        write_bytes(run / f"report.{lang}.txt", render(run, lang, "text"))
    return summary


def _require_sealable(medium: Path) -> None:
    """Raise RunError for links, pipes and devices, and for names that no list of checksums can hold."""
    for name in files_below(medium):
        if name.startswith(f"{layout.WORKING}/"):
            continue
        if not is_plain(medium / name):
            raise RunError(f"{medium / name}: not a plain file, so no seal can stand for it; take it away")
        if not name.isprintable():
            raise RunError(
                f"{printable(str(medium / name))}: no list of checksums can hold this name; take it away"
            )


def _log_what_a_kill_left_out(folder: RunFolder, log: Path) -> None:
    """Log receipts that were written just before the power went, and that the search ended there."""
    known: set[str] = set()
    for path in folder.path.glob("runlog*.jsonl"):
        known |= {event["name"] for event in read_events(path) if event["event"] in RECEIPT_EVENTS}
    found = [path for path in sorted((folder.path / "receipts").glob("[!.]*.json")) if path.stem not in known]
    if found:
        Ledger(folder, RunLog(folder.log_path)).add_found(facts_of(read_receipt(path)) for path in found)
    events = [event for event in read_events(log) if event.get("run") == folder.path.name]
    digest = attempts.run_digest(folder.path)
    ends = [event for event in events if event["event"] in attempts.ENDS]
    if not ends or ends[-1].get("run_digest") != digest:
        last = max((event.get("attempt", 0) for event in events), default=0)
        attempts.Attempt(log, last, folder.path, "").end("interrupted", {"told_by": "close"})


def _clear(medium: Path) -> None:
    """Take away what only a run under way needs: kernels, locks, and what was left half written."""
    shutil.rmtree(medium / layout.WORKING, ignore_errors=True)
    run = medium / layout.RUN
    for folder in (medium, run, *(path for path in run.iterdir() if path.is_dir())):
        for path in folder.glob(".*"):
            lock = path.name.startswith(".lock") or path.name.endswith(".lock")
            if path.is_file() and (lock or temporary_target(path.name) is not None):
                path.unlink()


def _facts(medium: Path, summary: dict[str, Any]) -> dict[str, Any]:
    logs = [
        *layout.kit_logs(medium),
        *sorted((medium / layout.RUN).glob("runlog*.jsonl")),
        medium / attempts.FILE,
    ]
    states = {log.relative_to(medium).as_posix(): verify(log) for log in logs if log.exists()}
    begun = _last_begin(medium)
    return {
        "seal": 1,
        "kit": {"code": begun["kit"], "sums_sha256": begun["kit_sums_sha256"]},
        "countermark": begun["countermark"],
        "index": begun["index"],
        "excerpts": begun["excerpts_allowed"],
        "complete": summary["complete"],
        "run_digest": summary["run_digest"],
        "findings": summary["findings"]["total"],
        "logs": {name: {"lines": state.lines, "head": state.head} for name, state in states.items()},
        "files": describe_files(medium),
    }


def _last_begin(medium: Path) -> dict[str, Any]:
    begins = [
        event for log in layout.kit_logs(medium) for event in read_events(log) if event["event"] == "begin"
    ]
    if not begins:
        raise RunError(f"{medium}: the kit's log does not say that a run was begun")
    return begins[-1]
