"""The order of the works list: what can be claimed first, then what was found, then the rest; by title within."""

from __future__ import annotations

import sqlite3
from array import array
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from countermark.claims.found import COUNTED
from countermark.errors import OutputError
from countermark.works.identity import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LONGEST: Final = 200  # letters of a title by which it is ordered


def ordered(lines: Iterable[tuple[int, Mapping[str, Any]]]) -> array[int]:
    """Where each line of works.jsonl begins, in the order of the list; `lines` are (byte, line) as the file has them.

    The keys lie in a database of SQLite that is on disk and without a name, so that ten million works fit: eight
    bytes of memory for each. Raises OutputError where that disk is full.
    """
    try:
        return _sorted(lines)
    except sqlite3.Error as error:
        raise OutputError(
            f"the works list cannot be put in order ({error}); is the temporary folder full?"
        ) from error


def _sorted(lines: Iterable[tuple[int, Mapping[str, Any]]]) -> array[int]:
    with closing(sqlite3.connect("")) as keys:
        keys.execute("CREATE TABLE keys (rank INTEGER, title TEXT, work_id TEXT, at INTEGER)")
        keys.executemany("INSERT INTO keys VALUES (?, ?, ?, ?)", (_key(at, line) for at, line in lines))
        found = keys.execute("SELECT at FROM keys ORDER BY rank, title, work_id, at")
        return array("Q", (at for (at,) in found))


def _key(at: int, line: Mapping[str, Any]) -> tuple[int, str, str, int]:
    title = fold_name(str(line.get("title", "")))[:_LONGEST]
    return rank(line), _writable(title), _writable(str(line["work_id"])), at


def rank(line: Mapping[str, Any]) -> int:
    """0 where some rule lets the work be claimed, 1 where it was found, else 2: a name alone is no finding."""
    if any(way.get("claimable") for way in line.get("rules", {}).values()):
        return 0
    return 1 if any(one.get("status") in COUNTED for one in line.get("found", ())) else 2


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
