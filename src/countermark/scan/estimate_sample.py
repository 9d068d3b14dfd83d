"""A sample of the shards of a plan: which are drawn, and what one of them costs, measured as a scan would go.

The draw is the same on every machine: in each stratum shards come in the order of a digest of their names, and the
strata take turns. A shard is searched for real, with the index and all that is asked for; of a large one only the
beginning is read. What was measured is written beside the findings, in the folder that is thrown away.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.atomic import make_folder, write_bytes
from countermark.errors import CorpusError
from countermark.media import Medium
from countermark.scan.estimate_total import Block, Unit, blocks_of
from countermark.scan.receipt import Receipt, Source, json_bytes, shard_facts
from countermark.scan.tokenizers import provide_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

    from countermark.corpus.base import Shard
    from countermark.scan.search import Searcher
    from countermark.scan.shard import ScanTask

MEASURED = "measured"
"""The folder of what was measured, one JSON file a shard."""

_SMALL, _LARGE = 1 << 20, 64 << 20
_warm: set[str] = (
    set()
)  # what this process has searched once, so that loading the kernels is not taken for reading


def stratum_of(shard: Shard) -> str:
    """Format, compression and class of size: shards that cost about the same a byte."""
    from countermark.corpus.detection import suffixes  # noqa: PLC0415

    suffix, packed = suffixes(shard.name.partition("#")[0])
    wet = " (WET)" if shard.format == "warc" and suffix == ".wet" else ""
    kind = f"{shard.format}{wet}, {packed}" if packed else f"{shard.format}{wet}"
    if shard.size < _SMALL:
        return f"{kind}, below 1 MiB"
    return f"{kind}, above 64 MiB" if shard.size > _LARGE else kind


def strata_of(shards: Sequence[Shard]) -> dict[str, list[Shard]]:
    """The shards of each stratum, in the order in which they are drawn: that of a digest of their names."""
    strata: dict[str, list[Shard]] = {}
    for shard in shards:
        strata.setdefault(stratum_of(shard), []).append(shard)
    for drawn in strata.values():
        drawn.sort(key=lambda shard: hashlib.sha256(shard.name.encode("utf-8", "surrogatepass")).digest())
    return strata


def drawn(strata: dict[str, list[Shard]], most: int) -> Iterator[Shard]:
    """One shard of each stratum, then the next of each, up to `most` in each; the largest strata first."""
    order = sorted(strata, key=lambda name: (-sum(shard.size for shard in strata[name]), name))
    for turn in range(most):
        for name in order:
            if turn < len(strata[name]):
                yield strata[name][turn]


class Limit(NamedTuple):
    """How much of one shard is read at most: bytes as stored, and seconds (looked at after each batch)."""

    bytes: int
    seconds: float


class Start(NamedTuple):
    """The seconds of CPU and of wall time until a worker could search."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What searching a shard took.

    `start` is what the worker took until it could search, None but in its first measure; `fixed_cpu` and `fixed_wall`
    are what goes with any shard, however small; `private` the bytes of memory that are the
    worker's own (the index is not among them), `memory` its greatest resident set, the index included.
    """

    unit: Unit
    fixed_cpu: float
    fixed_wall: float
    start: Start | None
    private: int
    memory: int

    def to_bytes(self) -> bytes:
        """As it is handed to the driver."""
        return json_bytes(asdict(self))


def read_measured(path: Path) -> Measured:
    """What a worker handed over; the folder is our own."""
    facts = json.loads(path.read_bytes())
    unit, start = facts.pop("unit"), facts.pop("start")
    blocks = tuple(Block(*block) for block in unit.pop("blocks"))
    return Measured(unit=Unit(blocks=blocks, **unit), start=Start(*start) if start else None, **facts)


@dataclass(slots=True)
class _Read:
    """What was read of a shard so far."""

    batches: list[Block] = field(default_factory=list)
    records: int = 0
    text_bytes: int = 0
    found: int = 0
    tables: list[pa.Table] = field(default_factory=list)


def measure_shard(task: ScanTask, report: Callable[[int], None], limit: Limit) -> Receipt:
    """Search the shard, or its beginning, write what was found and what it took, and return a receipt.

    The receipt is good for counting only: the source is not hashed (`estimate` adds what hashing takes).
    """
    begun = time.perf_counter()
    provide_table(task.run, task.shard)
    searcher = task.backend.open(task.search)
    first = _warm_up(task, searcher)
    cpu, wall = time.process_time(), time.perf_counter()
    start = Start(cpu, wall - begun) if first else None
    _begin(task, searcher)
    opened = time.process_time(), time.perf_counter()
    reading = _read(task, searcher, report, limit)
    read = time.process_time(), time.perf_counter()
    receipt = _written(task, searcher, reading)
    fixed = time.process_time() - read[0] + opened[0] - cpu, time.perf_counter() - read[1] + opened[1] - wall
    unit = Unit(task.shard.size, blocks_of(reading.batches), _units(receipt))
    measured = Measured(unit, *fixed, start, *_memory())
    write_bytes(Path(task.run, MEASURED, f"{task.name}.json"), measured.to_bytes())
    return receipt


def _warm_up(task: ScanTask, searcher: Searcher) -> bool:
    """Search one batch that is not counted where this process has searched none; whether it did."""
    kind = f"{task.run}\0{task.shard.format}"
    first, fresh = not _warm, kind not in _warm
    if fresh:
        _warm.add(kind)
        _begin(task, searcher)
        _read(task, searcher, lambda _: None, Limit(0, 0.0))
    return first


def _begin(task: ScanTask, searcher: Searcher) -> None:
    from countermark.scan.search import Begun  # noqa: PLC0415

    searcher.begin(Begun(Path(task.run), task.name, task.shard.name, "0" * 64))


def _read(task: ScanTask, searcher: Searcher, report: Callable[[int], None], limit: Limit) -> _Read:
    """Read and search batches until the limit; the last one is the one that reaches it."""
    reading, shard = _Read(), task.shard
    cpu, begun = time.process_time(), time.perf_counter()
    wall, stored = begun, 0
    try:
        for batch in _batches(task):
            found = _search(batch, searcher, reading, shard.name)
            now = time.process_time(), time.perf_counter()
            reading.batches.append(Block(batch.bytes_read, now[0] - cpu, now[1] - wall, found))
            cpu, wall = now
            stored += batch.bytes_read
            report(batch.bytes_read)
            if stored >= limit.bytes or wall - begun >= limit.seconds:
                return reading
    except CorpusError:  # a scan writes a receipt that says so
        pass
    # what comes after the last batch, and bytes that no batch claims
    rest = Block(max(0, shard.size - stored), time.process_time() - cpu, time.perf_counter() - wall)
    reading.batches.append(rest)
    return reading


def _batches(task: ScanTask) -> Iterator[Any]:
    from countermark.corpus.listing import reader_for  # noqa: PLC0415
    from countermark.corpus.sketches import FORMAT, SketchesReader  # noqa: PLC0415

    shard, medium = task.shard, Medium(task.search.medium)
    reader: Any = SketchesReader() if shard.format == FORMAT else reader_for(shard.format, medium)
    return iter(reader.batches(shard))


def _search(batch: Any, searcher: Searcher, reading: _Read, shard: str) -> int:
    """Search a batch, keep and count what is found."""
    from countermark.findings.table import findings_table  # noqa: PLC0415

    if len(batch) == 0:
        return 0
    reading.records += len(batch)
    reading.text_bytes += searcher.measure(batch).text_bytes
    rows = searcher.findings(batch, shard)
    searcher.take_refused()
    if rows:
        reading.found += len(rows)
        reading.tables.append(findings_table(rows))
    return len(rows)


def _written(task: ScanTask, searcher: Searcher, reading: _Read) -> Receipt:
    """Write findings and receipt, as a scan does at the end of a shard."""
    import pyarrow as pa  # noqa: PLC0415

    from countermark.findings.finding import SCHEMA  # noqa: PLC0415
    from countermark.findings.table import write_findings  # noqa: PLC0415
    from countermark.scan.shard import findings_path, receipt_path  # noqa: PLC0415

    run = Path(task.run)
    for place in (findings_path(run, task.name), receipt_path(run, task.name), run / MEASURED / "x"):
        make_folder(place.parent)
    beside = searcher.finish()
    table = pa.concat_tables(reading.tables) if reading.tables else SCHEMA.empty_table()
    receipt = Receipt(
        name=task.name,
        corpus=task.search.corpus,
        snapshot_date=task.search.snapshot_date,
        shard=shard_facts(task.shard),
        source=Source("0" * 64, 0, 0),
        identity=task.search.identity,
        records=reading.records,
        characters=0,
        text_bytes=reading.text_bytes,
        refused={},
        findings=reading.found,
        findings_sha256=write_findings(table, findings_path(run, task.name)),
        **beside,
    )
    write_bytes(receipt_path(run, task.name), receipt.to_bytes())
    return receipt


def _units(receipt: Receipt) -> int:
    """Bytes of text, frames, or seconds of sound."""
    if receipt.pictures is not None:
        return int(receipt.pictures.get("frames", 0))
    if receipt.recordings is not None:
        return int(receipt.recordings.get("seconds", 0))
    return receipt.text_bytes


def _memory() -> tuple[int, int]:
    """The private bytes of this process (all of its greatest where the system does not tell), and its greatest."""
    greatest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    try:
        lines = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return greatest, greatest
    kept = (line.split() for line in lines if line.startswith("Private_"))
    return sum(int(words[1]) for words in kept) * 1024, greatest
