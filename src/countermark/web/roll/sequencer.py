"""The one that fills the log: what waits is appended in batches, outside any request, in one transaction each."""

from __future__ import annotations

import logging
import re
import secrets
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.db.models import Max

from countermark.roll import lines
from countermark.roll.hashing import UnusableFileError, canonical, commitment
from countermark.web.roll.appending import Appender, insert, update
from countermark.web.roll.changes import EMPTY
from countermark.web.roll.lock import sequencer_lock
from countermark.web.roll.models import Change, Entry, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from countermark.web.roll.source import Face, Source

logger = logging.getLogger(__name__)

BATCH: Final = 1_000
SHOWN: Final = (*EMPTY, "standing", "signature_id", "organisation_id", "committed")
COLUMNS: Final = ("number", "position", "kind", *SHOWN)


def tick(sources: Sequence[Source]) -> int:
    """Append what waits, changes first, up to `BATCH` of each kind, and sign a head; returns how many lines.

    Appends nothing where another sequencer is at work. All of it is one transaction: a crash leaves the tick before.
    """
    with sequencer_lock() as held:
        if not held:
            return 0
        with transaction.atomic():
            log = Appender()
            _append_changes(log, {source.kind: source for source in sources})
            for source in sources:
                _enter(log, source)
            return log.write()


def _enter(log: Appender, source: Source) -> None:
    faces = source.waiting(BATCH)
    if not faces:
        return
    number = Entry.objects.aggregate(last=Max("number"))["last"] or 0
    rows: list[list[Any]] = []
    numbers: dict[int, int] = {}
    for face in faces:
        committed = _commit(face)
        if committed is None:
            continue
        number += 1
        position = log.append(lines.entry(number, source.kind, committed.pop("commitment")))
        values = {
            **committed,
            "number": number,
            "position": position,
            "kind": source.kind,
            "committed": position,
        }
        rows.append([_adapted(values[column]) for column in COLUMNS])
        numbers[face.source_id] = number
    insert(Entry, COLUMNS, rows)
    source.entered(numbers)


def _commit(face: Face) -> dict[str, Any] | None:
    """A new salt and commitment for a face, and the columns of its entry; None where its record cannot be hashed."""
    try:
        record = canonical(dict(face.record))
    except UnusableFileError as error:
        logger.error("a record cannot be entered: %s", error, extra={"kind": face.kind})  # noqa: TRY400
        return None
    salt = secrets.token_bytes(16)
    person = face.kind == "person"
    return {
        "commitment": commitment(salt, record),
        "salt": salt,
        "record": record.decode(),
        "standing": Standing.LISTED.value,
        "signature_id": face.source_id if person else None,
        "organisation_id": face.organisation_id if person else face.source_id,
        "display": face.display,
        "name": face.name,
        "folded": face.folded,
        "trades": face.trades,
        "country": face.country,
        "organisation_name": face.organisation_name,
        "entered_on": face.entered_on,
    }


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if hasattr(value, "isoformat") else value


def _append_changes(log: Appender, sources: Mapping[str, Source]) -> None:
    changes = list(Change.objects.filter(leaf=None).order_by("id")[:BATCH])
    numbers = {change.number for change in changes}
    if not numbers:
        return
    rows = Entry.objects.select_for_update().filter(number__in=numbers).order_by("number")
    entries = {entry.number: entry for entry in rows}
    logged = Change.objects.filter(kind="withdrawal", number__in=numbers).exclude(leaf=None)
    gone = set(logged.values_list("number", flat=True))
    for change in changes:
        entry = entries.get(change.number)
        if entry is not None and change.number not in gone:
            change.leaf = _append_change(log, change, entry, sources)
            if change.leaf is not None and change.kind == "withdrawal":
                gone.add(change.number)
    _write_changes(changes, entries.values())


def _append_change(log: Appender, change: Change, entry: Entry, sources: Mapping[str, Source]) -> int | None:
    """Append one change and set the entry accordingly; None where the entry's standing leaves nothing to append."""
    if change.kind == "withdrawal":
        _set(entry, {**EMPTY, "signature_id": None, "organisation_id": None, "standing": Standing.WITHDRAWN})
        return log.append(lines.withdrawal(entry.number))
    if change.kind == "invalidation" and entry.standing == Standing.LISTED:
        _set(entry, {**EMPTY, "standing": Standing.INVALIDATED})
        return log.append(lines.invalidation(entry.number, _code(change.reason)))
    if (change.kind, entry.standing) in (
        ("amendment", Standing.LISTED),
        ("reinstatement", Standing.INVALIDATED),
    ):
        return _recommit(log, change.kind, entry, sources[entry.kind])
    return None


def _recommit(log: Appender, kind: str, entry: Entry, source: Source) -> int | None:
    """Commit to the newest face; the salt and record before are overwritten."""
    source_id = entry.signature_id if entry.kind == "person" else entry.organisation_id
    face = None if source_id is None else source.face(source_id)
    committed = None if face is None else _commit(face)
    if committed is None:
        return None
    line = lines.amendment if kind == "amendment" else lines.reinstatement
    position = log.append(line(entry.number, committed.pop("commitment")))
    _set(entry, {**committed, "committed": position})
    return position


def _set(entry: Entry, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(entry, name, value)


def _code(reason: str) -> str:
    """A reason as the log tells it: a code, never free text."""
    code = reason.strip().lower().replace("_", "-").replace(" ", "-")
    return code if re.fullmatch(r"[a-z0-9-]{1,40}", code, re.ASCII) else "other"


def _write_changes(changes: Sequence[Change], entries: Iterable[Entry]) -> None:
    update(
        Change, ["leaf"], "id", [(change.leaf, change.pk) for change in changes if change.leaf is not None]
    )
    idle = [change.pk for change in changes if change.leaf is None]
    if idle:
        logger.info("changes of the roll that change nothing", extra={"count": len(idle)})
        Change.objects.filter(pk__in=idle).delete()
    rows = [[*(_adapted(_plain(entry, name)) for name in SHOWN), entry.number] for entry in entries]
    update(Entry, SHOWN, "number", rows)


def _plain(entry: Entry, name: str) -> Any:
    value = getattr(entry, name)
    if name == "salt" and value is not None:
        return bytes(value)
    return str(value) if name == "standing" else value
