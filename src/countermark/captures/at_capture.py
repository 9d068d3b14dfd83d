"""What was reserved when it was crawled: one row for each capture of a WARC file.

record_url, record_date, shard, row, record_id, status       the capture
reservation_tdm … reservation_search                          reserved, conditional, allowed or unknown
reservation_basis, reservation_terms, reservation_date        who said so, where it leads, as of when
reservation_remarks                                           codes of what is to be known beside it
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.corpus.captured import captured_of
from countermark.corpus.warc_records import CONVERSION, RESOURCE, RESPONSE, REVISIT, open_records
from countermark.media import Refusal
from countermark.reservations.use import USES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from countermark.captures.judging import CaptureJudge
    from countermark.corpus.base import Shard
    from countermark.corpus.captured import Captured
    from countermark.corpus.warc_records import RawRecord

BATCH_ROWS: Final = 8192
MAX_WAITING: Final = 256
MAX_HELD: Final = 16 << 20
"""Captures, and bytes of them, that wait to be judged."""
ANSWERS: Final = tuple(f"reservation_{use}" for use in USES)
COLUMNS: Final = (
    "record_url", "record_date", "shard", "row", "record_id", "status", *ANSWERS,
    "reservation_basis", "reservation_terms", "reservation_date", "reservation_remarks",
)  # fmt: skip
"""The columns of the table, in their order; docs/reference/at-capture.md says what each holds."""

FORMAT: Final = "countermark.at-capture"
VERSION: Final = "1"
_KINDS: Final = RESPONSE | RESOURCE | REVISIT | CONVERSION
_WEB: Final = ("http://", "https://")


@dataclass(slots=True)
class CaptureBatch:
    """Some rows of a shard, each a tuple in the order of COLUMNS; `refused` are records without a verdict."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    bytes_read: int = 0

    def table(self) -> pa.RecordBatch:
        """The rows as Arrow columns of `schema()`."""
        import pyarrow as pa  # noqa: PLC0415

        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(COLUMNS)
        arrays = [pa.array(list(values), kept.type) for values, kept in zip(columns, schema(), strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=schema())


@dataclass(frozen=True, slots=True)
class Made:
    """For whom and from what a table was made: it says so itself.

    `robots_identity` is that of the archive of robots.txt captures (`RobotsArchive.identity`), "" without one.
    """

    agent: str
    robots_age: int
    robots_identity: str = ""

    def metadata(self) -> dict[str, str]:
        """What stands in the metadata of a Parquet file."""
        facts = {"agent": self.agent, "robots-age-days": str(self.robots_age), "robots": self.robots_identity}
        return {f"{FORMAT}.{name}": value for name, value in facts.items()}


def schema(made: Made | None = None) -> pa.Schema:
    """The Arrow schema of the table."""
    import pyarrow as pa  # noqa: PLC0415

    kinds: dict[str, Any] = {
        "row": pa.int64(),
        "status": pa.int32(),
        "reservation_remarks": pa.list_(pa.string()),
    }
    kinds["reservation_terms"] = pa.list_(pa.string())
    fields: list[Any] = [
        pa.field(name, kinds.get(name, pa.string()), nullable=name in {"record_id", "status"})
        for name in COLUMNS
    ]
    metadata: dict[Any, Any] = {FORMAT: VERSION} | (made.metadata() if made else {})
    return pa.schema(fields, metadata=metadata)


def at_capture(shard: Shard, judge: CaptureJudge) -> Iterator[CaptureBatch]:
    """Yield the verdicts of a shard's captures, as of the date of each, in the order of the file.

    Raises CorpusError where the file cannot be read.
    """
    making = _Making(shard, judge)
    consumed = 0
    with open_records(shard, _KINDS, making.refuse) as records:
        for record in records:
            making.add(record)
            if making.size >= BATCH_ROWS:
                yield making.done(records.consumed - consumed)
                consumed = records.consumed
        if records.last < 0 and not making.batch.refused:
            making.refuse(-1, "no-captures", "no response, resource, revisit or conversion record")
        yield making.done(records.consumed - consumed)


@dataclass(slots=True)
class _Making:
    """A batch in the making. Captures wait and are judged some at a time: what the judge needs is then at hand.

    Between two pages that are unpacked it would have left the processor's caches, which doubles its time.
    """

    shard: Shard
    judge: CaptureJudge
    batch: CaptureBatch = field(default_factory=CaptureBatch)
    _waiting: list[tuple[int, str | None, Captured]] = field(default_factory=list)
    _held: int = 0

    @property
    def size(self) -> int:
        """Captures that were met since the last batch."""
        return len(self.batch.rows) + len(self.batch.refused) + len(self._waiting)

    def add(self, record: RawRecord) -> None:
        """Take a capture."""
        captured = captured_of(record)
        self._waiting.append((record.row, record.record_id, captured))
        self._held += captured.held
        if len(self._waiting) >= MAX_WAITING or self._held >= MAX_HELD:
            self._settle()

    def refuse(self, row: int, reason: str, detail: str) -> None:
        """Note what has no verdict, in the order of the file."""
        self._settle()
        self.batch.refused.append(Refusal(self.shard.name, row, reason, detail))

    def done(self, bytes_read: int) -> CaptureBatch:
        """The batch; another one is begun."""
        self._settle()
        batch, self.batch = self.batch, CaptureBatch()
        batch.bytes_read = bytes_read
        return batch

    def _settle(self) -> None:
        for row, record_id, captured in self._waiting:
            found = self._row(row, record_id, captured)
            if isinstance(found, Refusal):
                self.batch.refused.append(found)
            else:
                self.batch.rows.append(found)
        self._waiting.clear()
        self._held = 0

    def _row(self, row: int, record_id: str | None, captured: Captured) -> tuple[Any, ...] | Refusal:
        """The row of a capture, or why it has none."""
        url, name = captured.url, self.shard.name
        if not url[:8].lower().startswith(_WEB):
            return Refusal(name, row, "no-web-address", f"the address is {url[:200]!r}")
        judged = self.judge.of(captured)
        if judged is None:
            detail = f"WARC-Date is {captured.date!r}; a date such as 2024-05-18T01:58:10Z is read"
            return Refusal(name, row, "no-date", detail)
        date, said = judged[0], judged[1].row
        return (
            _text(url), captured.date, name, row, record_id, captured.status or None, *said.answers,
            said.basis, list(said.terms), date, list(said.remarks),
        )  # fmt: skip


def _text(said: str) -> str:
    """Valid Unicode."""
    return said.encode("utf-8", "replace").decode()
