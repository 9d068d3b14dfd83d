"""The rows of a shard of an earlier run, as scanning it for the new run would write them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from countermark.scan.receipt import Receipt
    from countermark.scan.shard import ScanTask


def carried_findings(source: Path, old: Receipt, task: ScanTask) -> bytes | None:
    """The findings file of the receipt `old`, as that of `task`.

    None where the file is not what the receipt states, or holds rows that this version would not write. Raises OSError,
    RunError.
    """
    data = source.read_bytes()
    if hashlib.sha256(data).hexdigest() != old.findings_sha256:
        return None
    search, shard = task.search, task.shard.name
    if (old.corpus, old.snapshot_date, old.shard["name"]) == (search.corpus, search.snapshot_date, shard):
        return data
    from countermark.findings.table import findings_bytes, read_findings  # noqa: PLC0415

    table = renamed_rows(read_findings(source), old.shard["name"], task)
    return None if table is None else findings_bytes(table)


def renamed_rows(table: pa.Table, was: str, task: ScanTask) -> pa.Table | None:
    """Rows of the shard that was named `was`, with the corpus, date, name, controls and numbers of `task`.

    None where a row's number cannot be made again from the row: it is then not known how to make the new one.
    """
    import pyarrow as pa  # noqa: PLC0415

    from countermark.findings.finding import SCHEMA  # noqa: PLC0415

    search, shard = task.search, task.shard.name
    ids, controls = [], []
    for row in table.select([*_PLACE, "finding_id", "work_published"]).to_pylist():
        given = next((flag for flag in (False, True) if _number(row, was, flag) == row["finding_id"]), None)
        if given is None:
            return None
        ids.append(_number(row, shard, given))
        later = (
            row["work_published"] and search.snapshot_date and row["work_published"] > search.snapshot_date
        )
        controls.append(given or bool(later))
    count = table.num_rows
    anew: dict[str, Any] = {
        "finding_id": ids,
        "corpus": [search.corpus] * count,
        "snapshot_date": [search.snapshot_date] * count,
        "shard": [shard] * count,
        "is_control": controls,
    }
    columns = [
        pa.array(anew[field.name], type=field.type) if field.name in anew else table[field.name]
        for field in SCHEMA
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


_PLACE = ("row", "record_start", "record_end", "work_id", "asset_path", "asset_start", "asset_end")


def _number(row: Mapping[str, Any], shard: str, given_as_control: bool) -> str:
    """`finding_id` of a text, as `matching.rows` makes it; whoever changes it there is told by a test."""
    place = "\0".join(str(row[name]) for name in _PLACE)
    return hashlib.sha256(f"{shard}\0{place}\0{int(given_as_control)}".encode()).hexdigest()[:20]
