"""Tables of verdicts that `countermark reserve at-capture` wrote, looked up by address and date.

A table may have more rows than fit in memory: it is put into a temporary database on disk first.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from countermark.compliance.judging import UNKNOWN, Answered
from countermark.compliance.moments import moment
from countermark.errors import InputError
from countermark.reservations.use import USES, Answer, Use, strictness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Self

_ROWS: Final = 16384
_COLUMNS: Final = (
    "record_url", "record_date", *(f"reservation_{use}" for use in USES), "reservation_basis", "reservation_terms",
)  # fmt: skip
_ANSWERS: Final = frozenset(Answer)


class VerdictTable:
    """One or several such files; use as a context manager."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        """Load the tables. Raises InputError for one that is none."""
        self._folder = TemporaryDirectory(prefix="countermark-verdicts-")
        self._base = sqlite3.connect(f"{self._folder.name}/verdicts.db", isolation_level=None)
        self._base.execute("PRAGMA journal_mode=OFF")
        self._base.execute("PRAGMA synchronous=OFF")
        self._base.execute("CREATE TABLE verdict (key BLOB, date TEXT, answers TEXT, said TEXT)")
        self._base.execute("BEGIN")
        self.rows = 0
        try:
            for path in paths:
                self._load(path)
        except BaseException:
            self.close()
            raise
        self._base.execute("CREATE INDEX by_key ON verdict (key)")
        self._base.execute("COMMIT")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the database."""
        self._base.close()
        self._folder.cleanup()

    def find(self, url: str, date: str) -> Mapping[Use, Answered] | None:
        """The verdict of that second, or of that day where one side knows the day only; the strictest of several."""
        found: dict[Use, Answered] = {}
        rows = self._base.execute(
            "SELECT date, answers, said FROM verdict WHERE key = ? ORDER BY date, answers, said", (_key(url),)
        )
        for said_on, answers, said in rows:
            length = min(len(date), len(said_on))
            if date[:length] != said_on[:length]:
                continue
            for use, answer in zip(USES, map(Answer, answers.split()), strict=True):
                if use not in found or strictness(answer) > strictness(found[use].answer):
                    found[use] = _told(answer, json.loads(said))
        return found or None

    def _load(self, path: Path) -> None:
        try:
            with pq.ParquetFile(path) as file:
                missing = set(_COLUMNS) - set(file.schema_arrow.names)
                if missing:
                    raise InputError(
                        f"{path}: no table of verdicts (it has no column {min(missing)}); accepted are those that "
                        "“countermark reserve at-capture” writes"
                    )
                for batch in file.iter_batches(_ROWS, columns=list(_COLUMNS), use_threads=False):
                    rows = list(_rows(batch.to_pylist(), path))
                    self._base.executemany("INSERT INTO verdict VALUES (?, ?, ?, ?)", rows)
                    self.rows += len(rows)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: no readable table of verdicts (Parquet): {error}") from error


def _rows(rows: list[dict[str, Any]], path: Path) -> Iterator[tuple[bytes, str, str, str]]:
    for row in rows:
        url, date = row["record_url"], moment(row["record_date"])
        answers = [row[f"reservation_{use}"] for use in USES]
        if not all(answer in _ANSWERS for answer in answers):
            raise InputError(f"{path}: {url}: an answer is one of {', '.join(Answer)}")
        if not isinstance(url, str) or not url or date is None:
            continue
        said = [path.name, row["reservation_basis"] or "", " ".join(row["reservation_terms"] or ())]
        yield _key(url), date, " ".join(answers), json.dumps(said)


def _told(answer: Answer, said: list[str]) -> Answered:
    """The basis names who said so over all uses together; which of them decided this one is in the full verdict."""
    table, basis, terms = said
    parts = [part for part in basis.split("; ") if " in " in part and not part.startswith("not known")]
    protocols = tuple(dict.fromkeys(part.partition(" in ")[0] for part in parts))
    if answer is Answer.UNKNOWN:
        return UNKNOWN
    return Answered(answer, protocols, "verdicts", table, basis, terms)


def _key(url: str) -> bytes:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()[:16]
