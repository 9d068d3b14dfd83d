"""Scanning one shard: a function of the shard and the index, and of nothing else.

It knows no engine and no pool. The findings are written first and the receipt last, each whole or not at all:
a shard whose receipt is there is done, whatever died in between.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from countermark.errors import CorpusError, RunError
from countermark.media import Medium, Refusal
from countermark.scan.receipt import Receipt, RefusalTally, receipt_of, shard_facts
from countermark.scan.source import digest_source, require_unchanged, source_state
from countermark.scan.tokenizers import provide_table
from countermark.storage.place import shown
from countermark.storage.store import store_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyarrow as pa

    from countermark.corpus.base import Shard
    from countermark.corpus.tokens.places import TokenCounts, TokenPlaces
    from countermark.scan.search import SearchBackend, Searcher, SearchSettings


FINDINGS, RECEIPTS = "findings", "receipts"
_PASSING = frozenset({"text", "token-stream", "pbin"})


@dataclass(frozen=True, slots=True)
class ScanTask:
    """One shard to scan into `run`, a path or URL; `name` is that of its receipt. Crosses process borders."""

    name: str
    shard: Shard
    run: str
    search: SearchSettings
    backend: SearchBackend


def findings_path(run: Path, name: str) -> Path:
    """Where the findings of the shard with the receipt `name` are."""
    return run / FINDINGS / f"{name}.parquet"


def receipt_path(run: Path, name: str) -> Path:
    """Where the receipt `name` is."""
    return run / RECEIPTS / f"{name}.json"


def scan_shard(task: ScanTask, report: Callable[[int], None] = lambda _: None) -> Receipt:
    """Scan one shard, write its findings and its receipt, and return the receipt.

    `report` is told the number of bytes read since it was called last. A shard of which nothing can be read
    gets a receipt that says so. Raises OutputError, UnusableIndexError, OSError when the file cannot be read,
    and CorpusError when it changed while it was read.
    """
    from countermark.scan.search import Begun  # noqa: PLC0415

    searcher = task.backend.open(task.search)
    provide_table(task.run, task.shard)
    before = source_state(task.shard)
    source = digest_source(task.shard)
    store = store_of(task.run)
    searcher.begin(Begun(store.place, task.name, task.shard.name, source.sha256))
    reading = _read(task, searcher, report)
    require_unchanged(task.shard, before)
    beside = searcher.finish()
    data = reading.data()
    store.write(f"{FINDINGS}/{task.name}.parquet", data)
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
        findings_sha256=hashlib.sha256(data).hexdigest(),
        tokens=reading.tokens.facts(task.shard),
        **beside,
    )
    store.write(f"{RECEIPTS}/{task.name}.json", receipt.to_bytes())
    return receipt


def rescan_shard(task: ScanTask, report: Callable[[int], None] = lambda _: None) -> Receipt:
    """Return the receipt that a shard has, if what it was read from has still the digest stated there; else scan it.

    A part of a plain text or of a stream of token ids is always scanned: its last passage may end in the next part,
    which its digest does not cover; nor does that of a part of a Parquet file cover the footer, which says no more than
    how columns are called. Raises as `scan_shard` does.
    """
    try:
        receipt = receipt_of(store_of(task.run).read(f"{RECEIPTS}/{task.name}.json"), task.name)
    except (FileNotFoundError, RunError):
        return scan_shard(task, report)
    if task.shard.format in _PASSING and (task.shard.begin, task.shard.end) != (0, -1):
        return scan_shard(task, report)
    before = source_state(task.shard)
    source = digest_source(task.shard)
    require_unchanged(task.shard, before)
    if source != receipt.source:
        return scan_shard(task, report)
    report(task.shard.size)
    return receipt


@dataclass(slots=True)
class _Tokens:
    """What a receipt says of token ids."""

    counts: list[TokenCounts] = field(default_factory=list)
    check: Mapping[str, Any] | None = None

    def add(self, places: TokenPlaces) -> None:
        """Note what was counted in a batch."""
        self.counts.append(places.counts)
        self.check = self.check or places.check

    def facts(self, shard: Shard) -> dict[str, Any] | None:
        """Which table a shard was decoded with, what was counted, and the check; None for a shard of text."""
        from countermark.corpus.tokens.held import table_named  # noqa: PLC0415
        from countermark.corpus.tokens.places import TokenCounts  # noqa: PLC0415

        table = table_named(shard)
        if table is None:
            return None
        total = TokenCounts()
        for counts in self.counts:
            total.add(counts)
        options = dict(shard.options)
        named = {"table": table, "tokenizer": options.get("tokenizer"), "ids": options.get("ids")}
        return {**named, "counts": asdict(total), "check": self.check}


@dataclass(slots=True)
class _Reading:
    """What was read and found in a shard so far."""

    records: int = 0
    characters: int = 0
    text_bytes: int = 0
    found: int = 0
    refused: RefusalTally = field(default_factory=RefusalTally)
    tables: list[pa.Table] = field(default_factory=list)
    tokens: _Tokens = field(default_factory=_Tokens)

    def data(self) -> bytes:
        """The file of all findings."""
        if not self.tables:
            return no_findings()
        import pyarrow as pa  # noqa: PLC0415

        from countermark.findings.table import findings_bytes  # noqa: PLC0415

        return findings_bytes(pa.concat_tables(self.tables))

    def add(self, batch: Any, searcher: Searcher, shard: str) -> None:
        """Count a batch and search it. Findings are kept as Arrow columns: a tenth of the room of rows."""
        from countermark.findings.table import findings_table  # noqa: PLC0415

        self.refused.add(batch.refused)
        tokens = getattr(batch, "tokens", None)  # pictures and recordings have none
        if tokens is not None:
            self.tokens.add(tokens)
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


@cache
def no_findings() -> bytes:
    """The file of a shard in which nothing was found, as most are."""
    from countermark.findings.table import findings_bytes  # noqa: PLC0415

    return findings_bytes(())


def _read(task: ScanTask, searcher: Searcher, report: Callable[[int], None]) -> _Reading:
    shard, medium = task.shard, Medium(task.search.medium)
    reading = _Reading(refused=RefusalTally(terse=bool(task.search.identity.excerpts)))
    try:
        for batch in _reader(shard, medium).batches(shard):
            reading.add(batch, searcher, shard.name)
            report(batch.bytes_read)
    except CorpusError as error:
        reading.refused.add([Refusal(shard.name, -1, error.reason, by_name(str(error), shard))])
    return reading


def by_name(text: str, shard: Shard) -> str:
    """A text in which a shard stands by its name: a path or a URL says where this machine, or a server, has it."""
    for place in (shard.path, shown(shard.path)):
        if "/" in place:  # a bare word may stand for something else
            text = text.replace(place, shard.name)
    return text


def _reader(shard: Shard, medium: Medium) -> Any:
    from countermark.corpus.listing import reader_for  # noqa: PLC0415
    from countermark.corpus.sketches import FORMAT, SketchesReader  # noqa: PLC0415

    return SketchesReader() if shard.format == FORMAT else reader_for(shard.format, medium)
