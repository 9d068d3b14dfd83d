"""Estimates of whole scans: a known cost comes out, what is sampled is searched for real, nothing is left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import InputError
from countermark.scan import Part, ScanSettings
from countermark.scan.estimate import estimate_scan
from countermark.scan.estimate_prices import VARIABLE, Range, read_prices
from countermark.scan.estimate_sample import MEASURED, Limit, Measured, Start, drawn, measure_shard, strata_of
from countermark.scan.estimate_sampling import PER_SHARD
from countermark.scan.estimate_total import Block, Total, Unit
from countermark.scan.plan import make_plan
from countermark.scan.runners.base import Completed, Failed
from scan.furnished import furnish, scan, write_lines
from scan.needle_search import InlineRunner, NeedleBackend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.corpus.base import Shard
    from countermark.scan.estimate import Estimate
    from countermark.scan.runners.base import Scan, Watch
    from countermark.scan.shard import ScanTask

A_BYTE = 3e-6


class KnownCost:
    """A runner that searches nothing: each byte takes three microseconds, half of each shard was read."""

    def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
        """Hand over what a worker would have measured."""
        del scan, watch
        for number, task in enumerate(tasks):
            half = task.shard.size / 8
            block = Block(round(half), half * A_BYTE, 2 * half * A_BYTE, findings=1)
            start = Start(0.5, 1.5) if number == 0 else None
            measured = Measured(Unit(task.shard.size, (block,) * 4, 100), 0.0, 0.0, start, 10**8, 2 * 10**8)
            path = Path(task.run, MEASURED, f"{task.name}.json")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(measured.to_bytes())
            yield Completed(task, None, 0.0)  # type: ignore[arg-type]


class Broken:
    """A runner whose shards all fail."""

    def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
        """Fail."""
        del scan, watch
        for task in tasks:
            yield Failed(task, ("no such luck",), "")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Needles, and a corpus of four shards."""
    return furnish(tmp_path)


def settings_of(place: Path, **given: Any) -> ScanSettings:
    """What a user asks."""
    return ScanSettings(index=place / "needles", corpus=(place / "corpus",), out=place / "run", **given)


def estimate(place: Path, runner: Any, **given: Any) -> Estimate:
    """An estimate of the place's corpus."""
    settings = settings_of(place, **{"workers": 2, **given})
    return estimate_scan(settings, backend=NeedleBackend(place), runner=runner)


def test_a_known_cost_comes_out(place: Path) -> None:
    """Seconds by bytes, twice as many of wall time, and no more than that but the digests."""
    for number in range(4):
        lines = [{"text": "a hat " * 5000}] * (40 + 10 * number)
        write_lines(place / "corpus" / f"{number}.jsonl", lines)
    found = estimate(place, KnownCost())
    size = sum(path.stat().st_size for path in (place / "corpus").iterdir())
    assert (found.bytes, found.shards, found.workers) == (size, 4, 2)
    assert found.cpu.value == pytest.approx(size * A_BYTE, rel=0.02)
    assert found.work.value == pytest.approx(2 * size * A_BYTE, rel=0.02)
    assert found.cpu.low < found.cpu.value < found.cpu.high
    assert found.findings.value == pytest.approx(4 * 4 * 2, rel=0.01)
    assert found.units.value == pytest.approx(4 * 2 * 100, rel=0.01)
    assert (found.start_cpu, found.start_wall, found.private) == (0.5, 1.5, 10**8)
    assert found.core_hours.value == pytest.approx((found.cpu.value + 2 * 0.5) / 3600)


def test_machines_share_the_work_but_not_the_longest_shard(place: Path) -> None:
    """Ten machines take a tenth, until the longest shard is what everybody waits for."""
    for number in range(4):
        write_lines(place / "corpus" / f"{number}.jsonl", [{"text": "a hat " * 50_000}] * 10)
    found = estimate(place, KnownCost(), workers=1)
    beside = found.start_wall + found.prepare_wall
    assert found.wall().value == pytest.approx(found.work.value + beside)
    assert found.wall(2).value == pytest.approx(found.work.value / 2 + beside)
    assert found.wall(1000).value == pytest.approx(found.longest + beside)
    assert found.wall(1000).low == found.wall(1000).value


def test_what_is_sampled_is_searched_as_a_scan_does(place: Path) -> None:
    """A small corpus is sampled whole: the same findings and the same text as the scan that follows."""
    found = estimate(place, InlineRunner())
    assert (found.sampled_shards, found.sampled_bytes) == (4, found.bytes)
    assert not (place / "run").exists()
    outcome = scan(place)
    assert found.findings.value == pytest.approx(outcome.findings)
    assert found.units.value == pytest.approx(outcome.text_bytes)
    assert found.private > 0


def test_controls_are_searched_too(place: Path) -> None:
    """They cost as well, and making their index is part of the time."""
    (place / "controls").mkdir()
    (place / "controls" / "hat.txt").write_text("hat\n")
    found = estimate(place, InlineRunner(), controls=place / "controls")
    assert found.findings.value > estimate(place, InlineRunner()).findings.value
    assert found.prepare_wall > 0


@pytest.mark.slow
def test_a_large_shard_is_read_in_part(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The beginning is read; the rest is reckoned, and is not said to be certain."""
    write_lines(
        place / "corpus" / "0.jsonl", [{"text": f"{'hat ' * 900} old {number}"} for number in range(7_000)]
    )
    monkeypatch.setattr("countermark.scan.estimate_sampling.PER_SHARD", Limit(1 << 20, 60.0))
    found = estimate(place, InlineRunner())
    assert found.sampled_bytes < found.bytes / 2
    whole = scan(place)
    assert found.findings.value == pytest.approx(whole.findings, rel=0.1)
    assert found.units.value == pytest.approx(whole.text_bytes, rel=0.1)
    assert PER_SHARD.seconds < 10


def test_a_shard_that_cannot_be_read_is_measured_as_it_is(place: Path) -> None:
    """A scan writes a receipt that says so; an estimate counts the time."""
    (place / "corpus" / "0.jsonl").write_bytes(b"\x00\xff no json\n" * 100)
    found = estimate(place, InlineRunner())
    assert found.sampled_shards == 4


def test_the_draw_is_the_same_everywhere(place: Path) -> None:
    """By digests of names, whatever the order of the listing; strata in turns."""
    plan = make_plan((place / "corpus",))
    forwards, backwards = (list(drawn(strata_of(shards), 3)) for shards in (plan.mine, plan.mine[::-1]))
    assert forwards == backwards
    assert len(forwards) == 3
    write_lines(place / "corpus" / "big.jsonl", [{"text": "a hat " * 1000}] * 300)
    strata = strata_of(make_plan((place / "corpus",)).mine)
    assert sorted(strata) == ["jsonl", "jsonl, below 1 MiB"]
    assert next(shard.name for shard in drawn(strata, 9)) == "big.jsonl"


def test_crawls_and_compressions_are_strata_of_their_own() -> None:
    """WET and WARC files are both read as `warc`, and cost differently."""
    names = ("a.warc.wet.gz#0-9", "a.warc.gz", "b.jsonl.zst", "b.parquet", "c/#0-9")
    formats = ("warc", "warc", "jsonl", "parquet", "documents")
    shards = [_shard(name, kind) for name, kind in zip(names, formats, strict=True)]
    assert list(strata_of(shards)) == ["warc (WET), gz", "warc, gz", "jsonl, zst", "parquet", "documents"]


def _shard(name: str, kind: str) -> Shard:
    from countermark.corpus.base import Shard

    return Shard(name, name, kind, 2 << 20)


def test_no_time_ends_after_one_shard_and_says_how_little_it_knows(place: Path) -> None:
    """The first shard is always measured."""
    settings = settings_of(place, workers=1)
    found = estimate_scan(settings, seconds=0.0, backend=NeedleBackend(place), runner=KnownCost())
    assert found.sampled_shards >= 1


def test_errors_are_in_words(place: Path) -> None:
    """A part without shards, and a sample in which nothing could be searched."""
    with pytest.raises(InputError, match="part 9/9: this part has no shards"):
        estimate(place, KnownCost(), part=Part(9, 9))
    with pytest.raises(InputError, match=r"no shard could be sampled: \d\.jsonl: no such luck"):
        estimate(place, Broken())


def test_a_worker_warms_up_once(place: Path) -> None:
    """Loading kernels is not taken for reading: what it took until then is told by the first shard only."""
    from countermark.scan import estimate_sample

    estimate_sample._warm.clear()
    seen = []

    class Watching(InlineRunner):
        def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
            for outcome in super().map(scan, tasks, watch):
                seen.append(Path(outcome.task.run, MEASURED, f"{outcome.task.name}.json").read_text())
                yield outcome

    estimate(place, Watching())
    starts = [json.loads(text)["start"] for text in seen]
    assert [start is not None for start in starts] == [True, False, False, False]
    assert measure_shard.__doc__


def test_prices_are_ranges_with_their_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table that comes with the programme, one's own, and what is none."""
    prices = read_prices()
    assert prices.core_hour.low < prices.core_hour.high
    assert prices.checked.startswith("20")
    hours = Total(100.0, 80.0, 120.0)
    assert prices.computing(hours) == Range(80 * prices.core_hour.low, 120 * prices.core_hour.high)
    assert prices.reading(10**9, 1000).high == pytest.approx(
        prices.egress_gb.high + prices.thousand_reads.high
    )
    own = tmp_path / "own.json"
    monkeypatch.setenv(VARIABLE, str(own))
    with pytest.raises(InputError, match=r"own\.json: cannot be read"):
        read_prices()
    price = {"low": 1, "high": 2}
    table = {"prices": 1, "checked": "2027-01-01", "currency": "EUR", "core_hour": price, "egress_gb": price}
    for wrong in (
        {"low": 2, "high": 1},
        {"low": True, "high": 2},
        {"low": "1", "high": 2},
        {"low": -1, "high": 2},
        7,
        None,
    ):
        own.write_text(json.dumps({**table, "thousand_reads": wrong}))
        with pytest.raises(InputError, match="thousand_reads must have “low” and “high”"):
            read_prices()
    own.write_text(json.dumps({**table, "thousand_reads": price}))
    assert read_prices().core_hour == Range(1, 2)
    for text, said in (
        ("{", "not a table of prices"),
        ("[]", "version 1"),
        ('{"prices": 1}', "must be texts"),
    ):
        own.write_text(text)
        with pytest.raises(InputError, match=said):
            read_prices()
