"""Time stamps (RFC 3161) over a history: what is stamped, and how the answer is kept.

Stamped is one line of the chain, the last that tells of a capture. It holds the digest of the capture and, through the
line before it, of everything before. The authority sees the SHA-256 of that line and nothing else. Making requests and
judging responses is the work of `evidence.dossier`; here they are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.captures.history.chain import CAPTURE, STAMP, Entry, next_line, read_chain
from countermark.captures.history.keeping import add, held
from countermark.captures.history.warc_out import sha256
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOLDER: Final = "stamps"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A response that was judged sound: its bytes, the certificates (PEM), its time in seconds since 1970."""

    response: bytes
    certificates: bytes
    attime: int
    request: bytes | None = None


def to_be_stamped(folder: Path) -> Entry:
    """The line that a stamp is asked for. Raises InputError where it has one already, or the chain is broken."""
    return _last_unstamped(read_chain(folder), folder)


def _last_unstamped(entries: Sequence[Entry], folder: Path) -> Entry:
    captures = [entry for entry in entries if entry.event == CAPTURE]
    if not captures:
        raise InputError(f"{folder}: no capture to be stamped")
    if any(entry.event == STAMP and entry.facts.get("of") == captures[-1].line for entry in entries):
        raise InputError(f"{folder}: the last capture ({captures[-1].time}) has a time stamp already")
    return captures[-1]


def add_stamp(folder: Path, of: Entry, stamp: Stamp, time: str) -> Entry:
    """Keep a sound stamp over the line `of`, and say so in the chain. Raises InputError, RunError, OutputError."""
    with held(folder) as entries:
        if _last_unstamped(entries, folder).data != of.data:
            raise InputError(
                f"{folder}: another capture was made since the request; ask for a stamp once more"
            )
        name = f"{FOLDER}/{of.line:06}"
        files = {f"{name}.pem": stamp.certificates, f"{name}.tsr": stamp.response}
        if stamp.request is not None:
            files[f"{name}.tsq"] = stamp.request
        entry = next_line(
            entries,
            time,
            STAMP,
            f"{name}.tsr",
            sha256(stamp.response),
            of=of.line,
            attime=stamp.attime,
            certificates=sha256(stamp.certificates),
        )
        add(folder, entries, entry, files)
        return entry
