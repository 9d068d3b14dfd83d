"""The findings of a shard of an earlier run, as scanning it for the new run would write them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from countermark.scan.shard import no_findings

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from countermark.scan.receipt import Receipt
    from countermark.scan.shard import ScanTask


def carried_findings(source: Path, old: Receipt, task: ScanTask) -> bytes | None:
    """The findings file of the receipt `old`, as that of `task`.

    It is written anew even where nothing in it changes: another version of Arrow writes other bytes. None where the
    file is not what the receipt states, or holds rows that this version would not write. Raises OSError, RunError.
    """
    data = source.read_bytes()
    if hashlib.sha256(data).hexdigest() != old.findings_sha256:
        return None
    if not old.findings:
        return no_findings()
    from countermark.findings.table import findings_bytes, read_findings  # noqa: PLC0415

    table = renamed_rows(read_findings(source, data), old.shard["name"], task)
    return None if table is None else findings_bytes(table)


def renamed_rows(table: pa.Table, was: str, task: ScanTask) -> pa.Table | None:
    """Rows of the shard that was named `was`, with the corpus, date, name, controls and numbers of `task`.

    None where a row's number cannot be made again from the row: it is then not known how to make the new one.
    """
    import pyarrow as pa  # noqa: PLC0415

    from countermark.findings.finding import SCHEMA  # noqa: PLC0415
    from countermark.matching.rows import PLACE, Context, finding_id, is_control  # noqa: PLC0415

    search, shard = task.search, task.shard.name
    contexts = {
        given: Context(search.corpus, search.snapshot_date, shard, is_control_index=given)
        for given in (False, True)
    }
    ids, controls = [], []
    for row in table.select([*PLACE, "finding_id", "work_published"]).to_pylist():
        place = [row[name] for name in PLACE]
        made = (
            given for given in contexts if finding_id(was, place, is_control_index=given) == row["finding_id"]
        )
        if (given := next(made, None)) is None:
            return None
        ids.append(finding_id(shard, place, is_control_index=given))
        controls.append(is_control(row["work_published"], contexts[given]))
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
