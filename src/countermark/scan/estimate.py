"""What a scan will take, from a sample of it: core-hours, time, findings, memory.

A part of the shards is searched for real, into a temporary folder, with the same index, controls, captures and options
as the scan; the rest is extrapolated (`estimate_total`). The corpus is only read.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from countermark.errors import InputError
from countermark.media import Medium
from countermark.scan.estimate_sampling import SECONDS, Sampling, size_of
from countermark.scan.estimate_total import findings_of, total_of
from countermark.scan.folder import RunFolder
from countermark.scan.plan import make_plan
from countermark.scan.prepare import prepare
from countermark.scan.runners.local import LocalRunner, usable_cores
from countermark.scan.search import IndexBackend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from countermark.scan.estimate_sampling import Sampled
    from countermark.scan.estimate_total import Stratum, Total, Unit
    from countermark.scan.plan import Plan
    from countermark.scan.runners.base import Runner
    from countermark.scan.search import SearchBackend
    from countermark.scan.settings import ScanSettings

NOISE = 0.08
"""The relative standard error of a machine against itself, some minutes later (benchmarks/results/cost.json)."""

EMPTY_SHARD = 11_200
"""Bytes of a receipt and of a findings file without rows (the same)."""

_PATIENCE = 20.0  # seconds for the shards that are under way when the time is over
_HASHED = 16 << 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a scan will take. Seconds are of CPU (`cpu`), or of wall time summed over the workers (`work`).

    `start_cpu` and `start_wall` are of one worker, `prepare_wall` of controls and captures, once. `units` are bytes of
    text, frames of pictures or seconds of sound. `longest` is the wall time of the longest shard: no number of machines
    makes the scan shorter. `private` is the memory of a worker in bytes, `index_bytes` that of the index, which all
    workers of a machine share.
    """

    corpus: str
    medium: str
    part: str
    shards: int
    bytes: int
    strata: int
    sampled_shards: int
    sampled_bytes: int
    sampling_seconds: float
    workers: int
    cpu: Total
    work: Total
    start_cpu: float
    start_wall: float
    prepare_wall: float
    longest: float
    findings: Total
    units: Total
    output_bytes: Total
    private: int
    index_bytes: int

    @property
    def core_hours(self) -> Total:
        """The hours of CPU of the whole scan, the start of the workers included."""
        return self.cpu.plus(self.start_cpu * self.workers).times(1 / 3600)

    def wall(self, machines: int = 1, workers: int | None = None) -> Total:
        """Seconds from beginning to end on so many machines, with so many workers each (by default as many as here)."""
        shared = self.work.times(1 / (machines * (workers or self.workers)))
        ends = [max(seconds, self.longest) for seconds in (shared.value, shared.low, shared.high)]
        return replace(self.work, value=ends[0], low=ends[1], high=ends[2]).plus(
            self.start_wall + self.prepare_wall
        )


def estimate_scan(
    settings: ScanSettings,
    *,
    seconds: float = SECONDS,
    backend: SearchBackend | None = None,
    runner: Runner | None = None,
    progress: Callable[[int, int], None] = lambda _done, _most: None,
) -> Estimate:
    """Scan a sample of this part of the corpus, and say what the whole part will take.

    `progress` is told how many shards were sampled, and how many may be at most. Raises what `run_scan` raises, and
    InputError where no shard could be sampled.
    """
    backend = backend or IndexBackend()
    facts = backend.describe(settings.index, settings.salt)
    plan = make_plan(
        settings.corpus,
        text_column=settings.text_column,
        corpus=settings.corpus_name,
        part=settings.part,
        medium=Medium(facts.medium),
        tokenizers=settings.tokenizers,
    )
    if not plan.mine:
        raise InputError(f"--part {settings.part}: this part has no shards, so there is nothing to estimate")
    workers = max(1, min(settings.workers or usable_cores(), len(plan.mine)))
    with tempfile.TemporaryDirectory(prefix="countermark-estimate-") as name:
        run, begun = Path(name, "run"), time.perf_counter()
        run.mkdir()
        prepared = prepare(RunFolder(run, settings.part), replace(settings, out=run), facts, plan, backend)
        prepare_wall = time.perf_counter() - begun
        sampling = Sampling(run, prepared.search, backend, seconds, progress)
        sampled = sampling.of(plan.mine, runner or LocalRunner(workers, _PATIENCE))
    if not sampled.measured:
        raise InputError(f"{plan.corpus}: no shard could be sampled{sampled.because}")
    return _estimate(plan, sampled, workers, prepare_wall, size_of(settings.index))


def _estimate(plan: Plan, sampled: Sampled, workers: int, prepare_wall: float, index: int) -> Estimate:
    measured, strata = sampled.measured, sampled.strata
    size, shards = sum(stratum.bytes for stratum in strata), sum(stratum.shards for stratum in strata)
    hashing = _seconds_a_byte() * size
    findings = findings_of(strata)
    return Estimate(
        corpus=plan.corpus,
        medium=str(plan.medium),
        part=str(plan.part),
        shards=shards,
        bytes=size,
        strata=len(strata),
        sampled_shards=len(measured),
        sampled_bytes=sum(each.unit.read for each in measured),
        sampling_seconds=sampled.seconds,
        workers=workers,
        cpu=total_of(strata, lambda unit: [block.cpu for block in unit.blocks], NOISE).plus(
            hashing + shards * _median(each.fixed_cpu for each in measured)
        ),
        work=total_of(strata, lambda unit: [block.wall for block in unit.blocks], NOISE).plus(
            hashing + shards * _median(each.fixed_wall for each in measured)
        ),
        start_cpu=_median(each.start.cpu for each in measured if each.start),
        start_wall=_median(each.start.wall for each in measured if each.start),
        prepare_wall=prepare_wall,
        longest=max(_longest(stratum) for stratum in strata),
        findings=findings,
        units=total_of(strata, lambda unit: _spread(unit, unit.units), 0.0),
        output_bytes=_output(findings, shards, sampled),
        private=max(each.private for each in measured),
        index_bytes=index,
    )


def _spread(unit: Unit, amount: int) -> list[float]:
    """An amount that is known of what was read as a whole, over its blocks by their bytes."""
    return [amount * block.stored / max(1, unit.read) for block in unit.blocks]


def _longest(stratum: Stratum) -> float:
    """The wall time of the longest of the sampled shards, as if each had been read to its end."""
    return max((sum(block.wall for block in unit.blocks) * unit.grown for unit in stratum.units), default=0.0)


def _output(findings: Total, shards: int, sampled: Sampled) -> Total:
    """What will be written: of each shard as much as of an empty one, and the rest by the findings."""
    found = sum(block.findings for each in sampled.measured for block in each.unit.blocks)
    beyond = sampled.written - EMPTY_SHARD * len(sampled.measured)
    each = max(0.0, beyond / found) if found else 0.0
    return findings.times(each).plus(shards * EMPTY_SHARD)


def _median(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0


def _seconds_a_byte() -> float:
    """What hashing a byte takes: a scan reads each shard twice, the first time for its digest."""
    data = bytes(_HASHED)
    begun = time.process_time()
    hashlib.sha256(data).digest()
    return (time.process_time() - begun) / _HASHED
