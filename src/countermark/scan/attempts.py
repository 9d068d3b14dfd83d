"""The log of all attempts: every search that was begun, whether it found anything or not, or ended at all.

Courts ask for the denominator: how often one looked, not only when something was found. So each scan and each link
writes a line into `attempts.jsonl` beside its run folder when it begins and when it ends. Runs of one folder share the
log; a run folder that is deleted later has its lines still. The lines are chained as in the run log (`scan.runlog`). A
dry run searches nothing and is not logged.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from countermark.atomic import make_folder
from countermark.errors import OutputError
from countermark.scan.runlog import RunLog, iter_events

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE: Final = "attempts.jsonl"
BEGIN: Final = "begin"
ENDS: Final = ("finish", "interrupted", "failed")


class Attempt:
    """One search under way; `end` says how it ended, once."""

    def __init__(self, log: Path, number: int, run: Path, head: str) -> None:
        self.log = log
        self.number = number
        self.head = head
        self._run = run

    @property
    def facts(self) -> dict[str, Any]:
        """What the run's own log says of the attempt: its number, and the digest of the line that began it.

        Through it the log of the run vouches for every attempt before: none can be dropped without changing both.
        """
        return {"attempt": self.number, "attempts_head": self.head}

    def end(self, event: str, facts: Mapping[str, Any]) -> None:
        """Log the end (`finish`, `interrupted` or `failed`) with the digest of the run folder. Raises OutputError."""
        said = {"attempt": self.number, "run": self._run.name, "run_digest": run_digest(self._run), **facts}
        with _alone(self.log):
            RunLog(self.log).append(event, said)


def begin(run: Path, facts: Mapping[str, Any], log: Path | None = None) -> Attempt:
    """Log that a search into the run folder `run` begins; `log` is the file, by default the one beside the folder.

    Raises OutputError where the log cannot be written, RunError where it was changed: a search that is not logged is
    not begun.
    """
    run = run.resolve()  # the name that a dossier will know the folder by, also for `.` and for links
    log = log or log_beside(run)
    make_folder(log.parent)
    with _alone(log):
        chain = RunLog(log)
        number = 1 + sum(event["event"] == BEGIN for event in (iter_events(log) if log.exists() else ()))
        chain.append(BEGIN, {"attempt": number, "run": run.name, **facts})
        head = chain.head
    return Attempt(log, number, run, head)


def log_beside(run: Path) -> Path:
    """Where the attempts of a run folder are logged unless another file is given."""
    return run.resolve().parent / FILE


def run_digest(run: Path) -> str:
    """The SHA-256 over names and digests of a run folder's settings, catalogue, receipts and quarantine.

    Receipts hold the digests of their findings files, so this one number stands for the whole result.
    """
    whole = hashlib.sha256()
    for name in ("run.json", "catalog.parquet", *_listed(run, "receipts"), *_listed(run, "quarantine")):
        with suppress(FileNotFoundError), (run / name).open("rb") as file:
            whole.update(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n".encode())
    return whole.hexdigest()


def _listed(run: Path, folder: str) -> list[str]:
    """Names only: there may be very many."""
    try:
        names = os.listdir(run / folder)  # noqa: PTH208
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [
        f"{folder}/{name}" for name in sorted(names) if name.endswith(".json") and not name.startswith(".")
    ]


@contextmanager
def _alone(log: Path) -> Iterator[None]:
    """Hold the log: two searches that end at once write one after the other."""
    lock = log.with_name(f".{log.name}.lock")
    try:
        file = lock.open("a")
    except OSError as error:
        said = f"{log}: the log of attempts cannot be written: {error.strerror or error}; give another as --attempts"
        raise OutputError(said) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


__all__ = ["BEGIN", "ENDS", "FILE", "Attempt", "begin", "log_beside", "run_digest"]
