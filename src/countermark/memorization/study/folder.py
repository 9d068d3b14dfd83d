"""A study under way: its folder, its lock, and the log of each question, answer, refusal and failure.

The folder holds `plan.json` (byte for byte the plan), `runlog.jsonl` (chained, see `countermark.scan.runlog`), and at
the end `result.json` and `run.json`. What the log holds as answered is never asked again, whatever ended the run
before. What was asked and not answered is asked again, and both stand in the log.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from countermark.atomic import make_folder, write_bytes
from countermark.errors import OutputError, PlanError, RunError
from countermark.memorization.study.answers import Answers
from countermark.memorization.study.plan import canonical, plan_bytes
from countermark.scan.runlog import RunLog

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import FrameType

    from countermark.memorization.study.plan import Plan

PLAN: Final = "plan.json"
LOG: Final = "runlog.jsonl"


class Study:
    """A study whose folder this process holds."""

    def __init__(self, folder: Path, plan: Plan, secret: bytes) -> None:
        self.folder = folder
        self.plan = plan
        self.log_texts = bool(plan.members.get("log_texts", plan.kind != "trap"))
        self._secret = secret
        self._log = RunLog(folder / LOG)
        self.answers = Answers(folder / LOG)
        known = self.answers.plan
        if known not in {None, plan.digest}:
            raise PlanError(f"{folder / LOG}: the log of another plan ({known})")

    @property
    def head(self) -> str:
        """The digest of the log's last line: noted elsewhere, it shows that nothing was cut off the end."""
        return self._log.head

    def key(self, request: Any) -> str:
        """The name of a question: 128 bits of a digest of it.

        Keyed with the study's secret where texts are not logged: the two renderings of a coin are otherwise found by
        trying.
        """
        data = canonical(request)
        secret = b"" if self.log_texts else self._secret
        return hmac.new(secret, data, "sha256").hexdigest()[:32] if secret else _plain(data)

    def note(self, event: str, facts: dict[str, Any]) -> None:
        """Add a line to the log, and take what it answers. Raises OutputError."""
        with _uninterrupted():
            start = self._log_size()
            self._log.append(event, facts)
            self.answers.take(event, facts, start)

    def _log_size(self) -> int:
        path = self.folder / LOG
        return path.stat().st_size if path.exists() else 0


def _plain(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


@contextmanager
def begin(folder: Path, plan: Plan, *, secret: bytes = b"") -> Iterator[Study]:
    """Begin a study in `folder`, or go on with it, and hold the folder meanwhile.

    `secret` (derived from a key of traps, never the key) names questions whose texts are not logged. Raises PlanError
    where the folder is that of another plan, RunError where it is in use or holds something else, OutputError.
    """
    if folder.exists() and not folder.is_dir():
        raise RunError(f"{folder}: not a folder; give a new or empty one")
    make_folder(folder)
    with _locked(folder):
        _claim(folder, plan)
        study = Study(folder, plan, secret)
        facts = {"plan": plan.digest, "kind": plan.kind, "log_texts": study.log_texts}
        study.note("resume" if study.answers.lines else "begin", facts)
        try:
            yield study
        except KeyboardInterrupt:
            study.note("interrupted", {})
            raise


def _claim(folder: Path, plan: Plan) -> None:
    """Write the plan into a new folder; raise where the folder is another's."""
    path, data = folder / PLAN, plan_bytes(plan)
    if path.exists():
        if _read(path) != data:
            raise PlanError(
                f"{folder}: the folder of another plan than {plan.digest}; give a new folder, or the plan in it"
            )
        return
    strangers = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    if strangers:
        raise RunError(f"{folder}: not a study, and not empty (it holds {strangers[0]!r}); give a new folder")
    write_bytes(path, data)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror or error}") from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder alone. Raises RunError when another process does."""
    path = folder / ".lock"
    try:
        file = path.open("a")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunError(f"{folder}: another run is writing into this folder; wait for it") from error
        except OSError as error:
            raise OutputError(f"{path}: cannot be locked: {error.strerror or error}") from error
        yield


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until a line is whole: a log that was left in the middle of one would not fit its own chain."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is interrupted
        return
    asked: list[int] = []

    def wait(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = signal.signal(signal.SIGINT, wait)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


def shown(study: Study, texts: Sequence[str], message: str) -> str:
    """A message as the log may hold it: without the texts that the plan keeps out of it, and of bounded length."""
    if not study.log_texts:
        for text in sorted(filter(None, texts), key=len, reverse=True):
            message = message.replace(text, "[text]")
    return message[:500]
