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
    RESEMBLES = (
        "resembles"  # another recording of what may be the same melody or harmony: a hint, never a claim
    )
    SHARED = "shared"  # an element that many pictures share (a frame, a logo, a texture): nothing is claimed


@dataclass(frozen=True, slots=True)
class Finding:
    """An aligned span: this passage of this work stands in this record.

    Offsets are code points in the original text of each side, half-open. Amounts (`matched`, `longest_run`,
    `edits`) are letters and digits after folding. `bits` is the surprise of the match. `commonness` is the number of
    works of the catalogue in which the passage stands (1: only in this one). The `reservation_…` fields say what was
    reserved when the record was captured; None where the format carries no capture.

    For a picture the unit is `pixel` and the four offsets are 0. `asset_box` is (left, top, right, bottom) of the part
    of the work that is seen, in pixels of its file; `record_outline` is where the corners of that box lie in the record
    (x and y of its top left, top right, bottom right and bottom left corner), and `record_box` the box around them,
    all right way up (orientation applied). `matched` is the area of the work that is seen, in pixels; `longest_run` is
    `inliers`; `edits` is 0; `record_digest` is that of the record's bytes.

    For a recording the unit is `millisecond`, and the four offsets are times in the work's file and in the track
    number `record_track` of the record. `matched_parts` lists what agrees, four times a part: from and to in the
    record, from and to in the work. `matched` is their sum on the work's side, `longest_run` the longest; `edits` is
    0. The record sounds `pitch_shift` semitones above the work and plays `tempo` times as fast (1.05: five per cent
    faster). `inliers` is the number of spectral peaks that agree, `agreement` how well the whole does, from 0 to 1.
    `chance` is the probability that a work which is not in a record of this length scores as high: times the
    comparisons of the scan, it is the number of chance findings to expect.

    For a record that was decoded from token ids, `record_token_start` and `record_token_end` are positions of ids in
    the sequence `record_sequence` of the file: the fewest that hold the passage. `record_fragment` says that the
    document was cut there.
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
    asset_box: tuple[int, ...] | None = None
    record_box: tuple[int, ...] | None = None
    record_outline: tuple[int, ...] | None = None
    record_width: int | None = None
    record_height: int | None = None
    record_frame: int | None = None
    mirrored: bool | None = None
    rotation: float | None = None
    inliers: int | None = None
    agreement: float | None = None
    share_of_record: float | None = None
    hash_distance: int | None = None
    pitch_shift: float | None = None
    tempo: float | None = None
    record_track: int | None = None
    record_duration: int | None = None
    asset_duration: int | None = None
    matched_parts: tuple[int, ...] | None = None
    chance: float | None = None
    record_sequence: int | None = None
    record_token_start: int | None = None
    record_token_end: int | None = None
    record_fragment: bool | None = None


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
        pa.field("asset_box", pa.list_(pa.int32())),
        pa.field("record_box", pa.list_(pa.int32())),
        pa.field("record_outline", pa.list_(pa.int32())),
        pa.field("record_width", pa.int32()),
        pa.field("record_height", pa.int32()),
        pa.field("record_frame", pa.int32()),
        pa.field("mirrored", pa.bool_()),
        pa.field("rotation", pa.float64()),
        pa.field("inliers", pa.int32()),
        pa.field("agreement", pa.float64()),
        pa.field("share_of_record", pa.float64()),
        pa.field("hash_distance", pa.int32()),
        pa.field("pitch_shift", pa.float64()),
        pa.field("tempo", pa.float64()),
        pa.field("record_track", pa.int32()),
        pa.field("record_duration", pa.int64()),
        pa.field("asset_duration", pa.int64()),
        pa.field("matched_parts", pa.list_(pa.int32())),
        pa.field("chance", pa.float64()),
        pa.field("record_sequence", pa.int64()),
        pa.field("record_token_start", pa.int64()),
        pa.field("record_token_end", pa.int64()),
        pa.field("record_fragment", pa.bool_()),
    ],
    metadata={"countermark.findings": "5"},
)
"""The Arrow schema of `findings/*.parquet`, version 5, in the order of the fields of `Finding`."""

_SINCE_2 = tuple(name for name in SCHEMA.names if name.startswith("reservation_"))
_SINCE_5 = tuple(SCHEMA.names[SCHEMA.names.index("record_sequence") :])
_SINCE_4 = tuple(SCHEMA.names[SCHEMA.names.index("pitch_shift") :])
_SINCE_3 = tuple(SCHEMA.names[SCHEMA.names.index("asset_box") :])


def _without(names: tuple[str, ...], version: str) -> pa.Schema:
    kept = [field for field in SCHEMA if field.name not in names]
    return pa.schema(kept, metadata={"countermark.findings": version})


SCHEMA_1 = _without(_SINCE_2 + _SINCE_3, "1")
"""The schema of version 1, which is still read: without the columns `reservation_…`, which are then null."""

SCHEMA_2 = _without(_SINCE_3, "2")
"""The schema of version 2, which is still read: without the columns of pictures, which are then null."""

SCHEMA_3 = _without(_SINCE_4, "3")
"""The schema of version 3, which is still read: without the columns of recordings, which are then null."""

SCHEMA_4 = _without(_SINCE_5, "4")
"""The schema of version 4, which is still read: without the columns of token ids, which are then null."""
