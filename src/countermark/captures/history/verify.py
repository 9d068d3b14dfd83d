"""Whether a history is as it was written: the chain, every capture and what it holds, every time stamp."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.captures.history.chain import CAPTURE, CHAIN, STAMP, Entry, read_chain
from countermark.captures.history.stamps import FOLDER
from countermark.captures.history.warc_in import Record, capture_bytes, read_records
from countermark.captures.history.warc_out import sha256
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Protocol

    class JudgeStamp(Protocol):
        """Judge the stamp in a file over `data` with the certificates in another."""

        def __call__(self, response: Path, data: bytes, certificates: Path) -> Judged:
            """Never raises for what a file holds."""
            ...


CLOCKS_DIFFER: Final = 60
"""Seconds by which two sound clocks may differ."""
LATE: Final = 24 * 3600
"""Seconds from which another date, of a stamp or of a server, does not speak for the capture's own."""


class Judged(NamedTuple):
    """What a time stamp came out as: whether it holds, in words when and by whom or why not, and its time (ISO)."""

    holds: bool
    told: str
    time: str = ""


@dataclass(slots=True)
class Verified:
    """The outcome. `problems` begin with the first broken place; `stamps` are told by the line that they are over."""

    captures: int = 0
    responses: int = 0
    head: str = ""
    first: str = ""
    last: str = ""
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stamps: dict[int, Judged] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not self.problems


def verify(folder: Path, judge_stamp: JudgeStamp | None = None) -> Verified:
    """Check everything. Without `judge_stamp` the stamps are compared by digest only, which is noted. Never raises."""
    done = Verified()
    try:
        entries = read_chain(folder)
    except InputError as error:
        done.problems.append(str(error))
        return done
    done.head, done.first, done.last = entries[-1].head, entries[0].time, entries[-1].time
    for entry in entries:
        if entry.event == CAPTURE:
            _check_capture(done, folder, entry)
        else:
            _check_stamp(done, folder, entry, entries, judge_stamp)
    done.notes += [
        f"{name}: is not named by the chain, and proves nothing" for name in _strangers(folder, entries)
    ]
    return done


def _check_capture(done: Verified, folder: Path, entry: Entry) -> None:
    done.captures += 1
    try:
        records = list(read_records(capture_bytes(folder, entry), entry.file))
        responses = {record.id: record for record in records if record.kind == "response"}
        told = entry.facts["responses"]
        done.problems += [f"{entry.file}: {what}" for what in _differences(records)]
        done.problems += [
            f"{entry.file}: {what}"
            for one in told
            for what in _told_otherwise(one, responses.pop(one["record"]))
        ]
        done.problems += [f"{entry.file}: holds {one}, which the chain does not name" for one in responses]
        done.responses += len(told)
        done.notes += _dated_otherwise(entry, [record for record in records if record.kind == "response"])
    except InputError as error:
        done.problems.append(str(error))
    except KeyError as error:
        done.problems.append(
            f"{folder / CHAIN}, line {entry.line}: names a record that {entry.file} does not hold: {error}"
        )


def _differences(records: list[Record]) -> Iterator[str]:
    for record in records:
        if record.fields.get("warc-block-digest") != f"sha256:{sha256(record.block)}":
            yield f"record {record.id}: its block does not have the digest that it says"


def _told_otherwise(told: dict[str, Any], record: Record) -> Iterator[str]:
    message = record.message()
    payload = f"sha256:{sha256(message.payload)}"
    if not payload == told["payload"] == record.fields.get("warc-payload-digest"):
        yield f"record {record.id}: its payload does not have the digest that is said"
    if message.status != told["status"] or record.fields.get("warc-target-uri") != told["url"]:
        yield f"record {record.id}: has another address or status than the chain says"


def _dated_otherwise(entry: Entry, responses: list[Record]) -> Iterator[str]:
    """Told once, where a server's own Date field is far from the date that the capture gives itself."""
    for record in responses:
        said = record.message().headers.first("date")
        try:
            apart = parsedate_to_datetime(said) - datetime.fromisoformat(entry.time)
        except (ValueError, TypeError, OverflowError):  # no date, or one without a zone
            continue
        if abs(apart.total_seconds()) > LATE:
            yield f"{entry.file}: is dated {entry.time}, and the server dated its answer {said}"
            return


def _check_stamp(
    done: Verified, folder: Path, entry: Entry, entries: list[Entry], judge_stamp: JudgeStamp | None
) -> None:
    of = entry.facts.get("of")
    if type(of) is not int or not 1 <= of < entry.line or entries[of - 1].event != CAPTURE:
        done.problems.append(f"{folder / CHAIN}, line {entry.line}: is over no capture")
        return
    path = folder / entry.file
    certificates = path.with_suffix(".pem")
    for file, digest in ((path, entry.digest), (certificates, entry.facts.get("certificates"))):
        try:
            same = sha256(file.read_bytes()) == digest
        except OSError as error:
            done.problems.append(f"{file}: cannot be read: {error.strerror or error}")
            return
        if not same:
            done.problems.append(
                f"{file}: does not have the SHA-256 that line {entry.line} of the chain says"
            )
            return
    if judge_stamp is None:
        done.notes.append(f"{entry.file}: was not verified; that needs the extra claims, or `openssl ts`")
        return
    judged = judge_stamp(path, entries[of - 1].data, certificates)
    done.stamps[of] = judged
    if not judged.holds:
        done.problems.append(f"{entry.file}: does not hold: {judged.told}")
    elif judged.time:
        done.notes += _compared(entry.file, entries[of - 1].time, judged.time)


def _compared(file: str, captured: str, stamped: str) -> Iterator[str]:
    """What the time of a stamp says about the time that the capture gives itself."""
    seconds = (datetime.fromisoformat(stamped) - datetime.fromisoformat(captured)).total_seconds()
    if seconds < -CLOCKS_DIFFER:
        yield f"{file}: is dated {stamped}, before the capture ({captured}): the clock of the capture was ahead"
    elif seconds > LATE:
        yield (
            f"{file}: is dated {stamped}; the capture gives itself the date {captured}, which rests on the clock of "
            "the machine that made it"
        )


def _strangers(folder: Path, entries: list[Entry]) -> list[str]:
    named = {entry.file for entry in entries} | {CHAIN}
    for entry in entries:
        if entry.event == STAMP:
            named |= {entry.file[:-3] + end for end in ("pem", "tsq")}
    found = [path for group in (folder.glob("*"), (folder / FOLDER).glob("*")) for path in group]
    names = {path.relative_to(folder).as_posix() for path in found if not path.name.startswith(".")}
    return sorted(names - named - {FOLDER})
