"""works.parquet and passages.parquet: one row per work of the catalogue, one row per finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from countermark.evidence.columns import GRADES, integers
from countermark.evidence.intervals import Intervals, merge, subtract
from countermark.evidence.passages import COMMON_AS, KINDS, Kind, letters_by_work
from countermark.findings.finding import Grade

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.evidence.columns import Axis, Columns
    from countermark.evidence.intervals import Floats, Ints
    from countermark.evidence.passages import Passages, Works
    from countermark.evidence.run_folder import RunFolder

STATUSES = (
    "false-alarm",
    "control",
    "found",
    "free-licence",
    "quotation-sized",
    "common-only",
    "identifier-only",
    "name-only",
    "too-short",
    "not-found",
)
"""What a work comes out as; the first that fits counts."""

IN_DATA_SET = ("found", "free-licence", "quotation-sized")
"""Statuses of works of which a passage of their own stands in the corpus, claimed or not."""


class BestRecord(NamedTuple):
    """Of each work, the record that holds most of it: a row of the findings (-1: none), and letters."""

    row: Ints
    letters: Ints


def passages_table(run: RunFolder, found: Columns, passages: Passages) -> pa.Table:
    """One row per finding, in the order of the findings files and of the rows in them."""
    names = pa.array([receipt.name for receipt in run.receipts], pa.string())
    look = pa.array(COMMON_AS, pa.string()).take(
        pa.array(passages.common_as, pa.int64(), mask=passages.common_as < 0)
    )
    light = found.table.select(
        ["finding_id", "work_id", "asset_path", "asset_start", "asset_end", "grade", "matched", "longest_run"]
    )
    more: dict[str, Any] = {
        "kind": pa.array(KINDS, pa.string()).take(passages.kind),
        "claimed": pa.array(passages.of_kind(Kind.WORK)),
        "common_as": look,
        "works": found.table["commonness"],
        "records": pa.array(passages.records),
        "hosts": pa.array(passages.hosts),
        "is_control": found.table["is_control"],
        "shard": found.table["shard"],
        "row": found.table["row"],
        "findings_file": names.take(found.file),
        "findings_row": pa.array(found.file_row),
    }
    table = light
    for name, column in more.items():
        table = table.append_column(name, column)
    return table.replace_schema_metadata({"countermark.passages": "1"})


def works_table(
    run: RunFolder, axis: Axis, works: Works, found: Columns, passages: Passages, guarantee: int
) -> pa.Table:
    """One row per work, in the order of the catalogue."""
    order = np.argsort(axis.first_asset, kind="stable")
    columns = _facts(run, axis, works)
    columns |= _amounts(axis, works, found, passages)
    columns |= _counts(axis, found, passages)
    best = best_records(axis, found, passages)
    columns |= _best(found, works, best)
    status = _status(axis, works, found, passages, guarantee)
    columns["status"] = pa.array(STATUSES, pa.string()).take(status)
    return pa.table(columns, metadata={"countermark.works": "1"}).take(order)


def best_records(axis: Axis, found: Columns, passages: Passages) -> BestRecord:
    """The record with the most letters of each work; of equals, the first by shard and row."""
    row, letters = np.full(axis.works, -1, np.int64), np.zeros(axis.works, np.int64)
    pairs = np.flatnonzero(passages.pair_letters > 0)
    if not len(pairs):
        return BestRecord(row, letters)
    shard = np.unique(np.asarray(found.table["shard"].combine_chunks()).astype(str), return_inverse=True)[1]
    place = np.lexsort((integers(found.table["record_start"]), integers(found.table["row"]), shard))
    key = (found.record * axis.works + found.work)[place]
    unique, first = np.unique(key, return_index=True)
    wanted = passages.pair_record[pairs] * axis.works + passages.pair_work[pairs]
    position = first[np.searchsorted(unique, wanted)]
    ranking = np.lexsort((position, -passages.pair_letters[pairs], passages.pair_work[pairs]))
    work, top = np.unique(passages.pair_work[pairs][ranking], return_index=True)
    row[work] = place[position[ranking][top]]
    letters[work] = np.rint(passages.pair_letters[pairs][ranking][top]).astype(np.int64)
    return BestRecord(row, letters)


def _facts(run: RunFolder, axis: Axis, works: Works) -> dict[str, pa.Array[Any]]:
    names = ("work_id", "work_title", "work_author", "work_published", "work_licence", "is_control")
    first = run.catalog.select(list(names)).take(axis.first_asset)
    return {name: first[name].combine_chunks() for name in names} | {
        "licence_status": pa.array(works.licence.tolist(), pa.string()),
        "assets": pa.array(np.bincount(axis.work, minlength=axis.works)),
        "code_points": pa.array(works.code_points),
        "letters": pa.array(works.letters),
    }


def _amounts(axis: Axis, works: Works, found: Columns, passages: Passages) -> dict[str, pa.Array[Any]]:
    """Matched and claimed letters, their shares, and the code points they cover."""
    covered, _ = merge(found.spans)
    own = passages.of_kind(Kind.WORK)
    mine, _ = merge(Intervals(found.spans.start[own], found.spans.end[own]))
    matched = np.minimum(letters_by_work(covered, axis, passages.measure), works.letters)
    left = subtract(mine, passages.common)
    claimed = np.minimum(letters_by_work(left, axis, passages.measure), matched)
    length = (covered.end - covered.start).astype(np.float64)
    return {
        "covered_code_points": pa.array(axis.sum_by_work(covered.start, length).astype(np.int64)),
        "matched": pa.array(matched),
        "share": pa.array(_share(matched, works.letters)),
        "claimed": pa.array(claimed),
        "claimed_share": pa.array(_share(claimed, works.letters)),
    }


def _counts(axis: Axis, found: Columns, passages: Passages) -> dict[str, pa.Array[Any]]:
    def count(which: npt.NDArray[np.bool_] | slice) -> pa.Array[Any]:
        return pa.array(np.bincount(found.work[which], minlength=axis.works))

    text = passages.pair_letters > 0
    hosts = np.unique(np.stack([found.work, found.host])[:, found.host >= 0], axis=1)[0]
    longest = np.zeros(axis.works, np.int64)
    np.maximum.at(longest, found.work, integers(found.table["longest_run"]))
    columns = {
        "findings": count(slice(None)),
        "records": pa.array(np.bincount(passages.pair_work[text], minlength=axis.works)),
        "hosts": pa.array(np.bincount(hosts, minlength=axis.works)),
        "longest_run": pa.array(longest),
    }
    for number, grade in enumerate(GRADES):
        columns[f"grade_{grade}"] = count(found.grade == number)
    for kind in (Kind.WORK, Kind.QUOTATION_SIZED, Kind.COMMON_CATALOG, Kind.COMMON_CORPUS):
        columns[f"kind_{kind}".replace("-", "_")] = count(passages.of_kind(kind))
    return columns


def _best(found: Columns, works: Works, best: BestRecord) -> dict[str, pa.Array[Any]]:
    at = pa.array(best.row, pa.int64(), mask=best.row < 0)
    columns = {
        f"best_{name}": found.table[name].combine_chunks().take(at)
        for name in ("shard", "row", "record_id", "record_url")
    }
    columns["best_matched"] = pa.array(best.letters)
    columns["best_share"] = pa.array(_share(best.letters, works.letters))
    return columns


def _status(axis: Axis, works: Works, found: Columns, passages: Passages, guarantee: int) -> Ints:
    def has(*kinds: Kind) -> npt.NDArray[np.bool_]:
        some = np.zeros(axis.works, bool)
        some[found.work[passages.of_kind(*kinds)]] = True
        return some

    text = np.zeros(axis.works, bool)
    text[
        found.work[(found.grade == GRADES.index(Grade.IDENTICAL)) | (found.grade == GRADES.index(Grade.COPY))]
    ] = True
    conditions = {
        "false-alarm": works.is_control & text,
        "control": works.is_control,
        "found": has(Kind.WORK),
        "free-licence": has(Kind.PUBLIC_DOMAIN, Kind.LICENSED),
        "quotation-sized": has(Kind.QUOTATION_SIZED),
        "common-only": has(Kind.COMMON_CATALOG, Kind.COMMON_CORPUS),
        "identifier-only": has(Kind.IDENTIFIER),
        "name-only": has(Kind.NAME),
        "too-short": works.letters < guarantee,
    }
    numbers = [np.int64(STATUSES.index(name)) for name in conditions]
    return np.select(list(conditions.values()), numbers, np.int64(STATUSES.index("not-found")))


def _share(part: Ints, whole: Ints) -> Floats:
    """A fraction of one, 0 for works without letters; one correctly rounded division, the same everywhere."""
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
