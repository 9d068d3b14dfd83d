"""The run log: JSON Lines, each line holding the digest of the line before it.

Nobody can change, drop or reorder a line without breaking the chain after it. What a chain alone cannot show
is that lines were cut off at its end; for that, note the digest of the last line (`LogState.head`) elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.atomic import write_bytes
from countermark.errors import OutputError, RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

FIRST = "0" * 64
"""What the first line holds in place of the digest of a line before it."""


class LogState(NamedTuple):
    """A sound log: how many lines, the digest of the last, and whether the last event is `finish`."""

    lines: int
    head: str
    finished: bool


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class RunLog:
    """Appends events to a log; each is on the disk before `append` or `flush` returns."""

    def __init__(self, path: Path, clock: Callable[[], str] = _now) -> None:
        """Open or begin the log at `path`; a last line torn by a power cut is set aside, with a note.

        Raises RunError when the chain is broken, OutputError when the file cannot be written.
        """
        self._path = path
        self._clock = clock
        torn = _set_torn_line_aside(path)
        state = verify(path) if path.exists() else LogState(0, FIRST, finished=False)
        self._lines, self._head = state.lines, state.head
        self._held: list[bytes] = []
        if torn is not None:
            self.append("torn_line", torn)

    @property
    def head(self) -> str:
        """The digest of the last line."""
        return self._head

    def append(self, event: str, facts: Mapping[str, Any]) -> None:
        """Add one line and flush it, and those held, to the disk. Raises as `flush` does."""
        self.hold(event, facts)
        self.flush()

    def hold(self, event: str, facts: Mapping[str, Any]) -> None:
        """Add one line that goes to the disk with the next `flush`: what is not there yet would be told again."""
        entry = {
            "line": self._lines + len(self._held),
            "previous": hashlib.sha256(self._held[-1]).hexdigest() if self._held else self._head,
            "time": self._clock(),
            "event": event,
            **facts,
        }
        self._held.append((json.dumps(entry, ensure_ascii=True) + "\n").encode())

    def flush(self) -> None:
        """Bring the lines that are held to the disk. Raises OutputError; the log is then as it was before them."""
        held, self._held = self._held, []
        if not held:
            return
        data = b"".join(held)
        length = self._path.stat().st_size if self._path.exists() else 0
        try:
            with self._path.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            if self._path.exists():
                os.truncate(self._path, length)  # cutting needs no room on a full disk
            raise OutputError(f"{self._path}: cannot be written: {error.strerror or error}") from error
        self._lines += len(held)
        self._head = hashlib.sha256(held[-1]).hexdigest()


def verify(path: Path) -> LogState:
    """Check the whole chain. Raises RunError, naming the first line (1-based) that does not fit."""
    head, lines, event = FIRST, 0, ""
    try:
        with path.open("rb") as file:
            for data in file:
                event = _event_of(data, lines, head, path)
                head = hashlib.sha256(data).hexdigest()
                lines += 1
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror or error}") from error
    return LogState(lines, head, event == "finish")


def read_events(path: Path) -> list[dict[str, Any]]:
    """All events of a sound log, in order. Raises RunError as `verify` does."""
    return list(iter_events(path))


def iter_events(path: Path) -> Iterator[dict[str, Any]]:
    """The same, one after the other. The whole chain is checked before the first is given."""
    verify(path)
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def _event_of(data: bytes, position: int, head: str, path: Path) -> str:
    where = f"{path}, line {position + 1}"
    if not data.endswith(b"\n"):
        raise RunError(f"{where}: cut off in mid-line")
    try:
        entry = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RunError(f"{where}: damaged: {error}") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("event"), str):
        raise RunError(f"{where}: not an event of a run log")
    if entry.get("previous") != head or entry.get("line") != position:
        raise RunError(f"{where}: does not follow the line before it: a line was changed, dropped or moved")
    return str(entry["event"])


def _set_torn_line_aside(path: Path) -> dict[str, Any] | None:
    # A line without its newline was never finished. Its bytes get a file of their own before they are cut off.
    if not path.exists():
        return None
    kept, torn = _torn_end(path)
    if not torn:
        return None
    digest = hashlib.sha256(torn).hexdigest()
    aside = path.with_name(f"{path.name}.torn-{digest[:12]}")
    write_bytes(aside, torn)
    os.truncate(path, kept)
    return {"file": aside.name, "bytes": len(torn), "sha256": digest}


def _torn_end(path: Path) -> tuple[int, bytes]:
    """Where the last whole line ends, and what stands after it; the log itself may be long."""
    torn = b""
    with path.open("rb") as file:
        at = file.seek(0, os.SEEK_END)
        while at > 0:
            begin = max(0, at - (1 << 16))
            file.seek(begin)
            torn = file.read(at - begin) + torn
            if (newline := torn.rfind(b"\n")) >= 0:
                return begin + newline + 1, torn[newline + 1 :]
            at = begin
    return 0, torn
