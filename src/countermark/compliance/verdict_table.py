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

from countermark.captures.at_capture import FORMAT
from countermark.captures.instants import not_after
from countermark.compliance.judging import AGENTS_REFUSED, UNKNOWN, Answered, Joined
from countermark.compliance.moments import moment
from countermark.errors import InputError
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import USES, Answer, Use, strictness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Self

_ROWS: Final = 16384
_COLUMNS: Final = (
    "record_url", "record_date", *(f"reservation_{use}" for use in USES), "reservation_basis", "reservation_terms",
    "reservation_remarks",
)  # fmt: skip
_ANSWERS: Final = frozenset(Answer)


class VerdictTable:
    """One or several such files; use as a context manager."""

    def __init__(self, paths: tuple[Path, ...], agent: str) -> None:
        """Load the tables. Raises InputError for one that is none, or was made for another agent."""
        self._agent = agent
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

    def find(self, url: str, date: str) -> Joined | None:
        """The verdict of that second, or of that day where one side knows the day only; the strictest of several."""
        found: dict[Use, Answered] = {}
        refused = False
        rows = self._base.execute(
            "SELECT date, answers, said FROM verdict WHERE key = ? ORDER BY date, answers, said", (_key(url),)
        )
        for said_on, answers, said in rows:
            if not (not_after(date, said_on) and not_after(said_on, date)):
                continue
            refused = refused or json.loads(said)[3]
            for use, answer in zip(USES, map(Answer, answers.split()), strict=True):
                if use not in found or strictness(answer) > strictness(found[use].answer):
                    found[use] = _told(answer, json.loads(said))
        return Joined(found, refused) if found else None

    def _load(self, path: Path) -> None:
        try:
            with pq.ParquetFile(path) as file:
                missing = set(_COLUMNS) - set(file.schema_arrow.names)
                if missing:
                    raise InputError(
                        f"{path}: no table of verdicts (it has no column {min(missing)}); accepted are those that "
                        "“countermark reserve at-capture” writes"
                    )
                self._check_agent(path, file.schema_arrow.metadata or {})
                for batch in file.iter_batches(_ROWS, columns=list(_COLUMNS), use_threads=False):
                    rows = list(_rows(batch.to_pylist(), path))
                    self._base.executemany("INSERT INTO verdict VALUES (?, ?, ?, ?)", rows)
                    self.rows += len(rows)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: no readable table of verdicts (Parquet): {error}") from error

    def _check_agent(self, path: Path, metadata: Mapping[bytes, bytes]) -> None:
        """A verdict holds for the agent that was asked about, and for no other."""
        agent = metadata.get(f"{FORMAT}.agent".encode())
        if agent is None:
            raise InputError(
                f"{path}: does not say for which agent its verdicts hold; make it again with “countermark reserve "
                "at-capture”"
            )
        made = agent.decode("utf-8", "replace")
        if made.lower() != self._agent.lower():
            raise InputError(
                f"{path}: its verdicts are for {_name(made)}, and asked is {_name(self._agent)}; give --agent {made}, "
                f"or make the table with “countermark reserve at-capture --agent {self._agent}”"
            )


def _name(agent: str) -> str:
    return "an agent that no rule names (*)" if agent == ANY_AGENT else agent


def _rows(rows: list[dict[str, Any]], path: Path) -> Iterator[tuple[bytes, str, str, str]]:
    for row in rows:
        url, date = row["record_url"], moment(row["record_date"])
        answers = [row[f"reservation_{use}"] for use in USES]
        if not all(answer in _ANSWERS for answer in answers):
            raise InputError(f"{path}: {url}: an answer is one of {', '.join(Answer)}")
        if not isinstance(url, str) or not url or date is None:
            continue
        refused = AGENTS_REFUSED in (row["reservation_remarks"] or ())
        said = [path.name, row["reservation_basis"] or "", " ".join(row["reservation_terms"] or ()), refused]
        yield _key(url), date, " ".join(answers), json.dumps(said)


def _told(answer: Answer, said: list[Any]) -> Answered:
    """The basis names who said so over all uses together; which of them decided this one is in the full verdict."""
    table, basis, terms, _ = said
    parts = [part for part in basis.split("; ") if " in " in part and not part.startswith("not known")]
    protocols = tuple(dict.fromkeys(part.partition(" in ")[0] for part in parts))
    if answer is Answer.UNKNOWN:
        return UNKNOWN
    return Answered(answer, protocols, "verdicts", table, basis, terms)


def _key(url: str) -> bytes:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()[:16]
