"""`countermark scan --estimate`: what it prints, what it leaves behind, and what a scan says of it later."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from countermark.cli.scan_estimate import against, tell_estimate
from countermark.scan import ScanProgress, ScanSettings
from countermark.scan.estimate import Estimate
from countermark.scan.estimate_kept import Expected, keep, kept
from countermark.scan.estimate_total import Total

if TYPE_CHECKING:
    from collections.abc import Callable

HOUR = 3600.0


def made(**given: Any) -> Estimate:
    """An estimate of a thousand shards and 64 GB: about ten core-hours."""
    facts = {
        "corpus": "crawl",
        "medium": "text",
        "part": "1/1",
        "shards": 1000,
        "bytes": 64 * 10**9,
        "strata": 2,
        "sampled_shards": 12,
        "sampled_bytes": 300_000_000,
        "sampling_seconds": 41.3,
        "workers": 2,
        "cpu": Total(36_000.0, 30_000.0, 43_200.0),
        "work": Total(40_000.0, 32_000.0, 50_000.0),
        "start_cpu": 1.0,
        "start_wall": 2.0,
        "prepare_wall": 3.0,
        "longest": 50.0,
        "findings": Total(12_345.0, 6_000.0, 25_000.0),
        "units": Total(1.4e11, 1.2e11, 1.6e11),
        "output_bytes": Total(1.234e8, 1e8, 2e8),
        "private": 230_000_000,
        "index_bytes": 49_100_000,
    }
    return Estimate(**{**facts, **given})


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus, a manifest that stands for an index, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("a text\n" * 100)
    (tmp_path / "works").mkdir()
    (tmp_path / "works" / "One.txt").write_text(
        "a work of words that nobody else has put into this order " * 9
    )
    built = call("index", "build", tmp_path / "works", "--out", tmp_path / "works.index")
    assert built.exit_code == 0, built.output
    return tmp_path


def call(*arguments: object) -> Result:
    """Call the command line in this process."""
    from countermark.cli import main

    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def settings_of(place: Path, **given: Any) -> ScanSettings:
    """What a user asks."""
    return ScanSettings(
        index=place / "works.index", corpus=(place / "corpus",), out=place / "run", **{"workers": 2, **given}
    )


@pytest.fixture
def told(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """What is printed of an estimate."""

    def tell(estimate: Estimate, *, as_json: bool = False) -> str:
        monkeypatch.setattr("countermark.scan.estimate.estimate_scan", lambda *_, **__: estimate)
        tell_estimate(settings_of(place), as_json=as_json)
        return capsys.readouterr().out

    return tell


def test_amounts_are_told_with_their_ranges(told: Callable[..., str]) -> None:
    """Core-hours, time here and on more machines, bytes, findings, memory, money with the date of the prices."""
    said = told(made())
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines[0] == "crawl: 1,000 shards, 64.0 GB. Sampled: 12 shards, 300.0 MB, in 41 s."
    assert "computing 10 (8.3 to 12) core-hours of this machine's kind" in lines
    assert "here, with 2 workers 5 h 33 min (4 h 26 min to 6 h 56 min)" in lines
    assert "on 10 machines like it 33 min 25 s (26 min 45 s to 41 min 45 s)" in lines
    assert "to read 64.0 GB, from a disk at least twice (first for the digest)" in lines
    assert "findings about 10,000, by order of magnitude" in lines
    assert "to write about 120.0 MB" in lines
    assert "memory 230.0 MB a worker, and once a machine the index: 49.1 MB" in lines
    assert any(line.startswith("money USD 0.13 to 0.52 for computing") for line in lines)
    assert "assumed" not in said


def test_what_is_not_known_is_said(told: Callable[..., str]) -> None:
    """A sample too small, nothing found, a shard that everybody waits for, a part."""
    work = Total(40_000.0, 20_000.0, 80_000.0, assumed=True)
    said = told(made(work=work, findings=Total(0, 0, 640.0), longest=900.0, part="3/7"))
    assert "crawl, part 3/7: " in said
    assert "none in the sample; up to 640 would not surprise" in said
    assert "half to twice was assumed" in said
    assert "No number of machines is faster than the longest shard: 15 min 00 s." in said


def test_pictures_and_recordings_are_counted_as_such(told: Callable[..., str]) -> None:
    """Frames and hours."""
    assert "about 14,000 pictures" in told(made(medium="image", units=Total(14_321.0, 1e4, 2e4)))
    assert "about 388 h 53 min of sound" in told(made(medium="audio", units=Total(1.4e6, 1e6, 2e6)))


def test_json_has_the_same(told: Callable[..., str]) -> None:
    """One document; seconds and bytes."""
    facts = json.loads(told(made(), as_json=True))
    assert facts["core_hours"] == {"value": 10.0, "low": 8.334, "high": 12.0, "assumed": False}
    assert facts["wall_seconds"]["1"]["value"] == pytest.approx(20_005, rel=0.001)
    assert facts["units"]["of"] == "bytes of text"
    assert facts["money"]["computing"]["low"] < facts["money"]["computing"]["high"]
    assert facts["money"]["prices_checked"]


@pytest.mark.slow
def test_a_real_estimate_leaves_no_run_folder(place: Path) -> None:
    """It is kept in the cache; the scan that follows begins in an empty folder."""
    result = call(
        "scan", place / "works.index", place / "corpus", "--out", place / "run", "--workers", 1, "--estimate"
    )
    assert result.exit_code == 0, result.output
    assert "corpus: 1 shard, 700 bytes. Sampled: 1 shard, 700 bytes" in result.stdout
    assert not (place / "run").exists()
    found = kept(settings_of(place))
    assert found is not None
    assert (found.shards, found.bytes) == (1, 700)


def test_errors_are_those_of_a_scan(place: Path) -> None:
    """No index, no corpus, no prices: in words, with the exit code."""
    result = call("scan", place / "none", place / "corpus", "--out", place / "run", "--estimate")
    assert result.exit_code == 3
    result = call("scan", place / "works.index", place / "nothing", "--out", place / "run", "--estimate")
    assert result.exit_code == 2


def progress(bytes_: int, scanned: int | None = None, **given: int) -> ScanProgress:
    """How far a scan of 64 GB in a thousand shards is."""
    facts = {"all_bytes": 64 * 10**9, "shards": 0, "all_shards": 1000, "findings": 0, "quarantined": 0}
    return ScanProgress(
        bytes=bytes_, scanned_bytes=bytes_ if scanned is None else scanned, **{**facts, **given}
    )


def test_a_scan_is_told_beside_its_estimate(place: Path) -> None:
    """Slower, as estimated, and in the end how long it was meant to take and took."""
    keep(settings_of(place), made())
    now = [0.0]
    said = against(settings_of(place), clock=lambda: now[0])
    assert said is not None
    assert said(progress(10**9)) == ""
    now[0] = 1.5 * 20_005 / 2
    assert said(progress(32 * 10**9)) == "50 % slower than estimated"
    now[0] = 20_005 / 2
    assert said(progress(32 * 10**9)) == "as estimated"
    now[0] = 5 * HOUR
    assert said(progress(64 * 10**9)) == "Estimated: 5 h 33 min (4 h 26 min to 6 h 56 min); took 5 h 00 min."
    now[0] = 1 * HOUR
    assert said(progress(64 * 10**9)).endswith("took 1 h 00 min, outside of it.")
    assert against(replace(settings_of(place), recheck=True)) is None


def test_nothing_is_said_of_a_scan_of_seconds(place: Path) -> None:
    """Planning it takes as long."""
    keep(
        settings_of(place),
        made(bytes=6400, shards=1, work=Total(5.0, 4.0, 6.0), longest=1.0, start_wall=0.1),
    )
    now = [0.0]
    said = against(settings_of(place), clock=lambda: now[0])
    assert said is not None
    now[0] = 8.0
    assert said(progress(6400, all_bytes=6400, all_shards=1)) == ""


def test_a_resumed_scan_is_held_to_its_own_share(place: Path) -> None:
    """Half was scanned earlier: half of the time is expected."""
    keep(settings_of(place), made())
    now = [0.0]
    said = against(settings_of(place), clock=lambda: now[0])
    assert said is not None
    now[0] = 10_000.0
    assert said(progress(64 * 10**9, scanned=32 * 10**9)).startswith("Estimated: 2 h 46 min ")


def test_another_corpus_is_not_held_against_it(place: Path) -> None:
    """More shards or bytes than were estimated: nothing is said. Nor without an estimate, or with a damaged one."""
    settings = settings_of(place)
    assert against(settings) is None
    keep(settings, made())
    said = against(settings)
    assert said is not None
    assert said(progress(64 * 10**9, all_shards=1001)) == ""
    assert said(progress(64 * 10**9, all_bytes=65 * 10**9)) == ""
    assert against(settings_of(place, text_column="body")) is None
    for damaged in ("", "[]", "{}", '{"estimate": 1}', _kept_text(work=-1.0), _kept_text(low="x")):
        (path,) = (place / "cache" / "countermark" / "estimates").iterdir()
        path.write_text(damaged)
        assert against(settings) is None, damaged


def _kept_text(**wrong: Any) -> str:
    facts = {"shards": 1, "bytes": 1, "work": 1.0, "low": 1.0, "high": 1.0, "start": 0.0, "longest": 1.0}
    assert Expected(**facts)  # type: ignore[arg-type]
    return json.dumps({"estimate": 1, "date": "2026-11-23", **facts, **wrong})


def test_a_cache_that_cannot_be_written_is_no_failure(place: Path) -> None:
    """The estimate is told all the same."""
    (place / "cache").write_text("no folder")
    keep(settings_of(place), made())
    assert kept(settings_of(place)) is None
