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
    from countermark.corpus.warc_records import RawRecord

BATCH_ROWS: Final = 8192
ANSWERS: Final = tuple(f"reservation_{use}" for use in USES)
COLUMNS: Final = (
    "record_url", "record_date", "shard", "row", "record_id", "status", *ANSWERS,
    "reservation_basis", "reservation_terms", "reservation_date", "reservation_remarks",
)  # fmt: skip
"""The columns of the table, in their order; docs/reference/at-capture.md says what each holds."""

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


def schema() -> pa.Schema:
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
    return pa.schema(fields, metadata={"countermark.at-capture": VERSION})


def at_capture(shard: Shard, judge: CaptureJudge) -> Iterator[CaptureBatch]:
    """Yield the verdicts of a shard's captures, as of the date of each, in the order of the file.

    Raises CorpusError where the file cannot be read.
    """
    batch = CaptureBatch()
    consumed = 0

    def refuse(row: int, reason: str, detail: str) -> None:
        batch.refused.append(Refusal(shard.name, row, reason, detail))

    with open_records(shard, _KINDS, refuse) as records:
        for record in records:
            row = _row(shard, record, judge, batch)
            if row is not None:
                batch.rows.append(row)
            if len(batch.rows) + len(batch.refused) >= BATCH_ROWS:
                batch.bytes_read = records.consumed - consumed
                consumed = records.consumed
                yield batch
                batch = CaptureBatch()
        if records.last < 0 and not batch.refused:
            refuse(-1, "no-captures", "no response, resource, revisit or conversion record")
        batch.bytes_read = records.consumed - consumed
    yield batch


def _row(shard: Shard, record: RawRecord, judge: CaptureJudge, batch: CaptureBatch) -> tuple[Any, ...] | None:
    """The row of a record; None where it is refused."""
    captured = captured_of(record)
    url = captured.url
    if not url[:8].lower().startswith(_WEB):
        batch.refused.append(
            Refusal(shard.name, record.row, "no-web-address", f"the address is {url[:200]!r}")
        )
        return None
    judged = judge.of(captured)
    if judged is None:
        detail = f"WARC-Date is {captured.date!r}; a date such as 2024-05-18T01:58:10Z is read"
        batch.refused.append(Refusal(shard.name, record.row, "no-date", detail))
        return None
    return (
        _text(url), captured.date, shard.name, record.row, record.record_id, captured.status or None, *judged.answers,
        judged.basis, list(judged.terms), judged.date, list(judged.remarks),
    )  # fmt: skip


def _text(said: str) -> str:
    """Valid Unicode."""
    return said.encode("utf-8", "replace").decode()
