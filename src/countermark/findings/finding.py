"""One finding, and the published schema of the rows.

The columns are documented in docs/reference/findings.md; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Grade(StrEnum):
    """How sure a finding is, from strongest to weakest."""

    IDENTICAL = "identical"  # after folding, the two passages are the same letter by letter
    COPY = "copy"  # the two passages align, with differences
    IDENTIFIER = "identifier"  # an identifier of the work stands in the record
    NAME = "name"  # only the title or the name stands there: never an accusation


@dataclass(frozen=True, slots=True)
class Finding:
    """An aligned span: this passage of this work stands in this record.

    Offsets are code points in the original text of each side, half-open. Amounts (`matched`, `longest_run`,
    `edits`) are letters and digits after folding. `bits` is the surprise of the match. `commonness` is the number of
    works of the catalogue in which the passage stands (1: only in this one). The `reservation_…` fields say what was
    reserved when the record was captured; None where the format carries no capture.
    """

    finding_id: str
    work_id: str
    work_title: str
    work_author: str
    work_published: str | None
    work_licence: str
    asset_path: str
    asset_digest: str
    asset_start: int
    asset_end: int
    corpus: str
    snapshot_date: str | None
    shard: str
    row: int
    record_id: str | None
    record_url: str | None
    record_date: str | None
    record_digest: str
    record_start: int
    record_end: int
    unit: str
    grade: str
    method: str
    scheme: str
    matched: int
    longest_run: int
    edits: int
    bits: float
    share_of_work: float
    commonness: int
    is_control: bool
    asset_excerpt: str | None
    record_excerpt: str
    reservation_tdm: str | None = None
    reservation_train: str | None = None
    reservation_generative: str | None = None
    reservation_input: str | None = None
    reservation_search: str | None = None
    reservation_basis: str | None = None
    reservation_date: str | None = None


SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs lose the fields' type in a list
        pa.field("finding_id", pa.string(), nullable=False),
        pa.field("work_id", pa.string(), nullable=False),
        pa.field("work_title", pa.string(), nullable=False),
        pa.field("work_author", pa.string(), nullable=False),
        pa.field("work_published", pa.string()),
        pa.field("work_licence", pa.string(), nullable=False),
        pa.field("asset_path", pa.string(), nullable=False),
        pa.field("asset_digest", pa.string(), nullable=False),
        pa.field("asset_start", pa.int64(), nullable=False),
        pa.field("asset_end", pa.int64(), nullable=False),
        pa.field("corpus", pa.string(), nullable=False),
        pa.field("snapshot_date", pa.string()),
        pa.field("shard", pa.string(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("record_id", pa.string()),
        pa.field("record_url", pa.string()),
        pa.field("record_date", pa.string()),
        pa.field("record_digest", pa.string(), nullable=False),
        pa.field("record_start", pa.int64(), nullable=False),
        pa.field("record_end", pa.int64(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("grade", pa.string(), nullable=False),
        pa.field("method", pa.string(), nullable=False),
        pa.field("scheme", pa.string(), nullable=False),
        pa.field("matched", pa.int64(), nullable=False),
        pa.field("longest_run", pa.int64(), nullable=False),
        pa.field("edits", pa.int64(), nullable=False),
        pa.field("bits", pa.float64(), nullable=False),
        pa.field("share_of_work", pa.float64(), nullable=False),
        pa.field("commonness", pa.int64(), nullable=False),
        pa.field("is_control", pa.bool_(), nullable=False),
        pa.field("asset_excerpt", pa.string()),
        pa.field("record_excerpt", pa.string(), nullable=False),
        pa.field("reservation_tdm", pa.string()),
        pa.field("reservation_train", pa.string()),
        pa.field("reservation_generative", pa.string()),
        pa.field("reservation_input", pa.string()),
        pa.field("reservation_search", pa.string()),
        pa.field("reservation_basis", pa.string()),
        pa.field("reservation_date", pa.string()),
    ],
    metadata={"countermark.findings": "2"},
)
"""The Arrow schema of `findings/*.parquet`, version 2, in the order of the fields of `Finding`."""

_SINCE_2 = tuple(name for name in SCHEMA.names if name.startswith("reservation_"))

SCHEMA_1 = pa.schema(
    [field for field in SCHEMA if field.name not in _SINCE_2], metadata={"countermark.findings": "1"}
)
"""The schema of version 1, which is still read: without the columns `reservation_…`, which are then null."""
