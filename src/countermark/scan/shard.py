"""Scanning one shard: a function of the shard and the index, and of nothing else.

It knows no engine and no pool. The findings are written first and the receipt last, each whole or not at all:
a shard whose receipt is there is done, whatever died in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark.atomic import write_bytes
from countermark.errors import CorpusError
from countermark.media import Medium, Refusal
from countermark.scan.receipt import Receipt, RefusalTally, shard_facts
from countermark.scan.source import digest_source, require_unchanged, source_state

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from countermark.corpus.base import Shard
    from countermark.scan.search import SearchBackend, Searcher, SearchSettings


@dataclass(frozen=True, slots=True)
class ScanTask:
    """One shard to scan into the run folder `run`; `name` is its receipt's. Crosses process borders."""

    name: str
    shard: Shard
    run: str
    search: SearchSettings
    backend: SearchBackend


def findings_path(run: Path, name: str) -> Path:
    """Where the findings of the shard with the receipt `name` are."""
    return run / "findings" / f"{name}.parquet"


def receipt_path(run: Path, name: str) -> Path:
    """Where the receipt `name` is."""
    return run / "receipts" / f"{name}.json"


def scan_shard(task: ScanTask, report: Callable[[int], None] = lambda _: None) -> Receipt:
    """Scan one shard, write its findings and its receipt, and return the receipt.

    `report` is told the number of bytes read since it was called last. A shard of which nothing can be read
    gets a receipt that says so. Raises OutputError, UnusableIndexError, OSError when the file cannot be read,
    and CorpusError when it changed while it was read.
    """
    from countermark.findings.table import write_findings  # noqa: PLC0415
    from countermark.scan.search import Begun  # noqa: PLC0415

    searcher = task.backend.open(task.search)
    before = source_state(task.shard)
    source = digest_source(task.shard)
    run = Path(task.run)
    searcher.begin(Begun(run, task.name, task.shard.name, source.sha256))
    reading = _read(task.shard, Medium(task.search.medium), searcher, report)
    require_unchanged(task.shard, before)
    beside = searcher.finish()
    digest = write_findings(reading.findings(), findings_path(run, task.name))
    receipt = Receipt(
        name=task.name,
        corpus=task.search.corpus,
        snapshot_date=task.search.snapshot_date,
        shard=shard_facts(task.shard),
        source=source,
        identity=task.search.identity,
        records=reading.records,
        characters=reading.characters,
        text_bytes=reading.text_bytes,
        refused=reading.refused.counts,
        findings=reading.found,
        findings_sha256=digest,
        **beside,
    )
    write_bytes(receipt_path(run, task.name), receipt.to_bytes())
    return receipt


@dataclass(slots=True)
class _Reading:
    """What was read and found in a shard so far."""

    records: int = 0
    characters: int = 0
    text_bytes: int = 0
    found: int = 0
    refused: RefusalTally = field(default_factory=RefusalTally)
    tables: list[pa.Table] = field(default_factory=list)

    def findings(self) -> pa.Table:
        """All findings as one table."""
        import pyarrow as pa  # noqa: PLC0415

        from countermark.findings.finding import SCHEMA  # noqa: PLC0415

        return pa.concat_tables(self.tables) if self.tables else SCHEMA.empty_table()

    def add(self, batch: Any, searcher: Searcher, shard: str) -> None:
        """Count a batch and search it. Findings are kept as Arrow columns: a tenth of the room of rows."""
        from countermark.findings.table import findings_table  # noqa: PLC0415

        self.refused.add(batch.refused)
        if len(batch) == 0:
            return
        self.records += len(batch)
        amounts = searcher.measure(batch)
        self.characters += amounts.characters
        self.text_bytes += amounts.text_bytes
        rows = searcher.findings(batch, shard)
        self.refused.add(searcher.take_refused())
        if rows:
            self.found += len(rows)
            self.tables.append(findings_table(rows))


def _read(shard: Shard, medium: Medium, searcher: Searcher, report: Callable[[int], None]) -> _Reading:
    reading = _Reading()
    try:
        for batch in _reader(shard, medium).batches(shard):
            reading.add(batch, searcher, shard.name)
            report(batch.bytes_read)
    except CorpusError as error:
        detail = str(error).replace(shard.path, shard.name)  # no path of this machine in a receipt
        reading.refused.add([Refusal(shard.name, -1, "unreadable", detail)])
    return reading


def _reader(shard: Shard, medium: Medium) -> Any:
    from countermark.corpus.listing import reader_for  # noqa: PLC0415
    from countermark.corpus.sketches import FORMAT, SketchesReader  # noqa: PLC0415

    return SketchesReader() if shard.format == FORMAT else reader_for(shard.format, medium)
