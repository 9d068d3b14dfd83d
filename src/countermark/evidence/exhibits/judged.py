"""What each finding is worth: whether it is claimed, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from countermark.errors import RunError
from countermark.evidence.columns import codes, read_columns
from countermark.evidence.exhibits.exhibit import CONTROL, LICENSED, PUBLIC_DOMAIN, WORK
from countermark.evidence.passages import works_of
from countermark.findings.finding import SCHEMA, Grade
from countermark.findings.table import iter_findings
from countermark.works.licences import LicenceStatus

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.evidence.columns import Axis, Columns
    from countermark.evidence.exhibits.exhibit import Exhibit
    from countermark.evidence.intervals import Floats, Ints
    from countermark.evidence.passages import Works
    from countermark.evidence.run_folder import RunFolder

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

ALL = tuple(Grade)
"""All grades, as `Columns.grade` numbers them."""
_SEEN = (Grade.IDENTICAL, Grade.COPY)


@dataclass(frozen=True, slots=True)
class Judged:
    """The n findings of a run. `kind` numbers the kinds of `what`; `order` sorts them by work, the strongest first.

    `copies` is in how many records of the findings the same file stands, byte for byte; `seen` is true where the work
    or a part of it stands in the record (the grades identical and copy).
    """

    what: Exhibit
    axis: Axis
    works: Works
    found: Columns
    details: pa.Table
    kind: Ints
    copies: Ints
    seen: npt.NDArray[np.bool_]
    order: Ints

    def of_kind(self, *kinds: str) -> npt.NDArray[np.bool_]:
        """Which findings are of one of these kinds."""
        return np.isin(self.kind, [self.what.kinds.index(kind) for kind in kinds])

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


def judge(run: RunFolder, axis: Axis, what: Exhibit) -> Judged:
    """Judge every finding of a run. Raises RunError when findings and catalogue do not agree."""
    works, found = works_of(run, axis), read_columns(run, axis)
    if strange := set(pc.unique(found.table["grade"]).to_pylist()) - set(map(str, what.grades)):
        told = f"{min(map(str, strange))!r:.40}"
        raise RunError(f"{run.path}: a finding has the grade {told}, which none of {what.name} has")
    details = _details(run, found, what)
    seen = np.isin(found.grade, [ALL.index(grade) for grade in _SEEN])
    conditions = {
        CONTROL: works.is_control[found.work],
        **{kind: found.grade == ALL.index(grade) for grade, kind in what.kind_of.items()},
        PUBLIC_DOMAIN: (works.licence == LicenceStatus.PUBLIC_DOMAIN)[found.work],
        LICENSED: (works.licence == LicenceStatus.FREE)[found.work],
    }
    numbers = [np.int64(what.kinds.index(kind)) for kind in conditions]
    kind = np.select(list(conditions.values()), numbers, np.int64(what.kinds.index(WORK)))
    order = _strongest_first(found, details, what)
    return Judged(what, axis, works, found, details, kind, _copies(found), seen, order)


def _details(run: RunFolder, found: Columns, what: Exhibit) -> pa.Table:
    """The columns that only finds of this medium have, a row for each finding."""
    names = list(what.columns)
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


def _strongest_first(found: Columns, details: pa.Table, what: Exhibit) -> Ints:
    """By work; in it by grade, share of the work, share of the record; of equals, by place."""
    ranks = {grade: rank for rank, grade in enumerate(what.strength)}
    strength = np.array([ranks.get(grade, len(ranks)) for grade in ALL])[found.grade]
    shares = [np.asarray(pc.fill_null(details[name], 0.0)) for name in ("share_of_work", "share_of_record")]
    shard, name = (
        np.asarray(found.table[column].combine_chunks()).astype(str) for column in ("shard", "finding_id")
    )
    row = np.asarray(found.table["row"])
    return np.lexsort((name, row, shard, -shares[1], -shares[0], strength, found.work)).astype(np.int64)
