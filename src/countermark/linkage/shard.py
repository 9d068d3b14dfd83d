"""Linking one shard of a listing: what `scan.shard` is for texts.

Written are, in this order and each whole or not at all, the links and the counts, the findings, and last the receipt,
which holds the digests of the others. A shard with a sound receipt is done.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from countermark.atomic import write_bytes
from countermark.errors import CorpusError
from countermark.findings import Finding, findings_table, write_findings, write_table
from countermark.linkage.catalog import read_sought
from countermark.linkage.linker import Link, Linker
from countermark.linkage.rows import read_rows
from countermark.linkage.settings import SCHEME
from countermark.media import Refusal
from countermark.scan.receipt import Receipt, RefusalTally, shard_facts
from countermark.scan.shard import findings_path, receipt_path
from countermark.scan.source import digest_source, require_unchanged, source_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from countermark.corpus.base import Shard
    from countermark.findings import Grade
    from countermark.linkage.rows import ListingBatch
    from countermark.linkage.shapes import Mapping
    from countermark.scan.receipt import ScanIdentity, Source

EXCERPT = 400
"""Characters of each field that a finding shows."""
CURBED = "more titles of the catalog might fit this row than are compared with one"

_LINKS: list[tuple[str, pa.DataType]] = [
    ("finding_id", pa.string()),
    ("work_id", pa.string()),
    ("grade", pa.string()),
    ("evidence", pa.string()),
    ("score", pa.float64()),
    ("fits", pa.int64()),
    ("same_name_works", pa.int64()),
    ("own_title", pa.bool_()),
    ("by_name", pa.bool_()),
    ("is_control", pa.bool_()),
    ("shard", pa.string()),
    ("row", pa.int64()),
    ("title", pa.string()),
    ("names", pa.string()),
    ("identifiers", pa.string()),
    ("fields", pa.string()),
]
LINKS = pa.schema(_LINKS)
_COUNTS: list[tuple[str, pa.DataType]] = [("kind", pa.string()), ("key", pa.string()), ("rows", pa.int64())]
COUNTS = pa.schema(_COUNTS)


@dataclass(frozen=True, slots=True)
class LinkTask:
    """One shard to link into the run folder `run`; `name` is its receipt's. Crosses process borders."""

    name: str
    shard: Shard
    run: str
    mapping: Mapping
    identity: ScanIdentity
    corpus: str
    snapshot_date: str | None


def links_path(run: Path, name: str) -> Path:
    """Where the links of the shard with the receipt `name` are."""
    return run / "links" / f"{name}.parquet"


def counts_path(run: Path, name: str) -> Path:
    """Where its counts are: how many rows have the title of a work, or an address on its host."""
    return run / "counts" / f"{name}.parquet"


def link_shard(task: LinkTask, report: Callable[[int], None] = lambda _: None) -> Receipt:
    """Link one shard, write what was found and its receipt, and return the receipt.

    Raises OutputError, RunError, OSError when the file cannot be read, and CorpusError when it changed meanwhile.
    """
    run = Path(task.run)
    linker = _linker(str(run / "catalog.parquet"), task.identity.index, task.mapping)
    linker.start()
    before = source_state(task.shard)
    source = digest_source(task.shard)
    reading = _Reading(task, linker)
    reading.read(report)
    require_unchanged(task.shard, before)
    digests = {
        "links": write_table(reading.links(), links_path(run, task.name)),
        "counts": write_table(_counts(linker), counts_path(run, task.name)),
    }
    findings = write_findings(reading.findings(), findings_path(run, task.name))
    receipt = reading.receipt(source, digests, findings)
    write_bytes(receipt_path(run, task.name), receipt.to_bytes())
    return receipt


@lru_cache(maxsize=1)
def _linker(catalog: str, _digest: str, mapping: Mapping) -> Linker:
    """The linker of this process: one run has one catalog and one mapping."""
    return Linker(read_sought(Path(catalog)), mapping)


def _counts(linker: Linker) -> pa.Table:
    keys, counts = linker.table.title_keys.tolist(), linker.title_counts.tolist()
    rows = [("title", f"{key:016x}", count) for key, count in zip(keys, counts, strict=True) if count]
    rows += [("host", host, count) for host, count in sorted(linker.host_counts.items())]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 3
    return pa.Table.from_arrays(
        [pa.array(values, kept.type) for values, kept in zip(columns, COUNTS, strict=True)], schema=COUNTS
    )


class _Reading:
    """What was read and found in a shard so far."""

    def __init__(self, task: LinkTask, linker: Linker) -> None:
        self.task = task
        self.linker = linker
        self.rows = self.characters = self.text_bytes = self.found = 0
        self.refused = RefusalTally()
        self._links: list[pa.Table] = []
        self._findings: list[pa.Table] = []

    def read(self, report: Callable[[int], None]) -> None:
        """Read and link all batches of the shard."""
        shard = self.task.shard
        try:
            for batch in read_rows(shard, [column for _, column in self.task.mapping]):
                self.refused.add(batch.refused)
                self.rows += len(batch.rows)
                for column in batch.columns:
                    self.characters += pc.sum(pc.utf8_length(column)).as_py() or 0
                    self.text_bytes += pc.sum(pc.binary_length(column)).as_py() or 0
                self._add(batch, self.linker.links(batch))
                report(batch.bytes_read)
        except CorpusError as error:
            detail = str(error).replace(shard.path, shard.name)  # no path of this machine in a receipt
            self.refused.add([Refusal(shard.name, -1, "unreadable", detail)])
        if self.linker.curbed:
            self.refused.add([Refusal(shard.name, -1, "curbed", CURBED)] * self.linker.curbed)

    def _add(self, batch: ListingBatch, links: list[Link]) -> None:
        if not links:
            return
        held = [self._row(batch, link) for link in links]
        self.found += len(held)
        self._findings.append(findings_table(finding for finding, _ in held))
        values = list(zip(*(link for _, link in held), strict=True))
        arrays = [pa.array(column, kept.type) for column, kept in zip(values, LINKS, strict=True)]
        self._links.append(pa.Table.from_arrays(arrays, schema=LINKS))

    def _row(self, batch: ListingBatch, link: Link) -> tuple[Finding, tuple[Any, ...]]:
        """The finding of a link, and its row of `LINKS`."""
        task, work = self.task, self.linker.works[link.work]
        said = said_by_row(task.mapping, batch, link.row)
        fields = canonical_fields(said)
        row = int(batch.rows[link.row])
        finding_id = finding_id_of(work.work_id, task, row, link.grade, link.evidence, fields)
        finding = Finding(
            finding_id=finding_id,
            work_id=work.work_id,
            work_title=work.title,
            work_author=work.author,
            work_published=work.published or None,
            work_licence=work.licence,
            asset_path="",
            asset_digest="",
            asset_start=0,
            asset_end=0,
            corpus=task.corpus,
            snapshot_date=task.snapshot_date,
            shard=task.shard.name,
            row=row,
            record_id=said.get("id") or said.get("youtube") or None,
            record_url=said.get("url") or None,
            record_date=said.get("year") or None,
            record_digest=hashlib.sha256(fields.encode()).hexdigest(),
            record_start=0,
            record_end=0,
            unit="row",
            grade=link.grade.value,
            method=link.evidence,
            scheme=SCHEME,
            matched=0,
            longest_run=0,
            edits=0,
            bits=0.0,
            share_of_work=0.0,
            commonness=max(link.fits, int(self.linker.table.same_works[link.work])),
            is_control=work.is_control,
            asset_excerpt=None,
            record_excerpt=" · ".join(text[:EXCERPT] for text in said.values() if text),
        )
        identifiers = "; ".join(
            f"{role}:{text}" for role, text in said.items() if role not in ("title", "name")
        )
        return finding, (
            finding_id, work.work_id, link.grade.value, link.evidence, link.score, link.fits, finding.commonness,
            link.own_title, link.by_name, work.is_control, task.shard.name, row, said.get("title", "")[:EXCERPT],
            said.get("name", "")[:EXCERPT], identifiers[:EXCERPT], fields,
        )  # fmt: skip

    def links(self) -> pa.Table:
        """All links as one table."""
        return pa.concat_tables(self._links) if self._links else LINKS.empty_table()

    def findings(self) -> pa.Table | Iterable[Finding]:
        """All findings as one table."""
        return pa.concat_tables(self._findings) if self._findings else []

    def receipt(self, source: Source, digests: dict[str, str], findings: str) -> Receipt:
        """The receipt of the shard; of the other files that belong to it, it holds the digests."""
        task = self.task
        return Receipt(
            name=task.name,
            corpus=task.corpus,
            snapshot_date=task.snapshot_date,
            shard=shard_facts(task.shard) | {"files": digests},
            source=source,
            identity=task.identity,
            records=self.rows,
            characters=self.characters,
            text_bytes=self.text_bytes,
            refused=self.refused.counts,
            findings=self.found,
            findings_sha256=findings,
        )


def said_by_row(mapping: Mapping, batch: ListingBatch, row: int) -> dict[str, str]:
    """What a row of a batch says, by role; columns of one role are joined."""
    said: dict[str, str] = {}
    for (role, _), column in zip(mapping, batch.columns, strict=True):
        text = column[row].as_py()
        said[role] = f"{said[role]}; {text}" if role in said else text
    return said


def canonical_fields(said: dict[str, str]) -> str:
    """The mapped fields of a row as canonical JSON: what `record_digest` is the SHA-256 of."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def finding_id_of(work_id: str, task: LinkTask, row: int, grade: Grade, evidence: str, fields: str) -> str:
    """The identifier of a finding: the same wherever the listing is cut into parts."""
    place = task.shard.name.split("#")[0]
    facts = [work_id, task.corpus, place, row, grade.value, evidence, fields]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:32]
