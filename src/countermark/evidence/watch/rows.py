"""The findings of a run, work by work, as they are compared: controls are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute

from countermark.findings.table import iter_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.evidence.run_folder import RunFolder

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

RESERVED: Final = (
    "reservation_tdm",
    "reservation_train",
    "reservation_generative",
    "reservation_input",
    "reservation_search",
    "reservation_basis",
)
"""What was reserved at a record."""

PLACE: Final = ("shard", "row", "record_id", "record_url")
"""Where a record stands."""

EXTENT: Final = (
    "record_digest",
    "record_start",
    "record_end",
    "asset_start",
    "asset_end",
    "asset_box",
    "record_box",
    "record_frame",
    "record_track",
    "grade",
)
"""How much of the work stands in which record."""

OF_TOKENS: Final = ("record_sequence", "record_token_start", "record_token_end", "record_fragment")
"""Where a passage stands among token ids: told, and not compared, as another tokeniser gives other numbers."""

OF_WORK: Final = ("work_id", "work_title", "work_author", "asset_path", "unit")
KEPT: Final = ("finding_id", *PLACE, "record_date", *EXTENT, "matched", *RESERVED, *OF_TOKENS)
"""What is told of both sides of a change."""

ORDER: Final = (
    "work_id",
    "asset_path",
    "asset_start",
    "asset_end",
    "shard",
    "row",
    "record_start",
    "finding_id",
)

Row = dict[str, Any]


def rows_by_work(run: RunFolder) -> dict[str, pa.Table]:
    """The findings of each work that is no control, in an order that does not depend on who scanned them."""
    columns = [*OF_WORK, *KEPT, "is_control"]
    batches = list(iter_findings(run.findings_paths, columns))
    if not batches:
        return {}
    table = pa.Table.from_batches(batches)
    table = table.filter(pc.invert(table["is_control"])).drop_columns(["is_control"])
    table = table.sort_by([(name, "ascending") for name in ORDER])
    return dict(_of_each_work(table))


def _of_each_work(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    # the table is in the order of works: each is one slice
    work = table["work_id"].combine_chunks()
    encoded = pc.run_end_encode(work)
    begin = 0
    for name, end in zip(encoded.values.to_pylist(), encoded.run_ends.to_pylist(), strict=True):
        yield name, table.slice(begin, end - begin)
        begin = end


def listed(table: pa.Table | None) -> list[Row]:
    """The rows as dictionaries; lists of numbers become tuples, so that rows can be keys."""
    if table is None:
        return []
    rows = table.to_pylist()
    for row in rows:
        for name in ("asset_box", "record_box"):
            row[name] = tuple(row[name]) if row[name] is not None else None
    return rows
