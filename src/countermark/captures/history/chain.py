"""The chain of a history: JSON Lines, each line holding the SHA-256 of the line before it.

A changed, dropped or moved line breaks the chain behind it. That lines were cut off at the end a chain cannot show: for
that there are the time stamps, or a note of the last digest (`head`) kept elsewhere. The order of the first fields is
fixed, so that `sed` and `sha256sum` can follow the chain (see `recipe`).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CHAIN: Final = "chain.jsonl"
FIRST: Final = "0" * 64
"""What the first line holds in place of the digest of a line before it."""
CAPTURE: Final = "capture"
STAMP: Final = "stamp"
MAX_CHAIN: Final = 256 << 20
_NAME: Final = re.compile(r"[0-9]{6,9}-[0-9]{8}T[0-9]{6}Z\.warc\.gz|stamps/[0-9]{6,9}\.tsr")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `file` is the capture or the stamp that it tells of, `digest` that file's SHA-256."""

    line: int
    time: str
    event: str
    file: str
    digest: str
    facts: Mapping[str, Any]
    data: bytes

    @property
    def head(self) -> str:
        """The SHA-256 of the line with its end, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def read_chain(folder: Path) -> list[Entry]:
    """All lines of the history in a folder, checked. Raises InputError, naming the first line that does not fit."""
    path = folder / CHAIN
    try:
        size = path.stat().st_size
        if size > MAX_CHAIN:
            raise InputError(f"{path}: has {size:,} bytes; up to {MAX_CHAIN:,} are read")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: no history: {error.strerror or error}; the folder that `countermark reserve history capture` "
            "wrote is accepted"
        ) from error
    entries: list[Entry] = []
    for line in data.splitlines(keepends=True):
        entries.append(_entry(line, entries[-1] if entries else None, f"{path}, line {len(entries) + 1}"))
    if not entries:
        raise InputError(f"{path}: is empty")
    return entries


def _entry(data: bytes, before: Entry | None, where: str) -> Entry:
    if not data.endswith(b"\n"):
        raise InputError(f"{where}: cut off in mid-line")
    try:
        facts = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: damaged: {error}") from None
    number = before.line + 1 if before else 1
    if not isinstance(facts, dict) or not _has_shape(facts):
        raise InputError(f"{where}: is no line of a history")
    if facts["line"] != number or facts["previous"] != (before.head if before else FIRST):
        raise InputError(f"{where}: does not follow the line before it: a line was changed, dropped or moved")
    if before and facts["time"] < before.time:
        raise InputError(f"{where}: is dated {facts['time']}, before the line before it ({before.time})")
    return Entry(number, facts["time"], facts["event"], facts["file"], facts["sha256"], facts, data)


def _has_shape(facts: Mapping[str, Any]) -> bool:
    """Whether a line has what all have; and nothing that would lead out of the folder."""
    return (
        type(facts.get("line")) is int
        and all(isinstance(facts.get(name), str) for name in ("previous", "time", "file", "sha256"))
        and facts.get("event") in {CAPTURE, STAMP}
        and bool(_NAME.fullmatch(facts["file"]))
        and bool(_DIGEST.fullmatch(facts["sha256"]))
        and bool(_TIME.fullmatch(facts["time"]))
        and (facts["event"] == STAMP or _tells_of_a_capture(facts))
    )


def _tells_of_a_capture(facts: Mapping[str, Any]) -> bool:
    pages = facts.get("pages")
    return (
        isinstance(facts.get("agent"), str)
        and isinstance(pages, list)
        and all(isinstance(page, str) for page in pages)
        and _all_have(facts.get("responses"), ("asked", "url", "payload", "record"))
        and all(type(one.get("status")) is int for one in facts["responses"])
        and _all_have(facts.get("failed"), ("asked", "reason", "message"))
    )


def _all_have(rows: object, names: tuple[str, ...]) -> bool:
    """Whether something is a list of objects with texts under these names."""
    return isinstance(rows, list) and all(
        isinstance(row, dict) and all(isinstance(row.get(name), str) for name in names) for row in rows
    )


def next_line(entries: list[Entry], time: str, event: str, file: str, digest: str, **more: Any) -> Entry:
    """The line that follows. Raises InputError where its time is before that of the last line."""
    before = entries[-1] if entries else None
    if before and time < before.time:
        raise InputError(
            f"the clock says {time}, and the last line of the history is dated {before.time}: set the clock right; "
            "nothing was written"
        )
    facts = {
        "line": before.line + 1 if before else 1,
        "previous": before.head if before else FIRST,
        "time": time,
        "event": event,
        "file": file,
        "sha256": digest,
        **more,
    }
    data = json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
    return Entry(facts["line"], time, event, file, digest, facts, data)


def captures_of(entries: list[Entry]) -> list[Entry]:
    """The lines that tell of captures."""
    return [entry for entry in entries if entry.event == CAPTURE]
