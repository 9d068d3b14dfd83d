"""works.parquet and the table of the finds of a run: a row for each work, a row for each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from countermark.evidence.columns import integers
from countermark.evidence.exhibits.exhibit import (
    CONTROL,
    FALSE_ALARM,
    FOUND,
    FREE,
    LICENSED,
    PUBLIC_DOMAIN,
    WORK,
)
from countermark.evidence.exhibits.judged import ALL

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.evidence.exhibits.exhibit import Exhibit
    from countermark.evidence.exhibits.judged import Judged
    from countermark.evidence.intervals import Ints
    from countermark.evidence.run_folder import RunFolder

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

_PLACE = ("shard", "row", "record_id", "record_url")


def finds_table(run: RunFolder, judged: Judged) -> pa.Table:
    """One row per finding, in the order of the findings files and of the rows in them."""
    found, details, what = judged.found, judged.details, judged.what
    files = pa.array([receipt.name for receipt in run.receipts], pa.string())
    columns: dict[str, Any] = {
        name: found.table[name]
        for name in ("finding_id", "work_id", "asset_path", "asset_digest", "grade", "matched")
    }
    columns |= {
        "kind": pa.array(what.kinds, pa.string()).take(judged.kind),
        "claimed": pa.array(judged.of_kind(WORK)),
    }
    columns["record_id"] = found.table["record_id"]
    columns |= {name: details[name] for name in details.column_names}
    columns |= {
        "copies": pa.array(judged.copies),
        "place": pa.array(judged.place),
        "is_control": found.table["is_control"],
        "record_digest": found.table["record_digest"],
        "shard": found.table["shard"],
        "row": found.table["row"],
        "findings_file": files.take(found.file),
        "findings_row": pa.array(found.file_row),
    }
    return pa.table(columns, metadata={f"countermark.{what.name}": "1"})


def exhibit_works_table(run: RunFolder, judged: Judged) -> pa.Table:
    """One row per work, in the order of the catalogue."""
    axis = judged.axis
    names = ("work_id", "work_title", "work_author", "work_published", "work_licence", "is_control")
    first = run.catalog.select(list(names)).take(axis.first_asset)
    columns: dict[str, Any] = {name: first[name].combine_chunks() for name in names}
    columns |= {
        "licence_status": pa.array(judged.works.licence.tolist(), pa.string()),
        "assets": pa.array(np.bincount(axis.work, minlength=axis.works)),
    }
    columns |= _counts(judged) | _best(judged)
    columns["status"] = pa.array(judged.what.statuses, pa.string()).take(_status(judged))
    order = np.argsort(axis.first_asset, kind="stable")
    return pa.table(columns, metadata={"countermark.works": "1"}).take(order)


def ranked_works(works: pa.Table, what: Exhibit) -> pa.Table:
    """The works of which something was found, controls left out, in the order in which they are shown."""
    shown = works.filter(pc.and_(pc.invert(works["is_control"]), pc.greater(works["findings"], 0)))
    status = integers(pc.index_in(shown["status"], pa.array(what.statuses)))
    name = np.asarray(shown["work_id"].combine_chunks()).astype(str)
    share, records = np.asarray(shown["share"]), np.asarray(shown["records"])
    return shown.take(np.lexsort((name, -records, -share, status)))


def _counts(judged: Judged) -> dict[str, pa.Array[Any]]:
    found, works = judged.found, judged.axis.works

    def count(which: npt.NDArray[np.bool_] | slice) -> pa.Array[Any]:
        return pa.array(np.bincount(found.work[which], minlength=works))

    def distinct(values: Ints, which: npt.NDArray[np.bool_]) -> pa.Array[Any]:
        pairs = np.unique(np.stack([found.work, values])[:, which], axis=1)
        return pa.array(np.bincount(pairs[0], minlength=works))

    asset = np.unique(np.asarray(found.table["asset_path"].combine_chunks()).astype(str), return_inverse=True)
    columns = {
        "findings": count(slice(None)),
        "records": distinct(found.record, judged.seen),
        "hosts": distinct(found.host, judged.seen & (found.host >= 0)),
        "assets_found": distinct(asset[1].astype(np.int64), judged.seen),
        "claimed": count(judged.of_kind(WORK)),
    }
    for grade in judged.what.grades:
        columns[f"grade_{grade}"] = count(found.grade == ALL.index(grade))
    return columns


def _best(judged: Judged) -> dict[str, pa.Array[Any]]:
    """Of each work, its strongest finding, and how much of the work it shows."""
    found, works = judged.found, judged.axis.works
    best = np.full(works, -1, np.int64)
    work, first = np.unique(found.work[judged.order], return_index=True)
    best[work] = judged.order[first]
    at = pa.array(best, pa.int64(), mask=best < 0)
    seen = np.zeros(works, bool)
    seen[work] = judged.seen[best[work]]
    share, matched = np.zeros(works), np.zeros(works, np.int64)
    share[seen] = judged.share("share_of_work")[best[seen]]
    matched[seen] = found.matched[best[seen]]
    columns: dict[str, pa.Array[Any]] = {"share": pa.array(share), "matched": pa.array(matched)}
    for name in ("finding_id", "grade", *_PLACE):
        columns[f"best_{name}"] = found.table[name].combine_chunks().take(at)
    return columns


def _status(judged: Judged) -> Ints:
    def has(which: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        some = np.zeros(judged.axis.works, bool)
        some[judged.found.work[which]] = True
        return some

    control, what = judged.works.is_control, judged.what
    conditions = {
        FALSE_ALARM: control & has(judged.seen),
        CONTROL: control,
        FOUND: has(judged.of_kind(WORK)),
        FREE: has(judged.of_kind(PUBLIC_DOMAIN, LICENSED)),
        **{status: has(judged.of_kind(kind)) for kind, status in what.status_of.items()},
    }
    numbers = [np.int64(what.statuses.index(name)) for name in conditions]
    return np.select(list(conditions.values()), numbers, np.int64(len(what.statuses) - 1))
