"""Runs whose folder is at a URL: the same bytes as on a disk, and a run goes on from the URL alone."""

from __future__ import annotations

import json
import shutil
import threading
from typing import TYPE_CHECKING

import pytest

from countermark.errors import RunError
from countermark.scan import Part
from countermark.scan import run_place as run_place_module
from countermark.scan.plan import WHOLE
from countermark.scan.run_place import FarRun, Lease
from countermark.scan.runlog import read_events, verify
from countermark.scan.runners.base import Stop
from countermark.storage.mirror import Mirror, pull
from scan.furnished import SHARDS, furnish, result, scan
from scan.needle_search import InlineRunner
from storage.writable_bucket import writable_bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.scan import RunOutcome
    from storage.conftest import Bucket


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket to write to, and drivers that are soon given up."""
    monkeypatch.setattr(run_place_module, "BEAT", 0.2)
    with writable_bucket(tmp_path, monkeypatch) as there:
        yield there


def scan_to(place: Path, out: object, **given: object) -> RunOutcome:
    """Scan the furnished corpus into a place, in this process."""
    return scan(place, out, runner=InlineRunner(), **given)  # type: ignore[arg-type]


def test_the_same_bytes_as_on_a_disk(bucket: Bucket, tmp_path: Path) -> None:
    """Findings, receipts, settings and catalogue do not depend on where they are put; the log is there too."""
    place = furnish(tmp_path)
    scan_to(place, tmp_path / "here")
    outcome = scan_to(place, f"{bucket.url}/run")
    assert outcome.complete
    assert outcome.place == f"{bucket.url}/run"
    there = bucket.folder / "run"
    assert result(there) == result(tmp_path / "here") == result(outcome.run)
    assert verify(there / "runlog.jsonl").finished
    assert [event["event"] for event in read_events(there / "attempts.jsonl")] == ["begin", "finish"]
    assert not list((there / ".drivers").glob("*"))


def test_a_run_goes_on_from_the_url_alone(bucket: Bucket, tmp_path: Path) -> None:
    """Another machine has what was done; no shard is scanned twice."""
    place = furnish(tmp_path)
    scan_to(place, tmp_path / "here")
    stop = Stop()

    def stop_soon(progress: object) -> None:
        stop.requested = getattr(progress, "shards", 0) >= 2

    url = f"{bucket.url}/run"
    first = scan_to(place, url, stop=stop, progress=stop_soon)
    assert first.interrupted
    assert first.scanned == 2
    shutil.rmtree(tmp_path / "cache")
    second = scan_to(place, url)
    assert (second.skipped, second.scanned, second.remaining) == (2, SHARDS - 2, 0)
    assert result(pull(url)) == result(tmp_path / "here")
    events = [event["event"] for event in read_events(pull(url) / "runlog.jsonl")]
    assert events.count("receipt") == SHARDS
    assert "receipt_found" not in events


def test_parts_share_a_url(bucket: Bucket, tmp_path: Path) -> None:
    """Each part has a driver, a log and a log of attempts of its own."""
    place = furnish(tmp_path)
    scan_to(place, tmp_path / "here")
    url = f"{bucket.url}/run"
    for number in (1, 2):
        outcome = scan_to(place, url, part=Part(number, 2), mirror=tmp_path / f"machine-{number}")
    assert outcome.complete
    assert result(bucket.folder / "run") == result(tmp_path / "here")
    for number in (1, 2):
        assert verify(bucket.folder / "run" / f"runlog-{number}-of-2.jsonl").finished
        assert verify(bucket.folder / "run" / f"attempts-{number}-of-2.jsonl").finished


def test_other_settings_are_refused(bucket: Bucket, tmp_path: Path) -> None:
    """As on a disk."""
    place = furnish(tmp_path)
    scan_to(place, f"{bucket.url}/run")
    with pytest.raises(RunError, match="the corpus name was"):
        scan_to(place, f"{bucket.url}/run", corpus_name="another")


def test_a_second_driver_gives_up(bucket: Bucket, tmp_path: Path) -> None:
    """While the beat of a driver is heard; one that fell silent is followed."""
    place = furnish(tmp_path)
    url = f"{bucket.url}/run"
    other = FarRun(url, WHOLE, tmp_path / "other", beat=0.1)
    other.begin()
    try:
        with pytest.raises(RunError, match="another driver is at work on this run"):
            scan_to(place, url)
    finally:
        other.end()
    Lease(Mirror(url, tmp_path / "dead"), WHOLE, 0.1).say()
    assert scan_to(place, url).complete


def test_two_drivers_write_the_same(bucket: Bucket, tmp_path: Path) -> None:
    """Begun in the same moment, neither sees the other: findings and receipts are the same bytes all the same."""
    place = furnish(tmp_path)
    scan_to(place, tmp_path / "here")
    url = f"{bucket.url}/run"
    drivers = [
        threading.Thread(target=scan_to, args=(place, url), kwargs={"mirror": tmp_path / f"d{number}"})
        for number in (1, 2)
    ]
    for driver in drivers:
        driver.start()
    for driver in drivers:
        driver.join()
    assert result(bucket.folder / "run") == result(tmp_path / "here")


def test_nothing_of_the_driver_is_in_what_counts(bucket: Bucket, tmp_path: Path) -> None:
    """No URL and no name of a machine stands in receipts and settings."""
    place = furnish(tmp_path)
    scan_to(place, f"{bucket.url}/run")
    for data in result(bucket.folder / "run").values():
        assert b"s3://" not in data
    assert json.loads((bucket.folder / "run" / "run.json").read_bytes())["run"] == 1
