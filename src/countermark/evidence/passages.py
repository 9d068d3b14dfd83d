"""What each finding is worth: how widely its passage stands, and whether it is claimed, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from countermark.evidence.columns import GRADES, integers
from countermark.evidence.commonness import (
    CATALOG_WORKS,
    CORPUS_RECORDS,
    CORPUS_TIMES,
    QUOTATION_LETTERS,
    QUOTATION_SHARE,
    SHORT_LETTERS,
)
from countermark.evidence.intervals import Depth, Intervals, Measure, merge, subtract
from countermark.findings.finding import Grade
from countermark.works.licences import LicenceStatus, licence_status

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.evidence.columns import Axis, Columns
    from countermark.evidence.intervals import Floats, Ints
    from countermark.evidence.run_folder import RunFolder


class Kind(StrEnum):
    """What a finding is. The first that fits counts; only `work` is claimed."""

    CONTROL = "control"  # a false alarm
    NAME = "name"  # only a title or a name stands in the record
    IDENTIFIER = "identifier"  # an identifier of the work stands in the record
    PUBLIC_DOMAIN = "public-domain"
    LICENSED = "licensed"  # under a licence that lets anyone copy
    COMMON_CATALOG = "common-catalog"
    COMMON_CORPUS = "common-corpus"
    QUOTATION_SIZED = "quotation-sized"
    WORK = "work"


KINDS = tuple(Kind)
COMMON_AS = ("licence", "quotation", "boilerplate")
_POINTS = (0.1, 0.3, 0.5, 0.7, 0.9)


@dataclass(frozen=True, slots=True)
class Works:
    """Facts of the works, one per work of the axis: letters, code points, licence."""

    letters: Ints
    code_points: Ints
    is_control: npt.NDArray[np.bool_]
    licence: npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Passages:
    """What was made out of n findings; `common` are the stretches of the axis that are nobody's evidence."""

    kind: Ints
    common_as: Ints
    records: Ints
    hosts: Ints
    measure: Measure
    common: Intervals
    pair_record: Ints
    pair_work: Ints
    pair_letters: Floats

    def of_kind(self, *kinds: Kind) -> npt.NDArray[np.bool_]:
        """Which findings are of one of these kinds."""
        return np.isin(self.kind, [KINDS.index(kind) for kind in kinds])


def works_of(run: RunFolder, axis: Axis) -> Works:
    """Add up the assets of each work and read its licence."""
    letters, points = integers(run.catalog["letters"]), axis.code_points
    written = run.catalog["work_licence"].take(axis.first_asset).to_pylist()
    statuses = {text: licence_status(text or "") for text in set(written)}
    return Works(
        letters=_added(axis.work, letters, axis.works),
        code_points=_added(axis.work, points, axis.works),
        is_control=integers(run.catalog["is_control"])[axis.first_asset].astype(bool),
        licence=np.array([statuses[text] for text in written], dtype=np.str_),
    )


def judge(found: Columns, axis: Axis, works: Works) -> Passages:
    """Judge every finding by the rules of `commonness`."""
    passage = found.spans.end > found.spans.start
    measure = Measure.of(
        Intervals(found.spans.start[passage], found.spans.end[passage]), found.matched[passage]
    )
    by_record, _ = merge(found.spans, found.record)
    known = found.host >= 0
    by_host, _ = merge(Intervals(found.spans.start[known], found.spans.end[known]), found.host[known])
    widely = _widely(Depth(by_record), axis, works)
    commonness = integers(found.table["commonness"])
    in_catalog = passage & (commonness >= CATALOG_WORKS)
    in_corpus = passage & (2 * _length_within(widely, found.spans) >= found.spans.end - found.spans.start)
    shared = Intervals(found.spans.start[in_catalog], found.spans.end[in_catalog])
    common, _ = merge(Intervals(*(np.concatenate(both) for both in zip(shared, widely, strict=True))))
    pair_record, pair_work, pair_letters, pair = _pairs(found, axis, measure)
    small = (pair_letters <= QUOTATION_LETTERS) & (pair_letters < QUOTATION_SHARE * works.letters[pair_work])
    quoted = passage & ~in_catalog & ~in_corpus & small[pair]
    quoted &= ~_adds_up(found, quoted, common, axis, works, measure)[found.work]
    conditions = {
        Kind.CONTROL: works.is_control[found.work],
        Kind.NAME: found.grade == GRADES.index(Grade.NAME),
        Kind.IDENTIFIER: found.grade == GRADES.index(Grade.IDENTIFIER),
        Kind.PUBLIC_DOMAIN: (works.licence == LicenceStatus.PUBLIC_DOMAIN)[found.work],
        Kind.LICENSED: (works.licence == LicenceStatus.FREE)[found.work],
        Kind.COMMON_CATALOG: in_catalog,
        Kind.COMMON_CORPUS: in_corpus,
        Kind.QUOTATION_SIZED: quoted,
    }
    numbers = [np.int64(KINDS.index(kind)) for kind in conditions]
    kind = np.select(list(conditions.values()), numbers, np.int64(KINDS.index(Kind.WORK)))
    return Passages(
        kind=kind,
        common_as=_named(found, in_catalog | in_corpus),
        records=_median_depth(Depth(by_record), found.spans),
        hosts=_median_depth(Depth(by_host), found.spans),
        measure=measure,
        common=common,
        pair_record=pair_record,
        pair_work=pair_work,
        pair_letters=pair_letters,
    )


def letters_by_work(intervals: Intervals, axis: Axis, measure: Measure) -> Ints:
    """Folded letters of each work under disjoint intervals, to the nearest; shape (works,)."""
    total = axis.sum_by_work(intervals.start, measure.within(intervals))
    return np.rint(np.round(total, 3)).astype(np.int64)  # sums of fractions differ in the last bits


def _added(work: Ints, amount: Ints, works: int) -> Ints:
    total = np.zeros(works, np.int64)
    np.add.at(total, work, amount)
    return total


def _widely(depth: Depth, axis: Axis, works: Works) -> Intervals:
    """The stretches that stand in far more records than the work they are of."""
    steps, height = depth.steps()
    work = axis.work_at(steps.start)
    limit = np.maximum(CORPUS_RECORDS, CORPUS_TIMES * _work_medians(steps, height, work, works))
    wide = height >= limit[work]
    return merge(Intervals(steps.start[wide], steps.end[wide]))[0]


def _work_medians(steps: Intervals, height: Ints, work: Ints, works: Works) -> Ints:
    """The depth of the middle code point of each work, those found nowhere counting as depth 0."""
    length = steps.end - steps.start
    covered = _added(work, length, len(works.code_points))
    bare = works.code_points - covered
    order = np.lexsort((height, work))
    work, height, length = work[order], height[order], length[order]
    before = np.cumsum(length) - (np.cumsum(covered) - covered)[work]
    reached = 2 * (before + bare[work]) >= works.code_points[work]
    median = np.zeros(len(works.code_points), np.int64)
    at = np.flatnonzero(reached)[::-1]  # backwards, so that the first of each work is written last
    median[work[at]] = height[at]
    median[2 * bare >= works.code_points] = 0
    return median


def _length_within(region: Intervals, spans: Intervals) -> Floats:
    """How many code points of each span lie in the disjoint, ordered region."""
    return Measure.of(region, region.end - region.start).within(spans)


def _pairs(found: Columns, axis: Axis, measure: Measure) -> tuple[Ints, Ints, Floats, Ints]:
    """Letters of each (record, work) pair, and the number of the pair that each finding belongs to."""
    key = found.record * max(axis.works, 1) + found.work
    pairs, pair = np.unique(key, return_inverse=True)
    merged, owner = merge(found.spans, pair.astype(np.int64))
    letters = np.bincount(owner, weights=measure.within(merged), minlength=len(pairs))
    record, work = np.divmod(pairs, max(axis.works, 1))
    return record, work, np.asarray(np.round(letters, 3), np.float64), pair.astype(np.int64)


def _adds_up(
    found: Columns,
    quoted: npt.NDArray[np.bool_],
    common: Intervals,
    axis: Axis,
    works: Works,
    measure: Measure,
) -> npt.NDArray[np.bool_]:
    """Of which works the small passages are together more than a quotation; shape (works,)."""
    pieces, _ = merge(Intervals(found.spans.start[quoted], found.spans.end[quoted]))
    letters = letters_by_work(subtract(pieces, common), axis, measure)
    enough: npt.NDArray[np.bool_] = letters >= np.maximum(QUOTATION_SHARE * works.letters, 1)
    return enough


def _median_depth(depth: Depth, spans: Intervals) -> Ints:
    """The median of the depths at five points of each span; 0 for empty spans."""
    length = spans.end - spans.start
    points = np.stack([depth.at(spans.start + (share * length).astype(np.int64)) for share in _POINTS])
    return np.where(length > 0, np.sort(points, axis=0)[len(_POINTS) // 2], 0)


def _named(found: Columns, common: npt.NDArray[np.bool_]) -> Ints:
    """What a common passage looks like, as a number in COMMON_AS; -1 for the others."""
    short = found.matched <= SHORT_LETTERS
    look = np.where(
        found.licence_words,
        COMMON_AS.index("licence"),
        np.where(short, COMMON_AS.index("quotation"), COMMON_AS.index("boilerplate")),
    )
    return np.where(common, look, -1)
