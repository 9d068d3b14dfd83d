"""The corpus without the removed rows is what was kept, in order: one walk over the input, one over the output.

Digests of the records that stay go through a temporary file, so that memory does not grow with the corpus.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from countermark.compliance.record import KEEP, Fate
from countermark.compliance.removed import UNREAD, removed_of, sound
from countermark.compliance.settings import Naming
from countermark.compliance.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from countermark.compliance.files import CorpusFile
    from countermark.compliance.record import Seen, Unread

MOST_TOLD: Final = 5
"""Differences of one file that are named."""
COUNTED: Final = ("read", "passed", "unreadable", "without_url", "undated")
_SIZE: Final = 32
_ROW: Final = ("row", "offset", "records", "record_id", "url", "date", "action", "digest")


@dataclass(slots=True)
class Compared:
    """What differs between a file of the corpus and what was kept of it, and what was counted in the former."""

    differences: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def differ(self, what: str) -> None:
        """Note a difference, if there were not many already."""
        if len(self.differences) < MOST_TOLD:
            self.differences.append(what)


def count_records(file: CorpusFile) -> Counter[str]:
    """Count the records of a file: `kept`, `passed` and `unreadable`. Raises CorpusError."""
    count = _Count()
    walk(file, Naming(), count)
    return count.counts


def compare_records(
    given: CorpusFile, kept: CorpusFile, naming: Naming, table: Path, *, mark: bool
) -> Compared:
    """Compare a file of the corpus, the rows of the table that are about it, and what was kept of it.

    With `mark`, records carry what the input does not: then the rows are looked up in the input, and no more. Raises
    CorpusError, InputError and pyarrow's errors.
    """
    compared = Compared()
    with TemporaryFile() as spool:
        before = _Before(removed_of(table, given.name, ("file", *_ROW)), spool, compared, mark=mark)
        walk(given, naming, before, whole=True)
        before.end()
        compared.counts = {name: before.counts[name] for name in COUNTED}
        if not mark:
            spool.seek(0)
            after = _After(spool, compared)
            walk(kept, Naming(), after, whole=True)
            after.end()
    return compared


class _Before:
    """The walk over the input: removed rows are met where the table says; the others are noted. See record.Visitor."""

    def __init__(self, rows: Any, spool: BinaryIO, compared: Compared, *, mark: bool) -> None:
        self._rows = rows
        self._row: dict[str, Any] | None = next(rows, None)
        self._spool = spool
        self._compared = compared
        self._mark = mark
        self.counts: Counter[str] = Counter()

    def seen(self, record: Seen) -> Fate:
        self.counts["read"] += 1
        self.counts["without_url"] += not record.url
        self.counts["undated"] += record.date is None
        digest = record.digest()
        row = self._row
        if row is None or row["row"] != record.row or row["action"] == UNREAD:
            self._spool.write(bytes.fromhex(digest))
            return KEEP
        found = {
            "offset": record.offset,
            "record_id": record.record_id,
            "url": record.url,
            "date": record.date,
            "digest": digest,
        }
        for name, value in found.items():
            if row[name] != sound(value):
                self._compared.differ(
                    f"row {record.row}: the table says {name} {row[name]}; found is {value}"
                )
        self._row = next(self._rows, None)
        return KEEP

    def unread(self, what: Unread) -> None:
        for name in ("read", "unreadable"):
            self.counts[name] += what.records
        row = self._row
        if row is None or (row["row"], row["records"], row["action"]) != (what.row, what.records, UNREAD):
            self._compared.differ(f"row {what.row}: cannot be read, and the table does not say so")
            return
        if (row["digest"] or "") != what.digest:
            self._compared.differ(
                f"row {what.row}: the table says digest {row['digest']}; found is {what.digest}"
            )
        self._row = next(self._rows, None)

    def passed(self, digest: Callable[[], str]) -> None:
        self.counts["passed"] += 1
        self._spool.write(bytes.fromhex(digest()))

    def progress(self, consumed: int) -> None:
        """Nothing is shown."""

    def end(self) -> None:
        """Note a row that was not met."""
        if self._row is not None:
            self._compared.differ(
                f"row {self._row['row']}: stands in the table, and is not met there in the input"
            )


class _After:
    """The walk over the output: each record is the next of those noted. See record.Visitor."""

    def __init__(self, spool: BinaryIO, compared: Compared) -> None:
        self._spool = spool
        self._compared = compared
        self._at = 0
        self._differs = False

    def seen(self, record: Seen) -> Fate:
        self._next(record.digest())
        return KEEP

    def unread(self, what: Unread) -> None:
        self._compared.differ(f"row {what.row} of what was kept: cannot be read")

    def passed(self, digest: Callable[[], str]) -> None:
        self._next(digest())

    def progress(self, consumed: int) -> None:
        """Nothing is shown."""

    def end(self) -> None:
        """Note a record that is missing at the end."""
        if not self._differs and self._spool.read(1):
            self._compared.differ(f"record {self._at + 1} of those that stay is missing in what was kept")

    def _next(self, digest: str) -> None:
        self._at += 1
        if not self._differs and self._spool.read(_SIZE) != bytes.fromhex(digest):
            self._differs = True
            self._compared.differ(
                f"record {self._at} of what was kept is not the one that stays in the corpus"
            )


class _Count:
    """Counts records. See record.Visitor."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def seen(self, _record: Seen) -> Fate:
        self.counts["kept"] += 1
        return KEEP

    def unread(self, _what: Unread) -> None:
        self.counts["unreadable"] += 1

    def passed(self, _digest: Callable[[], str]) -> None:
        self.counts["passed"] += 1

    def progress(self, consumed: int) -> None:
        """Nothing is shown."""
