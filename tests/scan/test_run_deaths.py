"""A run in real processes: whoever dies, and when, the bytes are the same."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from countermark.errors import OutputError
from scan.furnished import SHARDS, events, furnish, result, scan, wait_until, write_lines


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with an index of needles and a corpus of four shards."""
    return furnish(tmp_path)


def test_workers_do_not_change_the_bytes(place: Path) -> None:
    """One worker and two give the same folder."""
    scan(place, "one", workers=1)
    scan(place, "two", workers=2)
    assert result(place / "one") == result(place / "two")


def test_killed_worker_changes_nothing(place: Path) -> None:
    """A worker that dies once is replaced, and its shard is scanned again."""
    write_lines(place / "corpus" / "9.jsonl", [{"text": "KILL-ONCE old"}])
    (place / "killed-once").touch()
    scan(place, "undisturbed")
    (place / "killed-once").unlink()
    outcome = scan(place, "disturbed", workers=2)
    assert (place / "killed-once").exists()
    assert not outcome.quarantined
    assert result(place / "undisturbed") == result(place / "disturbed")


def test_deadly_shards_are_quarantined_and_tried_again(place: Path) -> None:
    """Shards that kill or fail twice are set aside with their reasons; mended, they are scanned next time."""
    write_lines(place / "corpus" / "8.jsonl", [{"text": "KILL-WORKER"}])
    write_lines(place / "corpus" / "9.jsonl", [{"text": "RAISE"}])
    outcome = scan(place)
    assert set(outcome.quarantined) == {"8.jsonl", "9.jsonl"}
    assert (outcome.scanned, outcome.complete) == (4, True)
    kept = [json.loads(path.read_bytes()) for path in (place / "run" / "quarantine").iterdir()]
    reasons = {entry["shard"]["name"]: entry["reasons"] for entry in kept}
    assert reasons["8.jsonl"] == ["its worker was killed by SIGKILL"] * 2
    assert reasons["9.jsonl"] == ["ValueError: a record that nobody thought of"] * 2
    assert events(place / "run").count("quarantine") == 2
    size = (place / "corpus" / "9.jsonl").stat().st_size
    write_lines(place / "corpus" / "9.jsonl", [{"text": "old!!"}])
    assert (place / "corpus" / "9.jsonl").stat().st_size == size
    outcome = scan(place)
    assert (set(outcome.quarantined), outcome.scanned, outcome.skipped) == ({"8.jsonl"}, 1, 4)
    assert len(list((place / "run" / "quarantine").iterdir())) == 1


def run_elsewhere(place: Path, out: str) -> subprocess.Popen[bytes]:
    """A run with two workers in a process of its own."""
    program = place / "program.py"
    program.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from pathlib import Path\n"
        "from scan.furnished import scan\n"
        "if __name__ == '__main__':\n"
        f"    print(scan(Path({str(place)!r}), {out!r}, workers=2).interrupted)\n"
    )
    return subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_killed_run_goes_on(place: Path) -> None:
    """A run that was killed, begun again, gives the bytes of an undisturbed run."""
    write_lines(place / "corpus" / "9.jsonl", [{"text": "WAIT old"}])
    process = run_elsewhere(place, "killed")
    receipts = place / "killed" / "receipts"
    wait_until(lambda: (place / "waiting").exists() and len(list(receipts.glob("[!.]*"))) == SHARDS)
    process.kill()
    process.communicate()
    (place / "killed" / "findings" / f".{min(receipts.iterdir()).stem}.parquet.77.tmp").write_bytes(b"half")
    (place / "go-on").touch()
    outcome = scan(place, "killed")
    assert (outcome.scanned, outcome.skipped) == (1, 4)
    scan(place, "undisturbed")
    assert result(place / "killed") == result(place / "undisturbed")


def test_interrupted_run_ends_in_order(place: Path) -> None:
    """SIGINT lets the shard under way end, starts no other, and the next run goes on."""
    write_lines(place / "corpus" / "00.jsonl", [{"text": "WAIT old"}])
    write_lines(place / "corpus" / "01.jsonl", [{"text": "WAIT old"}])
    process = run_elsewhere(place, "stopped")
    wait_until((place / "waiting").exists)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    (place / "go-on").touch()
    said, errors = process.communicate(timeout=30)
    assert (said, errors) == (b"True\n", b"")
    assert events(place / "stopped")[-1] == "interrupted"
    outcome = scan(place, "stopped")
    assert outcome.skipped >= 1
    assert outcome.scanned >= 1
    scan(place, "undisturbed")
    assert result(place / "stopped") == result(place / "undisturbed")


def test_full_disk_ends_the_run_and_is_resumed(place: Path) -> None:
    """When nothing more can be written the run ends with OutputError; with room it goes on to the same bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    scan(place, "undisturbed")
    biggest = max(path.stat().st_size for path in (place / "undisturbed" / "findings").iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (biggest - 1, hard))  # workers inherit the limit
    try:
        with pytest.raises(OutputError, match="no room left"):
            scan(place)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    left = [path.name for folder in ("findings", "receipts") for path in (place / "run" / folder).glob(".*")]
    assert left == []
    assert len(list((place / "run" / "receipts").iterdir())) < SHARDS
    scan(place)
    assert result(place / "run") == result(place / "undisturbed")
