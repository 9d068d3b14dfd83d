"""Reading a catalog.

with Catalog.open(Path("books.catalog")) as catalog:
    for work in catalog.works():
        …
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.catalog import schema
from countermark.works.catalog.evidence import fold, strength_of
from countermark.works.catalog.rows import WORKS, content_digest, entry_of, work_of
from countermark.works.catalog.write import InputFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from countermark.works.entry import CatalogWork, Entry

FOUND_MOST = 1_000


class Suggestion(NamedTuple):
    """Two works that may be one: what only a person can say."""

    work_id: str
    other_work_id: str
    reason: str


class Companion(NamedTuple):
    """A work that may be the same as another, and why."""

    work_id: str
    reason: str


class Catalog:
    """A catalog file, read-only. What is damaged in it raises CatalogError when it is met."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path = path
        self._db = db

    @classmethod
    def open(cls, path: Path) -> Self:
        """The catalog in `path`; raises CatalogError where it is none, damaged or of another version."""
        return cls(path, schema.connect(path))

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        """How many works."""
        return int(self._rows("SELECT count(*) FROM works")[0][0])

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over the logical content: the same inputs in the same order have the same."""
        with self._sound():
            return content_digest(self._db)

    @cached_property
    def stated_digest(self) -> str:
        """The digest that was written into the file when it was made; another than `digest` if it was changed since."""
        return self._meta("digest")

    @property
    def engine(self) -> str:
        """The version of Countermark that made the file."""
        return self._meta("engine")

    def works(self, work_ids: Iterable[str] | None = None) -> Iterator[CatalogWork]:
        """The works in the order of their work_id, one at a time; only those of `work_ids` where given."""
        if work_ids is not None:
            yield from (work for work_id in sorted(set(work_ids)) if (work := self.work(work_id)) is not None)
            return
        with self._sound():
            for row in self._db.execute(f"{WORKS} ORDER BY w.work_id"):
                yield work_of(*row)

    def work(self, work_id: str) -> CatalogWork | None:
        """One work, or None."""
        with self._sound():
            row = self._db.execute(f"{WORKS} WHERE w.work_id = ?", (work_id,)).fetchone()
            return None if row is None else work_of(*row)

    def find(self, text: str) -> list[str]:
        """The work_id of the works that `text` means: a work_id, an identifier in any form, or words of titles.

        Of titles, those that are the words come first, then by title; at most FOUND_MOST are given.
        """
        text = text.strip()
        if self._rows("SELECT 1 FROM works WHERE work_id = ?", text):
            return [text]
        return self._by_identifier(text) or self._by_title(fold(text))

    def suggestions(self) -> Iterator[Suggestion]:
        """Works that may be one, and why; nothing was merged."""
        query = (
            "SELECT a.work_id, b.work_id, s.reason FROM suggestions AS s JOIN works AS a ON a.n = s.work "
            "JOIN works AS b ON b.n = s.other ORDER BY s.n"
        )
        yield from (Suggestion(*row) for row in self._each(query))

    def suggested(self, work_id: str) -> list[Companion]:
        """The works that may be the same as this one, at most FOUND_MOST."""
        query = (
            "SELECT CASE WHEN a.work_id = ?1 THEN b.work_id ELSE a.work_id END, s.reason FROM suggestions AS s "
            "JOIN works AS a ON a.n = s.work JOIN works AS b ON b.n = s.other "
            "WHERE s.work = (SELECT n FROM works WHERE work_id = ?1) "
            "OR s.other = (SELECT n FROM works WHERE work_id = ?1) ORDER BY s.n LIMIT ?2"
        )
        return [Companion(*row) for row in self._rows(query, work_id, FOUND_MOST)]

    def pair_name(self, work_id: str) -> str:
        """What a list of pairs (`--same`) may call a work: its chosen work_id, or else its strongest identifier.

        Only what no other work carries; the empty string where there is none.
        """
        query = (
            "SELECT DISTINCT i.scheme, i.value FROM identifiers AS i JOIN members AS m ON m.record = i.record "
            "JOIN works AS w ON w.n = m.work WHERE w.work_id = ?1 AND i.place IN ('work', 'edition') "
            "AND i.scheme != 'sha256' AND NOT EXISTS (SELECT 1 FROM identifiers AS j JOIN members AS o "
            "ON o.record = j.record WHERE j.scheme = i.scheme AND j.value = i.value AND o.work != m.work)"
        )
        # A comma, semicolon or tab would divide the line of the list.
        told = [pair for pair in self._rows(query, work_id) if not set(',;\t"\n') & set("".join(pair))]
        told.sort(key=lambda pair: (pair[0] != "work_id", strength_of(pair[0]), pair))
        return ":".join(told[0]) if told else ""

    def refusals(self) -> Iterator[Refusal]:
        """What the import could not use, in its order."""
        query = "SELECT file, line, reason, detail FROM refusals ORDER BY n"
        yield from (Refusal(*row) for row in self._each(query))

    def entries(self) -> Iterator[Entry]:
        """The records as they were imported, in their order."""
        query = "SELECT f.name, r.line, r.record, r.body FROM records AS r JOIN files AS f ON f.n = r.file ORDER BY r.n"
        yield from (entry_of(*row) for row in self._each(query))

    def inputs(self) -> list[InputFile]:
        """The files that were imported."""
        return [
            InputFile(*row) for row in self._rows("SELECT name, format, digest, size FROM inputs ORDER BY n")
        ]

    def counts(self) -> dict[str, int]:
        """Works, records, conflicts, works with one, suggestions and refusals."""
        tables = ("works", "records", "conflicts", "suggestions", "refusals")
        counts = {name: int(self._rows(f"SELECT count(*) FROM {name}")[0][0]) for name in tables}  # noqa: S608
        disputed = self._rows("SELECT count(DISTINCT work) FROM conflicts")[0][0]
        return counts | {"works_in_conflict": int(disputed)}

    def refused(self) -> dict[str, int]:
        """Refusals counted by reason."""
        query = "SELECT reason, count(*) FROM refusals GROUP BY reason ORDER BY reason"
        return {reason: int(count) for reason, count in self._rows(query)}

    def _by_identifier(self, text: str) -> list[str]:
        found = {(scheme, value) for scheme, value in _identifiers(text)}
        query = (
            "SELECT DISTINCT w.work_id FROM identifiers AS i JOIN members AS m ON m.record = i.record JOIN works AS w "
            "ON w.n = m.work WHERE i.scheme = ? AND i.value = ? AND i.place IN ('work', 'edition') LIMIT ?"
        )
        return sorted({row[0] for pair in sorted(found) for row in self._rows(query, *pair, FOUND_MOST)})

    def _by_title(self, words: str) -> list[str]:
        if not words:
            return []
        few = words.split()[:20]
        query = " ".join(
            [
                "SELECT w.work_id, min(r.name) FROM records AS r JOIN members AS m ON m.record = r.n",
                "JOIN works AS w ON w.n = m.work WHERE",
                " AND ".join(["instr(r.name, ?)"] * len(few)),
                "GROUP BY w.work_id ORDER BY r.name != ?, r.name, w.work_id LIMIT ?",
            ]
        )
        return [row[0] for row in self._rows(query, *few, words, FOUND_MOST)]

    def _meta(self, name: str) -> str:
        return next(
            (str(value) for (value,) in self._rows("SELECT value FROM meta WHERE name = ?", name)), ""
        )

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._sound():
            return self._db.execute(query, values).fetchall()

    def _each(self, query: str) -> Iterator[tuple[Any, ...]]:
        with self._sound():
            yield from self._db.execute(query)

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """Every fault of the file as one message."""
        try:
            yield
        except (sqlite3.Error, CatalogError, TypeError, ValueError, RecursionError) as error:
            if isinstance(error, CatalogError) and str(error).startswith(str(self.path)):
                raise
            raise schema.damaged(self.path, error) from None


def _identifiers(text: str) -> Iterator[tuple[str, str]]:
    """What identifier a text may be: as we write it (`isbn:978…`, `own:x:y`), or in any form that people use."""
    from countermark.works.identifiers import Identifier  # noqa: PLC0415
    from countermark.works.identifiers.guessing import guess_identifier  # noqa: PLC0415

    parts = text.split(":")
    yield from (Identifier(":".join(parts[:at]), ":".join(parts[at:])) for at in range(1, len(parts)))
    guessed = guess_identifier(text)
    if guessed is not None:
        yield guessed
