"""What a scan will take: the option `--estimate`, and what a scan says of an estimate that was made before it."""

from __future__ import annotations

import json
import math
import time
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.progress import ProgressDisplay, counted, duration, size
from countermark.media import Medium

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.scan import ScanProgress, ScanSettings
    from countermark.scan.estimate import Estimate
    from countermark.scan.estimate_prices import Prices, Range
    from countermark.scan.estimate_total import Total

MACHINES = (1, 10, 100)
_REQUEST = 2_000_000  # bytes a request where object storage is read: benchmarks/results/storage.json
_SOON = 0.02  # below this share of a scan nothing can be said of its pace
_SHORT = 10.0  # seconds: of a shorter scan planning is the most, which no estimate holds


def tell_estimate(settings: ScanSettings, *, as_json: bool) -> None:
    """Scan a sample of the corpus, and print what the whole will take."""
    from countermark.scan.estimate import estimate_scan
    from countermark.scan.estimate_kept import keep
    from countermark.scan.estimate_prices import read_prices
    from countermark.scan.estimate_sampling import SECONDS

    prices = read_prices()  # before a minute is spent
    with ProgressDisplay("Sampling", quiet=as_json) as display:
        begun: list[float] = []

        def show(done: int, most: int) -> None:
            begun.extend([time.monotonic()] if done and not begun else [])
            elapsed = time.monotonic() - begun[0] if begun else 0.0
            share = max(done / most, min(1.0, elapsed / SECONDS))
            display.show(round(1000 * share), 1000, fresh=0, note=f"{counted(done, 'shard')} sampled")

        estimate = estimate_scan(settings, progress=show)
    keep(settings, estimate)
    if as_json:
        click.echo(json.dumps(_facts(estimate, prices), ensure_ascii=False, indent=2))
        return
    for line in _lines(estimate, prices):
        click.echo(line)


def against(
    settings: ScanSettings, clock: Callable[[], float] = time.monotonic
) -> Callable[[ScanProgress], str] | None:
    """What to say of a scan beside the estimate of the same, as it goes and when it has ended.

    None where no estimate was made. What is returned says nothing while nothing can be said, or where the corpus has
    changed since. It holds for a scan on this machine, with as many workers as it would have by itself.
    """
    from countermark.scan.estimate_kept import kept
    from countermark.scan.runners.local import usable_cores

    expected = None if settings.recheck else kept(settings)  # what was scanned earlier is only hashed
    if expected is None:
        return None
    begun = clock()
    workers = max(1, min(settings.workers or usable_cores(), expected.shards))

    def told(progress: ScanProgress) -> str:
        same = progress.all_bytes == expected.bytes and progress.all_shards == expected.shards
        share = progress.scanned_bytes / progress.all_bytes if progress.all_bytes else 0.0
        if not same or share < _SOON:
            return ""
        value, low, high = (share * seconds for seconds in expected.seconds(workers))
        took = clock() - begun
        if progress.bytes < progress.all_bytes:
            return f"{_pace(took, value)} than estimated" if abs(took / value - 1) >= 0.1 else "as estimated"
        if max(took, value) < _SHORT:
            return ""
        within = "" if low <= took <= high else ", outside of it"
        return f"Estimated: {duration(value)} ({duration(low)} to {duration(high)}); took {duration(took)}{within}."

    return told


def _pace(took: float, expected: float) -> str:
    more = took / expected - 1
    return f"{100 * abs(more):.0f} % {'slower' if more > 0 else 'faster'}"


def _lines(estimate: Estimate, prices: Prices) -> list[str]:
    """The estimate in words, a line for each amount."""
    hours = estimate.core_hours
    part = f", part {estimate.part}" if not estimate.part.endswith("/1") else ""
    computing, reading = prices.computing(hours), prices.reading(estimate.bytes, _requests(estimate))
    rows = [
        ("computing", f"{_range(hours, _amount)} core-hours of this machine's kind"),
        *(
            (_on(machines, estimate.workers), _range(estimate.wall(machines), duration))
            for machines in MACHINES
        ),
        ("to read", f"{size(estimate.bytes)}, from a disk at least twice (first for the digest)"),
        ("that holds", _held(estimate)),
        ("findings", _findings(estimate.findings)),
        ("to write", f"about {size(round(_rounded(estimate.output_bytes.value)))}"),
        (
            "memory",
            f"{size(estimate.private)} a worker, and once a machine the index: {size(estimate.index_bytes)}",
        ),
        ("money", f"{_money(computing, prices)} for computing"),
        (
            "",
            f"{_money(reading, prices)} more if the corpus is read from object storage, by where the machines stand",
        ),
    ]
    width = max(len(name) for name, _ in rows)
    sampled = (
        f"Sampled: {counted(estimate.sampled_shards, 'shard')}, {size(estimate.sampled_bytes)}, in "
        f"{duration(estimate.sampling_seconds)}."
    )
    return [
        f"{estimate.corpus}{part}: {counted(estimate.shards, 'shard')}, {size(estimate.bytes)}. {sampled}",
        "",
        *(f"  {name.ljust(width)}  {said}" for name, said in rows),
        "",
        *_cautions(estimate, prices),
    ]


def _cautions(estimate: Estimate, prices: Prices) -> list[str]:
    said = [
        "In brackets: from … to, meant to hold in 9 of 10 cases. Storage slower than in the sample takes longer."
    ]
    if estimate.work.assumed:
        said.append("The sample is too small to tell how its shards differ: half to twice was assumed.")
    if estimate.wall(MACHINES[-1]).value <= estimate.longest + estimate.start_wall + estimate.prepare_wall:
        said.append(f"No number of machines is faster than the longest shard: {duration(estimate.longest)}.")
    said.append(
        f"Prices of {prices.checked}, per core-hour {_money(prices.core_hour, prices, 3)}; yours may differ."
    )
    return said


def _on(machines: int, workers: int) -> str:
    with_workers = f"with {counted(workers, 'worker')}"
    return f"here, {with_workers}" if machines == 1 else f"on {machines} machines like it"


def _held(estimate: Estimate) -> str:
    value = estimate.units.value
    if estimate.medium == Medium.IMAGE:
        return f"about {_rounded(value):,.0f} pictures"
    if estimate.medium == Medium.AUDIO:
        return f"about {duration(_rounded(value))} of sound"
    return f"about {size(round(_rounded(value)))} of text"


def _findings(findings: Total) -> str:
    """The order of magnitude: how many stand in a corpus depends on more than bytes."""
    if not findings.value:
        bound = f"; up to {_rounded(findings.high):,.0f} would not surprise" if findings.high >= 1 else ""
        return f"none in the sample{bound}"
    return f"about {_rounded(findings.value, 1):,.0f}, by order of magnitude"


def _range(total: Total, said: Callable[[float], str]) -> str:
    return f"{said(total.value)} ({said(total.low)} to {said(total.high)})"


def _amount(value: float) -> str:
    """A number with two digits that mean something."""
    rounded = _rounded(value)
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.2g}"


def _rounded(value: float, digits: int = 2) -> float:
    return round(value, digits - 1 - math.floor(math.log10(value))) if value > 0 else 0.0


def _money(amount: Range, prices: Prices, digits: int = 2) -> str:
    low, high = (f"{value:,.0f}" if value >= 100 else f"{value:.{digits}f}" for value in amount)
    return f"{prices.currency} {low} to {high}"


def _requests(estimate: Estimate) -> int:
    return estimate.shards + estimate.bytes // _REQUEST


def _facts(estimate: Estimate, prices: Prices) -> dict[str, Any]:
    """The same as JSON: amounts as value, low and high; seconds and bytes."""
    return {
        "corpus": estimate.corpus,
        "medium": estimate.medium,
        "part": estimate.part,
        "shards": estimate.shards,
        "bytes": estimate.bytes,
        "sample": {
            "shards": estimate.sampled_shards,
            "bytes": estimate.sampled_bytes,
            "strata": estimate.strata,
            "seconds": round(estimate.sampling_seconds, 1),
        },
        "workers": estimate.workers,
        "core_hours": _said(estimate.core_hours),
        "wall_seconds": {str(machines): _said(estimate.wall(machines)) for machines in MACHINES},
        "longest_shard_seconds": _digits(estimate.longest),
        "units": {"of": _UNITS[Medium(estimate.medium)]} | _said(estimate.units),
        "findings": _said(estimate.findings),
        "output_bytes": _said(estimate.output_bytes),
        "memory": {"private_bytes_a_worker": estimate.private, "index_bytes_a_machine": estimate.index_bytes},
        "money": {
            "currency": prices.currency,
            "prices_checked": prices.checked,
            "computing": _ends(prices.computing(estimate.core_hours)),
            "reading_from_object_storage": _ends(prices.reading(estimate.bytes, _requests(estimate))),
        },
    }


_UNITS = {Medium.TEXT: "bytes of text", Medium.IMAGE: "frames", Medium.AUDIO: "seconds of sound"}


def _said(total: Total) -> dict[str, Any]:
    ends = {name: _digits(getattr(total, name)) for name in ("value", "low", "high")}
    return {**ends, "assumed": total.assumed}


def _ends(amount: Range) -> dict[str, float]:
    return {"low": _digits(amount.low), "high": _digits(amount.high)}


def _digits(value: float) -> float:
    return float(f"{value:.4g}")
