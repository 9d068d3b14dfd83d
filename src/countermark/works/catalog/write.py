"""Writing a catalog: records are stored as they come, then joined into works.

Memory holds some thirty bytes for each record; all else is in the file that is being made. It appears under its name
when it is whole, and the same items give the same bytes (with the same SQLite).
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import orjson

from countermark.atomic import temporary_beside
from countermark.errors import OutputError
from countermark.media import Refusal
from countermark.works.catalog import schema
from countermark.works.catalog.alike import joined
from countermark.works.catalog.evidence import author_of, evidence_of, fold, name_id
from countermark.works.catalog.facts import as_facts, entry_body
from countermark.works.catalog.grouping import Dispute, Groups, group_records, guard_of
from countermark.works.catalog.merge import merge
from countermark.works.catalog.naming import chosen_id, derived_id, named_id, number_equals
from countermark.works.catalog.rows import content_digest, record_of, stored_record
from countermark.works.entry import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy.typing as npt

    from countermark.works.entry import Entry
    from countermark.works.identifiers import Identifier

_BATCH: Final = 128
"""Rows that wait to be written: few enough to stay in the processor's caches (ten times as many cost a tenth more)."""
_LONGEST_NAME: Final = 500
_SHOWN: Final = 10

SUGGESTED: Final = "same title and author"


class InputFile(NamedTuple):
    """One file that was imported: its name, format, SHA-256 (hex) and bytes."""

    name: str
    format: str = ""
    digest: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import made. `merged` are records that joined another one's work; `conflicts` count things said.

    `refused` counts refusals by reason.
    """

    works: int
    records: int
    merged: int
    conflicts: int
    suggestions: int
    refused: dict[str, int]
    digest: str


def write_catalog(
    path: Path,
    items: Iterable[Entry | Refusal],
    *,
    inputs: Iterable[InputFile] = (),
    engine: str = "",
    same: Iterable[tuple[Identifier, Identifier]] = (),
) -> ImportSummary:
    """Write the catalog of `items` to `path`, whole or not at all, in the place of what stands there.

    `inputs` is read after `items`. `engine` is the version that is noted. `same` are pairs that the user says are one
    work; `Identifier("work_id", …)` names a record by its chosen work_id. Raises OutputError.
    """
    temporary = temporary_beside(path)
    try:
        temporary.unlink(missing_ok=True)
        temporary.touch()
        with contextlib.closing(sqlite3.connect(temporary, isolation_level=None)) as db:
            summary = _Writing(db).write(items, inputs, engine, list(same))
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})") from error
    except sqlite3.Error as error:
        raise OutputError(f"{path}: cannot be written ({error})") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return summary


@dataclass(slots=True)
class _Spool:
    """What is kept in memory of each record."""

    names: array[int] = field(default_factory=lambda: array("Q"))
    guards: array[int] = field(default_factory=lambda: array("Q"))
    rich: bytearray = field(
        default_factory=bytearray
    )  # 1: more to merge than one edition; 2: has a chosen work_id


class _Writing:
    """One catalog in the making."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._spool = _Spool()
        self._files: dict[str, int] = {}
        self._refused: Counter[str] = Counter()
        settings = (
            f"page_size = {schema.PAGE}",
            "journal_mode = OFF",
            "synchronous = OFF",
            "cache_size = -65536",
        )
        for pragma in (
            *settings,
            f"application_id = {schema.APPLICATION_ID}",
            f"user_version = {schema.VERSION}",
        ):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        for table in schema.TABLES:
            db.execute(table)

    def write(
        self,
        items: Iterable[Entry | Refusal],
        inputs: Iterable[InputFile],
        engine: str,
        same: list[tuple[Identifier, Identifier]],
    ) -> ImportSummary:
        """All of it."""
        self._store(items)
        db = self._db
        db.executemany("INSERT INTO inputs (name, format, digest, size) VALUES (?, ?, ?, ?)", [*inputs])
        db.execute(schema.IDENTIFIERS_INDEX)
        db.execute(schema.RECORD_INDEX)
        pairs = [(*one, *other) for one, other in same]
        groups, disputes = group_records(db, self._spool.guards, self._read, pairs)
        roots, shared = self._shared_names(groups)
        works, merged = self._works(groups, disputes, roots, shared)
        number_equals(db)
        db.execute(schema.WORKS_INDEX)
        db.execute(schema.MEMBERS_INDEX)
        suggestions = self._suggest(roots, shared)
        return self._close(works, merged, suggestions, engine)

    def _close(self, works: int, merged: int, suggestions: int, engine: str) -> ImportSummary:
        db = self._db
        digest = content_digest(db)
        db.executemany("INSERT INTO meta VALUES (?, ?)", [("digest", digest), ("engine", engine)])
        db.execute("COMMIT")
        (conflicts,) = db.execute("SELECT count(*) FROM conflicts").fetchone()
        reasons = dict(sorted(self._refused.items()))
        return ImportSummary(works, len(self._spool.names), merged, conflicts, suggestions, reasons, digest)

    def _store(self, items: Iterable[Entry | Refusal]) -> None:
        records: list[tuple[Any, ...]] = []
        identifiers: list[tuple[Any, ...]] = []
        refusals: list[tuple[Any, ...]] = []
        for item in items:
            if isinstance(item, Refusal):
                self._refused[item.reason] += 1
                refusals.append((clean(item.where), item.row, item.reason, clean(item.detail)))
            else:
                self._add(item, records, identifiers)
            if len(records) + len(refusals) >= _BATCH:
                self._flush(records, identifiers, refusals)
        self._flush(records, identifiers, refusals)

    def _flush(self, records: list[Any], identifiers: list[Any], refusals: list[Any]) -> None:
        db = self._db
        db.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", records)
        db.executemany("INSERT INTO identifiers VALUES (?, ?, ?, ?)", identifiers)
        db.executemany("INSERT INTO refusals (file, line, reason, detail) VALUES (?, ?, ?, ?)", refusals)
        for rows in (records, identifiers, refusals):
            rows.clear()

    def _add(self, entry: Entry, records: list[tuple[Any, ...]], identifiers: list[tuple[Any, ...]]) -> None:
        spool = self._spool
        number = len(spool.names)
        file, line, record = entry.source
        title = fold(entry.title)
        name = name_id(title, fold(author_of(entry)))
        spool.names.append(int(name[1:], 16) if name else 0)
        spool.guards.append(guard_of(entry, title))
        spool.rich.append((len(entry.editions) > 1 or len(entry.rights) > 1) | (2 if entry.work_id else 0))
        records.append(
            (number, self._file(file), line, clean(record), title[:_LONGEST_NAME], as_json(entry_body(entry)))
        )
        identifiers += [
            (number, place, clean(scheme), clean(value)) for place, scheme, value in evidence_of(entry)
        ]

    def _file(self, name: str) -> int:
        number = self._files.get(name)
        if number is None:
            number = self._files[name] = len(self._files)
            self._db.execute("INSERT INTO files VALUES (?, ?)", (number, clean(name)))
        return number

    def _read(self, number: int) -> Entry:
        return record_of(self._db, number)

    def _shared_names(self, groups: Groups) -> tuple[npt.NDArray[np.int64], set[int]]:
        """The root of each record, and the name identifiers that several works have."""
        size = len(self._spool.names)
        roots = np.fromiter(map(groups.root, range(size)), dtype=np.int64, count=size)
        names = np.frombuffer(self._spool.names, dtype=np.uint64) if size else np.zeros(0, np.uint64)
        order = np.argsort(names, kind="stable")
        ordered, of = names[order], roots[order]
        differ = (ordered[1:] == ordered[:-1]) & (of[1:] != of[:-1]) & (ordered[1:] != 0)
        return roots, set(np.unique(ordered[1:][differ]).tolist())

    def _works(
        self, groups: Groups, disputes: list[Dispute], roots: npt.NDArray[np.int64], shared: set[int]
    ) -> tuple[int, int]:
        """Write the works and their members; how many works, and how many records joined another."""
        disputed = {dispute.identifier for dispute in disputes}
        known = self._conflicts(disputes)
        evidence: dict[int, list[str]] = {}
        for record, names in groups.merged_by.items():
            told = evidence.setdefault(groups.root(record), names)
            if told is not names:
                told += names
        count = merged = 0
        works: list[tuple[int, str, str | None]] = []
        members: list[tuple[int, int]] = []
        for root, records in _grouped(roots):
            conflicts = [one for n in records for one in known.get(n, ())] if known else []
            work_id = self._work_id(records, shared, disputed)
            facts = None
            if len(records) > 1 or conflicts or self._spool.rich[root] & 1:
                merged += len(records) - 1
                facts = self._merge(root, records, work_id, sorted(evidence.pop(root, ())), conflicts)
            count += 1
            works.append((root, work_id, facts))
            members += [(root, n) for n in records]
            if len(works) >= _BATCH:
                self._put(works, members)
        self._put(works, members)
        return count, merged

    def _put(self, works: list[tuple[int, str, str | None]], members: list[tuple[int, int]]) -> None:
        self._db.executemany("INSERT INTO works VALUES (?, ?, ?)", works)
        self._db.executemany("INSERT INTO members VALUES (?, ?)", members)
        works.clear()
        members.clear()

    def _work_id(self, records: list[int], shared: set[int], disputed: set[str]) -> str:
        spool = self._spool
        name = spool.names[records[0]]
        if len(records) == 1 and name and name not in shared and not spool.rich[records[0]] & 2:
            return f"w{name:016x}"  # nearly every work
        if any(spool.rich[n] & 2 for n in records) and (chosen := chosen_id(self._db, records)):
            return chosen
        return named_id([spool.names[n] for n in records], shared) or derived_id(self._db, records, disputed)

    def _merge(
        self, root: int, records: list[int], work_id: str, evidence: list[str], conflicts: list[Conflict]
    ) -> str:
        if not conflicts:
            sources, bodies = zip(*(stored_record(self._db, n) for n in records), strict=True)
            if (alike := joined(bodies, sources, evidence)) is not None:
                return as_json(alike)
        entries = [self._read(n) for n in records]
        chosen = [(entry.work_id, entry.source) for entry in entries if entry.work_id]
        if len({value for value, _ in chosen}) > 1:
            conflicts.append(Conflict("work_id", tuple(chosen[:_SHOWN]), work_id))
        work = merge(entries, work_id, evidence, conflicts)
        facts = as_facts(work)
        del facts["work_id"]  # it stands beside the facts, and may be numbered later
        told = facts.get("conflicts", ())
        rows = [(root, one["field"], one["kept"], as_json(one["said"])) for one in told]
        self._db.executemany("INSERT INTO conflicts (work, field, kept, said) VALUES (?, ?, ?, ?)", rows)
        return as_json(facts)

    def _conflicts(self, disputes: list[Dispute]) -> dict[int, list[Conflict]]:
        """What is shown of disputes, by record; each names the first records that take part."""
        known: dict[int, list[Conflict]] = {}
        for dispute in disputes:
            read = [self._read(n) for n in dispute.records[:_SHOWN]]
            said = tuple((entry.title or entry.source.record, entry.source) for entry in read)
            one = Conflict(f"identifier {dispute.identifier}", said, f"apart: {dispute.reason}")
            for n in dispute.records:
                known.setdefault(n, []).append(one)
        return known

    def _suggest(self, roots: npt.NDArray[np.int64], shared: set[int]) -> int:
        """Note works with the same title and author, each with the first of them."""
        if not shared:
            return 0
        names = np.frombuffer(self._spool.names, dtype=np.uint64)
        numbers = np.flatnonzero(np.isin(names, np.fromiter(shared, np.uint64, len(shared))))
        first: dict[int, int] = {}
        told: set[tuple[int, int]] = set()
        for name, root in zip(names[numbers].tolist(), roots[numbers].tolist(), strict=True):
            other = first.setdefault(name, root)
            if other != root:
                told.add((other, root))
        rows = [(work, other, SUGGESTED) for work, other in sorted(told)]
        self._db.executemany("INSERT INTO suggestions (work, other, reason) VALUES (?, ?, ?)", rows)
        return len(rows)


def _grouped(roots: npt.NDArray[np.int64]) -> Iterator[tuple[int, list[int]]]:
    """Each root with its records, in order."""
    order = np.argsort(roots, kind="stable")
    ordered = roots[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    ends = np.append(starts[1:], len(roots))[: len(starts)]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield int(ordered[start]), order[start:end].tolist()


def clean(text: str) -> str:
    """`text` as SQLite can hold it: what is no character is a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def as_json(value: object) -> str:
    """Compact JSON."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # half of a surrogate pair, or a number beyond 64 bits
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return written.encode("utf-8", "replace").decode()


__all__ = ["ImportSummary", "InputFile", "write_catalog"]
