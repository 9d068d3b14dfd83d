"""What a link run found, from its files alone: `links.parquet`, `works.parquet` and `summary.json`.

Here is counted what only the whole listing can say: how many other rows name the work, or share its title.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from countermark.atomic import write_bytes
from countermark.errors import RunError
from countermark.findings.table import write_table
from countermark.linkage.catalog import read_sought
from countermark.linkage.picture_summary import picture_summary
from countermark.linkage.picture_works import SITE
from countermark.linkage.settings import PICTURE_SCHEME
from countermark.linkage.shard import LINKS, counts_path, links_path
from countermark.linkage.table import LinkTable
from countermark.scan.attempts import run_digest
from countermark.scan.folder import RunFolder
from countermark.scan.receipt import EXAMPLES_PER_REASON, Receipt, json_bytes, read_receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from countermark.linkage.catalog import Sought

FORMAT = "countermark.links/1"
TOP = 10
CONFIDENCE = 0.95
Interval = tuple[float, float]

_WORKS: list[tuple[str, pa.DataType]] = [
    ("work_id", pa.string()),
    ("work_title", pa.string()),
    ("work_author", pa.string()),
    ("is_control", pa.bool_()),
    ("status", pa.string()),
    ("identifier_rows", pa.int64()),
    ("name_rows", pa.int64()),
    ("best_score", pa.float64()),
    ("same_title_rows", pa.int64()),
    ("same_name_works", pa.int64()),
]
WORKS = pa.schema(_WORKS)
"""The columns of `works.parquet` of a link, one row for each work of the catalog and each control."""


def conclude(run: Path, interval: Callable[[int, int, float], Interval]) -> dict[str, Any]:
    """Write the tables and the summary of a run; return the summary. The same files give the same bytes.

    `interval(successes, trials, confidence)` bounds the rate of false alarms (`probability.binomial.clopper_pearson`).
    Raises RunError when the folder is no run of a link or is damaged.
    """
    settings = RunFolder(run).settings()
    if settings is None or settings.get("kind") != "link":
        raise RunError(f"{run}: not the run folder of a link")
    works = read_sought(run / "catalog.parquet")
    receipts = [read_receipt(path) for path in sorted((run / "receipts").glob("[!.]*.json"))]
    links = _links(run, receipts)
    counts = _counts(run, receipts)
    same_title = _title_rows(works, counts["title"])
    table = _with_counts(links, same_title)
    write_table(table, run / "links.parquet")
    rows = _works(table, [work for work in works if work.medium != SITE], same_title)
    write_table(rows, run / "works.parquet")
    summary = _summary(run, settings, receipts, table, rows, counts["host"], interval)
    if settings["index"]["scheme"] == PICTURE_SCHEME:
        evidences = zip(_texts(table, "work_id"), _texts(table, "evidence"), strict=True)
        summary["pictures"] = picture_summary(works, evidences, counts, summary["searched"]["rows"])
    write_bytes(run / "summary.json", json_bytes(summary))
    return summary


def _links(run: Path, receipts: Sequence[Receipt]) -> pa.Table:
    """All links of the shards that have a receipt."""
    tables = [_read(links_path(run, receipt.name)) for receipt in receipts]
    return pa.concat_tables([LINKS.empty_table(), *tables])


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path}: cannot be read: {error}; give the command again to make it anew") from error


def _counts(run: Path, receipts: Sequence[Receipt]) -> dict[str, Counter[str]]:
    """Rows by what was counted: titles of the catalog (by their keys), hosts, sites, stored hashes."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for receipt in receipts:
        table = _read(counts_path(run, receipt.name))
        for kind, key, rows in zip(
            *(table.column(name).to_pylist() for name in table.schema.names), strict=True
        ):
            counts[kind][key] += rows
    return counts


def _title_rows(works: Sequence[Sought], counted: Mapping[str, int]) -> dict[str, int]:
    """For each work how many rows of the listing have a title of it, letter by letter after folding."""
    found: dict[str, int] = defaultdict(int)
    if not counted:  # no table of titles is needed, nor what it is made with
        return found
    table, titles = LinkTable(works), {int(key, 16): rows for key, rows in counted.items()}
    for number, work in enumerate(works):
        found[work.work_id] += sum(titles.get(key, 0) for key in table.title_keys_by_number(number))
    return found


def _with_counts(links: pa.Table, same_title: Mapping[str, int]) -> pa.Table:
    """The links in a fixed order, with what was counted over the whole listing."""
    links = links.sort_by(
        [(name, "ascending") for name in ("work_id", "grade", "shard", "row", "finding_id")]
    )
    ids = _texts(links, "work_id")
    own: list[Any] = links.column("own_title").to_pylist()
    named: list[Any] = links.column(
        "by_name"
    ).to_pylist()  # a row found by identifier may name the work as well
    per_work = Counter(work for work, by_name in zip(ids, named, strict=True) if by_name)
    same_name_rows = [per_work[work] - by_name for work, by_name in zip(ids, named, strict=True)]
    same_title_rows = [same_title[work] - held for work, held in zip(ids, own, strict=True)]
    fits = np.asarray(links.column("fits"))
    at = links.schema.get_field_index("same_name_works")
    links = links.add_column(at, "same_title_rows", pa.array(same_title_rows, pa.int64()))
    links = links.add_column(at, "same_name_rows", pa.array(same_name_rows, pa.int64()))
    links = links.append_column("ambiguous", pa.array(fits > 1, pa.bool_()))
    return links.drop_columns(["own_title", "by_name"])


def _texts(table: pa.Table, name: str) -> list[str]:
    return [str(value) for value in table.column(name).to_pylist()]


def _works(links: pa.Table, works: Sequence[Sought], same_title: Mapping[str, int]) -> pa.Table:
    """One row for each work, in the order of the catalog."""
    rows: dict[tuple[str, str], int] = Counter(
        zip(_texts(links, "work_id"), _texts(links, "grade"), strict=True)
    )
    best: dict[str, float] = defaultdict(float)
    sharing: dict[str, int] = defaultdict(int)
    for work, score, count in zip(
        *(links.column(name).to_pylist() for name in ("work_id", "score", "same_name_works")), strict=True
    ):
        best[work], sharing[work] = max(best[work], score), max(sharing[work], count)
    held = []
    for work in works:
        by_identifier, by_name = rows[work.work_id, "identifier"], rows[work.work_id, "name"]
        held.append(
            (work.work_id, work.title, work.author, work.is_control,
             _status(by_identifier, by_name, is_control=work.is_control), by_identifier, by_name,
             best[work.work_id], same_title[work.work_id], sharing[work.work_id])
        )  # fmt: skip
    columns = list(zip(*held, strict=True)) if held else [()] * len(WORKS)
    arrays = [pa.array(values, kept.type) for values, kept in zip(columns, WORKS, strict=True)]
    return pa.Table.from_arrays(arrays, schema=WORKS)


def _status(by_identifier: int, by_name: int, *, is_control: bool) -> str:
    if is_control:
        return "false-alarm" if by_identifier or by_name else "control"
    return "identifier" if by_identifier else "name" if by_name else "not-found"


def _summary(
    run: Path, settings: Mapping[str, Any], receipts: Sequence[Receipt], links: pa.Table, works: pa.Table,
    hosts: Mapping[str, int], interval: Callable[[int, int, float], Interval],
) -> dict[str, Any]:  # fmt: skip
    status = Counter(_texts(works, "status"))
    quarantined = len(list((run / "quarantine").glob("[!.]*.json")))
    total = works.num_rows - status["control"] - status["false-alarm"]
    return {
        "format": FORMAT,
        "complete": len(receipts) + quarantined >= settings["shards"]["count"],
        "run_digest": run_digest(run),
        "corpus": {"name": settings["corpus"], "snapshot_date": settings["snapshot_date"]},
        "engine": settings["engine"],
        "rules": settings["index"]["scheme"],
        "catalog": settings["index"],
        "mapping": settings["reader"]["mapping"],
        "shape": settings["reader"]["shape"],
        "works": {
            "total": total,
            "by_status": {name: status[name] for name in ("identifier", "name", "not-found")},
        },
        "findings": {
            "total": links.num_rows,
            "by_grade": dict(sorted(Counter(links.column("grade").to_pylist()).items())),
            "ambiguous": int(np.asarray(links.column("ambiguous")).sum()),
        },
        "controls": _controls(status, interval),
        "searched": {
            "shards": len(receipts),
            "rows": sum(receipt.records for receipt in receipts),
            "refused": _refused(settings, receipts),
            "quarantined": quarantined,
        },
        "hosts": dict(sorted(hosts.items(), key=lambda item: (-item[1], item[0]))),
        "top_works": _top(works),
    }


def _controls(status: Mapping[str, int], interval: Callable[[int, int, float], Interval]) -> dict[str, Any]:
    alarms, trials = status["false-alarm"], status["control"] + status["false-alarm"]
    lower, upper = interval(alarms, trials, CONFIDENCE)
    return {"works": trials, "false_alarms": alarms, "lower": lower, "upper": upper, "confidence": CONFIDENCE}


def _refused(settings: Mapping[str, Any], receipts: Sequence[Receipt]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for counts in (settings["refused"], *(receipt.refused for receipt in receipts)):
        for reason, entry in counts.items():
            known = whole.setdefault(reason, {"count": 0, "examples": []})
            known["count"] += entry["count"]
            known["examples"] = (known["examples"] + entry["examples"])[:EXAMPLES_PER_REASON]
    return whole


def _top(works: pa.Table) -> list[dict[str, Any]]:
    """The works with most rows, those found by identifier first."""
    found = [work for work in works.to_pylist() if work["status"] in ("identifier", "name")]
    found.sort(key=lambda work: (-work["identifier_rows"], -work["name_rows"], work["work_id"]))
    return found[:TOP]
