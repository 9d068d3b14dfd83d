"""What was scanned earlier is hashed again where asked for; what a runner is given and tells; what the log may say."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from countermark.scan import Part
from countermark.scan.runlog import read_events
from countermark.scan.runners.base import Crew, Failed
from scan.furnished import SHARDS, events, furnish, result, scan
from scan.needle_search import InlineRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from countermark.scan import ScanProgress
    from countermark.scan.runners.base import Completed, Scan, Watch
    from countermark.scan.shard import ScanTask


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with an index of needles and a corpus of four shards."""
    return furnish(tmp_path)


def change(place: Path, number: int) -> None:
    """Other words of the same length in one shard: neither its name nor its size tells."""
    path = place / "corpus" / f"{number}.jsonl"
    path.write_text(path.read_text().replace("an old and", "and an old"))


def test_what_has_not_changed_is_not_scanned_again(place: Path) -> None:
    """Its findings and receipts stay, and the log says that it was looked at."""
    scan(place, runner=InlineRunner())
    before = result(place / "run")
    outcome = scan(place, runner=InlineRunner(), recheck=True)
    assert (outcome.scanned, outcome.skipped, outcome.findings, outcome.complete) == (0, SHARDS, 40, True)
    assert result(place / "run") == before
    assert events(place / "run")[-4:] == ["start", "resumed", "rechecked", "finish"]


def test_what_has_changed_is_scanned_again(place: Path) -> None:
    """Afterwards the folder is, byte for byte, that of a scan of the corpus as it is now."""
    scan(place, runner=InlineRunner())
    before = result(place / "run")
    change(place, 2)
    assert scan(place, runner=InlineRunner()).scanned == 0  # size and name are trusted
    outcome = scan(place, recheck=True)  # in workers
    assert (outcome.scanned, outcome.skipped, outcome.findings) == (1, SHARDS - 1, 40)
    scan(place, "anew", runner=InlineRunner())
    assert result(place / "run") == result(place / "anew")
    log = read_events(place / "run" / "runlog.jsonl")
    (changed,) = [event for event in log if event["event"] == "changed"]
    assert changed["shard"] == "2.jsonl"
    old = before[f"receipts/{changed['name']}.json"]
    assert changed["receipt_before"] == hashlib.sha256(old).hexdigest()
    (said,) = [event for event in log if event["event"] == "rechecked"]
    assert (said["shards"], said["changed"]) == (SHARDS, 1)


def test_what_cannot_be_looked_at_again_keeps_its_receipt(place: Path) -> None:
    """A failure of today takes nothing away from what was read then; it is told, and nothing is counted twice."""
    scan(place, runner=InlineRunner())
    before = result(place / "run")
    outcome = scan(place, runner=SpoilingRunner(), recheck=True)
    assert set(outcome.quarantined) == {f"{number}.jsonl" for number in range(SHARDS)}
    assert (outcome.scanned, outcome.skipped, outcome.findings, outcome.remaining) == (0, SHARDS, 40, 0)
    assert result(place / "run") == before
    assert not list((place / "run" / "quarantine").iterdir())
    assert events(place / "run")[-6:] == [*["not_rechecked"] * SHARDS, "rechecked", "finish"]


def test_the_rest_is_scanned_too(place: Path) -> None:
    """A shard without a receipt is scanned, whether or not others are looked at again."""
    scan(place, runner=InlineRunner())
    whole = result(place / "run")
    min((place / "run" / "receipts").iterdir()).unlink()
    outcome = scan(place, runner=InlineRunner(), recheck=True)
    assert (outcome.scanned, outcome.skipped) == (1, SHARDS - 1)
    assert result(place / "run") == whole


class LookingRunner:
    """Notes which tasks it is given, from both ends, and says that two nodes are at work."""

    def __init__(self) -> None:
        self.forwards: list[str] = []
        self.backwards: list[str] = []

    def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
        """Tell, look, and scan."""
        watch.crew(Crew(2, 8))
        self.forwards = [task.shard.name for task in tasks]
        self.backwards = [task.shard.name for task in reversed(tasks)]  # type: ignore[call-overload]
        yield from InlineRunner().map(scan, tasks, watch)


def test_a_runner_sees_what_waits_from_both_ends(place: Path) -> None:
    """A cluster looks at the first and the last shard before it begins; what is done is not among them."""
    runner, told = LookingRunner(), list[Any]()
    scan(place, part=Part(2, 2), runner=runner, progress=told.append)
    assert runner.forwards == ["1.jsonl", "3.jsonl"] == runner.backwards[::-1]
    assert [(one.nodes, one.slots) for one in told][:2] == [(0, 0), (2, 8)]
    scan(place, part=Part(1, 2), runner=runner)
    (last,) = [path for path in (place / "run" / "receipts").iterdir() if b'"3.jsonl"' in path.read_bytes()]
    last.unlink()
    scan(place, runner=runner)
    assert runner.forwards == runner.backwards == ["3.jsonl"]


class SilentRunner:
    """Says thrice who is at work; between the second and the third nothing happens."""

    def __init__(self, pass_time: Callable[[float], None]) -> None:
        self.pass_time = pass_time

    def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
        """Tell, wait, and scan."""
        watch.crew(Crew(preparing=1))
        self.pass_time(100.0)
        for _ in range(2):
            watch.crew(Crew(1, 4))
            self.pass_time(70.0)
        yield from InlineRunner().map(scan, tasks, watch)


def test_how_long_nothing_has_happened_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A silence begins anew with whatever is read, and with each node that begins."""
    passed, told = [0.0], list[Any]()
    monkeypatch.setattr("countermark.scan.progressing.time.monotonic", lambda: passed[0])

    def pass_time(seconds: float) -> None:
        passed[0] += seconds

    scan(place, runner=SilentRunner(pass_time), progress=told.append)
    assert [(one.preparing, one.nodes, one.still) for one in told][:4] == [
        (0, 0, 0.0),
        (1, 0, 0.0),
        (0, 1, 0.0),
        (0, 1, 70.0),
    ]
    assert told[-1].still == 0.0


class SpoilingRunner:
    """Gives every shard up, with a message that says where it is."""

    def map(self, _scan: Scan, tasks: Iterable[ScanTask], _watch: Watch) -> Iterator[Completed | Failed]:
        """Fail."""
        for task in tasks:
            yield Failed(task, (f"OSError: {task.shard.path}: damaged",), f"at {task.shard.path}, line 1")


def test_no_place_and_no_signature_stands_in_what_is_kept(place: Path) -> None:
    """Of signed addresses the part before `?` is logged; quarantine names shards as the plan does."""
    command = (
        "countermark",
        "https://data.example/a.parquet?X-Amz-Signature=5ec2e7#5ec2e7",
        "--out=s3://b/a?b",
    )
    progress: list[ScanProgress] = []
    outcome = scan(place, runner=SpoilingRunner(), command=command, progress=progress.append)
    assert set(outcome.quarantined) == {f"{number}.jsonl" for number in range(SHARDS)}
    log = read_events(place / "run" / "runlog.jsonl")
    assert log[0]["command"] == ["countermark", "https://data.example/a.parquet", "--out=s3://b/a?b"]
    reasons = next(event["reasons"] for event in log if event["event"] == "quarantine")
    assert reasons == ["OSError: 0.jsonl: damaged"]
    kept = [*(place / "run" / "quarantine").iterdir(), place / "run" / "runlog.jsonl"]
    for path in kept:
        assert str(place) not in path.read_text()
        assert "5ec2e7" not in path.read_text()
