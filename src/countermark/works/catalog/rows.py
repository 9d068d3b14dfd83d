"""Rows of a catalog as entries and works, and the digest over all of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import orjson

from countermark.errors import CatalogError
from countermark.works.catalog.facts import from_facts, read_entry
from countermark.works.catalog.merge import merge
from countermark.works.entry import CatalogWork, Entry, Source

if TYPE_CHECKING:
    import sqlite3

_RECORD: Final = (
    "SELECT f.name, r.line, r.record, r.body FROM records AS r JOIN files AS f ON f.n = r.file WHERE r.n = ?"
)
_BATCH: Final = 256
_CONTENT: Final = (
    "SELECT 'input', name, format, digest, size, '' FROM inputs ORDER BY n",
    "SELECT 'record', r.n, f.name, line, record, body FROM records AS r JOIN files AS f ON f.n = r.file ORDER BY r.n",
    "SELECT 'work', n, work_id, coalesce(facts, ''), '', '' FROM works ORDER BY n",
    "SELECT 'member', work, record, '', '', '' FROM members ORDER BY work, record",
    "SELECT 'conflict', work, field, kept, said, '' FROM conflicts ORDER BY n",
    "SELECT 'suggestion', work, other, reason, '', '' FROM suggestions ORDER BY n",
    "SELECT 'refusal', file, line, reason, detail, '' FROM refusals ORDER BY n",
)


def stored_record(db: sqlite3.Connection, number: int) -> tuple[Source, Any]:
    """Where a record stands and its body as JSON; raises CatalogError where there is none, or it is damaged."""
    row = db.execute(_RECORD, (number,)).fetchone()
    if row is None:
        raise CatalogError(f"record {number} is missing")
    return Source(*row[:3]), _json(row[3])


def record_of(db: sqlite3.Connection, number: int) -> Entry:
    """A record; raises CatalogError where there is none, or it is damaged."""
    source, body = stored_record(db, number)
    return read_entry(body, source)


def entry_of(file: str, line: int, record: str, body: str) -> Entry:
    """The entry of a row of records."""
    return read_entry(_json(body), Source(file, line, record))


WORKS: Final = (
    "SELECT w.work_id, w.facts, f.name, r.line, r.record, r.body FROM works AS w "
    "LEFT JOIN records AS r ON w.facts IS NULL AND r.n = w.n LEFT JOIN files AS f ON f.n = r.file"
)
"""The rows that `work_of` takes. A work has the number of its first record."""


def work_of(
    work_id: str, facts: str | None, file: str | None, line: int, record: str, body: str
) -> CatalogWork:
    """The work of a row of WORKS: what is written of it, or else what its one record says."""
    if facts is not None:
        told = _json(facts)
        if not isinstance(told, dict):
            raise CatalogError("a work's facts are a JSON object")
        return from_facts({"work_id": work_id} | told)
    if file is None:
        raise CatalogError(f"work {work_id} has neither facts nor a record")
    return merge([entry_of(file, line, record, body)], work_id)


def content_digest(db: sqlite3.Connection) -> str:
    """SHA-256 (hex) over every row but those of `meta`, in order, values separated by 0x1F and rows by 0x1E."""
    state = hashlib.sha256()
    for query in _CONTENT:
        rows = db.execute(query)
        while batch := rows.fetchmany(_BATCH):
            state.update("".join(["\x1f".join(map(str, row)) + "\x1e" for row in batch]).encode())
    return state.hexdigest()


def _json(text: object) -> Any:
    try:
        return orjson.loads(text)  # type: ignore[arg-type]
    except (orjson.JSONDecodeError, TypeError) as error:
        raise CatalogError(f"a body is no JSON ({error})") from None
