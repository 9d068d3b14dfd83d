"""The tables of a `.catalog` file, and the check that a file is one of ours."""

from __future__ import annotations

import os
import sqlite3
import stat
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from countermark.errors import CatalogError

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID: Final = 0x434D4341  # "CMCA"
VERSION: Final = 1
PAGE: Final = 8192
LONGEST: Final = 64 << 20
"""Bytes of one value that are read: SQLite alone would hand out a gigabyte, which a hostile file may claim."""

_COLUMNS: Final = {
    "meta": "name TEXT PRIMARY KEY, value TEXT NOT NULL",
    "inputs": "n INTEGER PRIMARY KEY, name TEXT NOT NULL, format TEXT NOT NULL, digest TEXT NOT NULL, "
    "size INTEGER NOT NULL",
    "files": "n INTEGER PRIMARY KEY, name TEXT NOT NULL",
    "records": "n INTEGER PRIMARY KEY, file INTEGER NOT NULL, line INTEGER NOT NULL, record TEXT NOT NULL, "
    "name TEXT NOT NULL, body TEXT NOT NULL",
    "identifiers": "record INTEGER NOT NULL, place TEXT NOT NULL, scheme TEXT NOT NULL, value TEXT NOT NULL",
    "works": "n INTEGER PRIMARY KEY, work_id TEXT NOT NULL, facts TEXT",
    "members": "work INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (work, record)",
    "conflicts": "n INTEGER PRIMARY KEY, work INTEGER NOT NULL, field TEXT NOT NULL, kept TEXT NOT NULL, "
    "said TEXT NOT NULL",
    "suggestions": "n INTEGER PRIMARY KEY, work INTEGER NOT NULL, other INTEGER NOT NULL, reason TEXT NOT NULL",
    "refusals": "n INTEGER PRIMARY KEY, file TEXT NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL, "
    "detail TEXT NOT NULL",
}
_WITHOUT_ROWID: Final = frozenset({"meta", "members"})
TABLES: Final = tuple(
    f"CREATE TABLE {name} ({columns})" + (" WITHOUT ROWID" if name in _WITHOUT_ROWID else "")
    for name, columns in _COLUMNS.items()
)
IDENTIFIERS_INDEX: Final = "CREATE INDEX by_identifier ON identifiers (scheme, value, record, place)"
RECORD_INDEX: Final = "CREATE INDEX by_record ON identifiers (record)"
WORKS_INDEX: Final = "CREATE UNIQUE INDEX by_work_id ON works (work_id)"
MEMBERS_INDEX: Final = "CREATE UNIQUE INDEX by_member ON members (record)"
_ALL: Final = frozenset({*TABLES, IDENTIFIERS_INDEX, RECORD_INDEX, WORKS_INDEX, MEMBERS_INDEX})

_ACCEPTED: Final = "a file written by `countermark catalog import` is accepted"


def connect(path: Path) -> sqlite3.Connection:
    """The catalog in `path`, read-only. Raises CatalogError where it is not ours, damaged or of another version.

    The header is read before SQLite sees the file, the tables must be exactly ours (no view, no trigger), and SQLite
    trusts nothing in it. A file that changes while it is read is none that Countermark writes.
    """
    _check_header(path)
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    try:
        db = sqlite3.connect(address, uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise CatalogError(f"{path}: cannot be opened ({error})") from None
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    try:
        for pragma in (
            "trusted_schema = OFF",
            "query_only = ON",
            "cell_size_check = ON",
            "cache_size = -65536",
        ):
            db.execute(f"PRAGMA {pragma}")
        found = {sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    except (sqlite3.Error, ValueError) as error:  # ValueError: a schema that is no UTF-8
        db.close()
        raise damaged(path, error) from None
    if found != _ALL:
        db.close()
        raise CatalogError(f"{path}: its tables are not those of a catalog; {_ACCEPTED}")
    return db


def damaged(path: Path, error: object) -> CatalogError:
    """What is said of a catalog that SQLite or the reader stumbles over."""
    return CatalogError(f"{path}: the catalog is damaged ({error}); import its sources again")


def is_catalog(head: bytes) -> bool:
    """Whether a file begins like a catalog of ours, of whatever version."""
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _check_header(path: Path) -> None:
    try:
        # Not blocking: a pipe that is given as a catalog would be waited for without end.
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise CatalogError(f"{path}: is no regular file; {_ACCEPTED}")
            head = file.read(100)
            size = file.seek(0, 2)
    except FileNotFoundError:
        raise CatalogError(f"{path}: there is no such file; {_ACCEPTED}") from None
    except OSError as error:
        raise CatalogError(f"{path}: cannot be read ({error.strerror}); {_ACCEPTED}") from None
    if not is_catalog(head) or len(head) < 100:
        raise CatalogError(f"{path}: is no catalog; {_ACCEPTED}")
    version = int.from_bytes(head[60:64], "big")
    if version != VERSION:
        raise CatalogError(
            f"{path}: is a catalog of version {version}; this Countermark reads version {VERSION}"
        )
    page = int.from_bytes(head[16:18], "big")
    if page != PAGE or int.from_bytes(head[28:32], "big") * PAGE != size:
        raise CatalogError(f"{path}: the catalog is cut off or damaged; import its sources again")
