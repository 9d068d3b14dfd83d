"""The findings of a run as NumPy columns, placed on the axis of the catalogue.

Excerpts are looked at on the way and dropped: a million findings then fit in a few hundred megabytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from countermark.errors import RunError
from countermark.evidence.commonness import LICENCE_WORDS
from countermark.evidence.intervals import Intervals
from countermark.findings.finding import SCHEMA, Grade
from countermark.findings.table import iter_findings

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.evidence.intervals import Floats, Ints
    from countermark.evidence.run_folder import RunFolder

    Column = pa.ChunkedArray[Any] | pa.Array[Any]

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

GRADES = tuple(grade for grade in Grade if grade not in (Grade.RESEMBLES, Grade.SHARED))
"""The grades of texts and of listings, from strongest to weakest; the others are for recordings and pictures."""
_TEXT_COLUMNS = ("finding_id", "work_id", "asset_path", "asset_digest", "shard", "record_id", "record_url")
_COLUMNS = (
    *_TEXT_COLUMNS,
    "asset_start",
    "asset_end",
    "row",
    "record_digest",
    "record_start",
    "record_end",
    "grade",
    "matched",
    "longest_run",
    "commonness",
    "is_control",
    "record_excerpt",
)
# The host of a URL: after the scheme and any "user@", up to a port, a path, a query or a fragment.
_HOST = r"^[A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#@]*@)?(?P<host>\[[^\]/]*\]|[^/?#:]+)"
_PART = r"#\d+-(-?\d+)?$"


@dataclass(frozen=True, slots=True)
class Axis:
    """The assets of the catalogue laid end to end. `work` numbers works in the order of the catalogue."""

    base: Ints
    work: Ints
    code_points: Ints
    first_asset: Ints
    """Of each work, its first row in the catalogue."""

    @property
    def works(self) -> int:
        """How many works there are."""
        return len(self.first_asset)

    def work_at(self, position: Ints) -> Ints:
        """The work that holds each position of the axis."""
        return self.work[np.searchsorted(self.base, position, side="right") - 1]

    def sum_by_work(self, position: Ints, amount: Floats) -> Floats:
        """Add up amounts that stand at positions of the axis, per work; shape (works,)."""
        total = np.bincount(self.work_at(position), weights=amount, minlength=self.works)
        return total.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Columns:
    """n findings. `spans` lie on the axis and are empty for grades that match no text; `host` is -1 for none."""

    table: pa.Table
    file_row: Ints
    file: Ints
    work: Ints
    spans: Intervals
    grade: Ints
    matched: Ints
    record: Ints
    host: Ints
    licence_words: npt.NDArray[np.bool_]
    repeated: int


def axis_of(catalog: pa.Table) -> Axis:
    """Lay out the catalogue. One code point stays free behind each asset, so that two never touch."""
    code_points = integers(catalog["code_points"])
    base = np.concatenate([np.zeros(1, np.int64), np.cumsum(code_points + 1)])[:-1]
    # A control may bear the id of a work: the two come from different catalogues.
    work = codes(catalog["work_id"], integers(catalog["is_control"]))
    first = np.unique(work, return_index=True)[1].astype(np.int64)
    return Axis(base, work, code_points, first)


def integers(column: Column) -> Ints:
    """A column of whole numbers or truth values without nulls as int64."""
    return np.asarray(column).astype(np.int64)


def codes(*columns: Column | Ints) -> Ints:
    """Number the distinct rows of some columns from 0; equal rows, and only they, get equal numbers."""
    whole = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        part = (
            np.unique(column, return_inverse=True)[1] if isinstance(column, np.ndarray) else _encoded(column)
        )
        joined = whole * (int(part.max(initial=0)) + 1) + part
        whole = np.unique(joined, return_inverse=True)[1].astype(np.int64)
    return whole


def _encoded(column: Column) -> Ints:
    """The dictionary code of each value, from 1; 0 for null."""
    array: Any = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return integers(pc.fill_null(array.dictionary_encode().indices, -1)) + 1


def read_columns(run: RunFolder, axis: Axis) -> Columns:
    """All findings of a run. Raises RunError when they and the receipts or the catalogue do not agree."""
    table, words, file, file_row = _read(run)
    first = np.sort(np.unique(codes(table["finding_id"]), return_index=True)[1])
    repeated = len(table) - len(first)
    if repeated:
        table, words = table.take(first), words[first]
        file, file_row = file[first], file_row[first]
    asset = _assets(run, table)
    start, end = integers(table["asset_start"]), integers(table["asset_end"])
    if len(table) and bool(np.any((start < 0) | (end < start) | (end > axis.code_points[asset]))):
        raise RunError(
            f"{run.path}: a finding reaches beyond the end of its work's file; not of this catalogue"
        )
    grade = integers(pc.index_in(table["grade"], pa.array([str(grade) for grade in Grade])))
    passage = (grade == GRADES.index(Grade.IDENTICAL)) | (grade == GRADES.index(Grade.COPY))
    begin = axis.base[asset] + start
    return Columns(
        table=table,
        file=file,
        file_row=file_row,
        work=axis.work[asset],
        spans=Intervals(begin, np.where(passage, begin + end - start, begin)),
        grade=grade,
        matched=np.where(passage, integers(table["matched"]), 0),
        record=_records(table),
        host=_hosts(table["record_url"]),
        licence_words=words,
        repeated=repeated,
    )


def _read(run: RunFolder) -> tuple[pa.Table, npt.NDArray[np.bool_], Ints, Ints]:
    """The light columns, whether each record excerpt holds words of a licence, and where each row stands."""
    batches, words, file, file_row = [], [], [], []
    empty: set[str] = set()  # most shards hold nothing: their files are all the same, and read once
    for number, (receipt, path) in enumerate(zip(run.receipts, run.findings_paths, strict=True)):
        rows = 0
        if not receipt.findings and receipt.findings_sha256 in empty and path.exists():
            continue
        for batch in iter_findings([path], _COLUMNS):
            excerpt = batch.column("record_excerpt")
            words.append(
                pc.match_substring_regex(excerpt, LICENCE_WORDS.pattern).to_numpy(zero_copy_only=False)
            )
            batches.append(batch.drop_columns(["record_excerpt"]))
            file_row.append(np.arange(rows, rows + len(batch)))
            file.append(np.full(len(batch), number))
            rows += len(batch)
        if rows != receipt.findings:
            raise RunError(f"{path}: {rows} findings; its receipt says {receipt.findings}")
        if not rows:
            empty.add(receipt.findings_sha256)
    light = pa.schema([SCHEMA.field(name) for name in _COLUMNS if name != "record_excerpt"])
    none = np.empty(0, np.int64)
    return (
        pa.Table.from_batches(batches, schema=light),
        np.concatenate([*words, none]).astype(bool),
        np.concatenate([*file, none]).astype(np.int64),
        np.concatenate([*file_row, none]).astype(np.int64),
    )


def _assets(run: RunFolder, table: pa.Table) -> Ints:
    """The row of the catalogue of each finding."""
    names = ("work_id", "asset_path", "asset_digest")
    text = [pa.chunked_array([*run.catalog[n].chunks, *table[n].chunks], pa.string()) for n in names]
    control = np.concatenate([integers(run.catalog["is_control"]), integers(table["is_control"])])
    both = codes(*text, control)
    known, mine = both[: len(run.catalog)], both[len(run.catalog) :]
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known[order], mine), max(len(known) - 1, 0))
    if len(mine) and (not len(known) or bool(np.any(known[order][at] != mine))):
        strange = int(np.flatnonzero(known[order][at] != mine)[0]) if len(known) else 0
        path, work = table["asset_path"][strange].as_py(), table["work_id"][strange].as_py()
        raise RunError(
            f"{run.path}: a finding names {path} of work {work}, which catalog.parquet does not list"
        )
    return order[at].astype(np.int64) if len(mine) else np.empty(0, np.int64)


def _records(table: pa.Table) -> Ints:
    """One number per record: the file and the row in it, or the record's digest where rows are unknown."""
    files = pc.replace_substring_regex(table["shard"], _PART, "")
    row = integers(table["row"])
    digest = pc.if_else(pa.array(row >= 0), pa.scalar(None, pa.string()), table["record_digest"])
    return codes(files, np.maximum(row, -1), digest)


def _hosts(urls: Column) -> Ints:
    """One number per web host, without a leading `www.`; -1 where there is no URL with a host."""
    found = pc.extract_regex(urls, _HOST)
    host = pc.replace_substring_regex(pc.utf8_lower(pc.struct_field(found, "host")), r"^www\.", "")
    return _encoded(host) - 1
