"""What each finding of a picture is worth: whether it is claimed, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from countermark.evidence.columns import axis_of, codes, read_columns
from countermark.evidence.passages import works_of
from countermark.findings.finding import SCHEMA, Grade
from countermark.findings.table import iter_findings
from countermark.works.licences import LicenceStatus

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.evidence.columns import Axis, Columns
    from countermark.evidence.intervals import Floats, Ints
    from countermark.evidence.passages import Works
    from countermark.evidence.run_folder import RunFolder

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

PICTURE_GRADES = tuple(Grade)
"""The grades of pictures: those of texts and of listings, and `shared`."""

_OF_PICTURES = (
    "share_of_work",
    "share_of_record",
    "mirrored",
    "rotation",
    "inliers",
    "agreement",
    "hash_distance",
    "record_frame",
)
_STRENGTH = (Grade.IDENTICAL, Grade.COPY, Grade.SHARED, Grade.IDENTIFIER, Grade.NAME)


class PictureKind(StrEnum):
    """What a finding is. The first that fits counts; only `work` is claimed."""

    CONTROL = "control"  # a false alarm, unless it is only a shared element
    NAME = "name"
    IDENTIFIER = "identifier"
    SHARED = "shared"  # an element that many pictures share: shown, nobody is accused
    PUBLIC_DOMAIN = "public-domain"
    LICENSED = "licensed"  # under a licence that lets anyone copy
    WORK = "work"


PICTURE_KINDS = tuple(PictureKind)


@dataclass(frozen=True, slots=True)
class JudgedPictures:
    """The n findings of a run. `kind` numbers PICTURE_KINDS; `order` sorts them by work, the strongest first.

    `copies` is in how many records of the findings the same file stands, byte for byte; `seen` is true where the work
    or a part of it stands in the picture (the grades identical and copy).
    """

    axis: Axis
    works: Works
    found: Columns
    details: pa.Table
    kind: Ints
    copies: Ints
    seen: npt.NDArray[np.bool_]
    order: Ints

    def of_kind(self, *kinds: PictureKind) -> npt.NDArray[np.bool_]:
        """Which findings are of one of these kinds."""
        return np.isin(self.kind, [PICTURE_KINDS.index(kind) for kind in kinds])

    @property
    def place(self) -> Ints:
        """The place of each finding among those of its work, from 0, the strongest first."""
        work = self.found.work[self.order]
        place = np.empty(len(work), np.int64)
        place[self.order] = np.arange(len(work)) - np.searchsorted(work, work)
        return place

    def share(self, name: str) -> Floats:
        """A column of shares, 0 where none is given."""
        return np.asarray(pc.fill_null(self.details[name], 0.0), np.float64)


def judge_pictures(run: RunFolder) -> JudgedPictures:
    """Judge every finding of a run of pictures. Raises RunError when findings and catalogue do not agree."""
    axis = axis_of(run.catalog)
    works, found = works_of(run, axis), read_columns(run, axis)
    details = _details(run, found)
    seen = np.isin(found.grade, [PICTURE_GRADES.index(Grade.IDENTICAL), PICTURE_GRADES.index(Grade.COPY)])
    conditions = {
        PictureKind.CONTROL: works.is_control[found.work],
        PictureKind.NAME: found.grade == PICTURE_GRADES.index(Grade.NAME),
        PictureKind.IDENTIFIER: found.grade == PICTURE_GRADES.index(Grade.IDENTIFIER),
        PictureKind.SHARED: found.grade == PICTURE_GRADES.index(Grade.SHARED),
        PictureKind.PUBLIC_DOMAIN: (works.licence == LicenceStatus.PUBLIC_DOMAIN)[found.work],
        PictureKind.LICENSED: (works.licence == LicenceStatus.FREE)[found.work],
    }
    numbers = [np.int64(PICTURE_KINDS.index(kind)) for kind in conditions]
    kind = np.select(list(conditions.values()), numbers, np.int64(PICTURE_KINDS.index(PictureKind.WORK)))
    return JudgedPictures(
        axis, works, found, details, kind, _copies(found), seen, _strongest_first(found, details)
    )


def _details(run: RunFolder, found: Columns) -> pa.Table:
    """The columns that only pictures have, a row for each finding."""
    names = list(_OF_PICTURES)
    batches, rows = [], []
    for path in run.findings_paths:
        own = list(iter_findings([path], names))
        rows.append(sum(len(batch) for batch in own))
        batches += own
    schema = pa.schema([SCHEMA.field(name) for name in names])
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(rows, np.int64))])
    return pa.Table.from_batches(batches, schema=schema).take(before[found.file] + found.file_row)


def _copies(found: Columns) -> Ints:
    """Of each finding, in how many records the very same file was found."""
    file = codes(found.table["record_digest"])
    pairs = np.unique(np.stack([file, found.record]), axis=1)[0]
    return np.bincount(pairs, minlength=int(file.max(initial=0)) + 1)[file]


def _strongest_first(found: Columns, details: pa.Table) -> Ints:
    """By work; in it by grade, share of the work, share of the picture; of equals, by place."""
    strength = np.array([_STRENGTH.index(grade) for grade in PICTURE_GRADES])[found.grade]
    shares = [np.asarray(pc.fill_null(details[name], 0.0)) for name in ("share_of_work", "share_of_record")]
    shard, name = (
        np.asarray(found.table[column].combine_chunks()).astype(str) for column in ("shard", "finding_id")
    )
    row = np.asarray(found.table["row"])
    return np.lexsort((name, row, shard, -shares[1], -shares[0], strength, found.work)).astype(np.int64)
