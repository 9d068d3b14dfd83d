"""Two nodes of a Ray cluster: whoever dies, and whatever is cut, the bytes are those of a run on one machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from countermark.scan.runlog import read_events
from scan.furnished import furnish, result, scan, wait_until, write_lines
from scan.ray_namespaces import TwoNodes, missing

pytest.importorskip("ray", reason="needs the extra ray")
pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 60
SILENCE = "3"
PROGRAM = """
import sys
from pathlib import Path
from countermark.errors import CountermarkError
from countermark.scan.runners.ray import Patience, RayRunner
from scan.furnished import scan

runner = RayRunner(sys.argv[3], patience=Patience(silence=float(sys.argv[4])))
try:
    outcome = scan(Path(sys.argv[1]), sys.argv[2], runner=runner)
    print(outcome.quarantined or "done", outcome.scanned, outcome.skipped)
except CountermarkError as error:
    print(type(error).__name__, error)
"""


@pytest.fixture(scope="module")
def nodes() -> Iterator[TwoNodes]:
    """Two nodes, started once; a test that loses the second starts it again."""
    if (reason := missing()) is not None:
        pytest.skip(reason)
    pair = TwoNodes()
    try:
        pair.start()
        (pair.scratch / "program.py").write_text(PROGRAM)
        yield pair
    finally:
        pair.close()


@pytest.fixture
def place(tmp_path: Path, nodes: TwoNodes) -> Iterator[Path]:
    """A corpus of which two shards wait to be told to go on, and what a run on this machine makes of it."""
    furnish(tmp_path)
    for number in range(4, 8):
        write_lines(tmp_path / "corpus" / f"{number}.jsonl", [{"text": f"new and old {number}"}])
    for name in ("8.jsonl", "9.jsonl"):
        write_lines(tmp_path / "corpus" / name, [{"text": f"WAIT old {name}"}])
    (tmp_path / "go-on").touch()
    scan(tmp_path, "undisturbed")
    (tmp_path / "go-on").unlink()
    yield tmp_path
    nodes.end_drivers()


def begin(nodes: TwoNodes, place: Path) -> subprocess.Popen[bytes]:
    """Begin a scan on the cluster; on return both nodes wait in a shard."""
    driver = nodes.driver(nodes.scratch / "program.py", str(place), "run", nodes.address, SILENCE)
    receipts = place / "run" / "receipts"

    def waiting() -> bool:
        assert driver.poll() is None, said_last(nodes)
        scanned = len(list(receipts.glob("*.json"))) if receipts.exists() else 0
        return scanned == 8 and bool(nodes.workers(0) and nodes.workers(1))

    try:
        wait_until(waiting, SECONDS)
    except AssertionError as error:
        log = place / "run" / "runlog.jsonl"
        raise AssertionError(log.read_text() if log.exists() else said_last(nodes)) from error
    time.sleep(1)  # the second of the shards that wait is taken back from the node where it stood in line
    return driver


def end(nodes: TwoNodes, place: Path, driver: subprocess.Popen[bytes]) -> str:
    """Let the shards go on; return what the driver said last."""
    (place / "go-on").touch()
    driver.wait(timeout=SECONDS)
    return said_last(nodes)


def said_last(nodes: TwoNodes) -> str:
    """The last line of what drivers said."""
    return (nodes.scratch / "log-0").read_text().splitlines()[-1]


def events(place: Path) -> list[str]:
    """The names of the events in the run's log."""
    return [event["event"] for event in read_events(place / "run" / "runlog.jsonl")]


def test_undisturbed(nodes: TwoNodes, place: Path) -> None:
    """Two nodes give the bytes of one, and the log says who they were; nothing is left in the run folder."""
    driver = begin(nodes, place)
    assert end(nodes, place, driver) == "done 10 0"
    assert result(place / "run") == result(place / "undisturbed")
    told = [event for event in read_events(place / "run" / "runlog.jsonl") if event["event"] == "node"]
    assert {event["address"] for event in told} == {"10.213.97.1", "10.213.97.2"}
    assert all(event["ray"] and event["python"] and event["countermark"] for event in told)
    assert not list((place / "run").glob(".ray-*"))


def test_worker_is_killed(nodes: TwoNodes, place: Path) -> None:
    """The shard of a dead worker is scanned again."""
    driver = begin(nodes, place)
    os.kill(nodes.workers(1)[0], signal.SIGKILL)
    assert end(nodes, place, driver) == "done 10 0"
    assert result(place / "run") == result(place / "undisturbed")
    assert "node_lost" not in events(place)


def test_node_is_killed(nodes: TwoNodes, place: Path) -> None:
    """The shards of a dead node go to the other, and none is blamed; the node may come back."""
    driver = begin(nodes, place)
    nodes.kill(1)
    wait_until(lambda: "node_lost" in events(place), SECONDS)
    nodes.start_second()
    wait_until(lambda: events(place).count("node") == 3, SECONDS)
    assert end(nodes, place, driver) == "done 10 0"
    assert result(place / "run") == result(place / "undisturbed")


def test_index_is_fetched(nodes: TwoNodes, place: Path) -> None:
    """A node that cannot see the index gets it from the driver's, once, and uses its copy the next time."""
    nodes.kill(1)
    shelf = place / "shelf"
    shelf.mkdir()
    nodes.start_second(hide=[shelf])
    shutil.move(place / "needles", shelf / "needles")
    (place / "needles").symlink_to(shelf / "needles")
    for again in (0, 1):
        driver = begin(nodes, place)
        assert end(nodes, place, driver) == "done 10 0"
        assert result(place / "run") == result(place / "undisturbed")
        told = [event for event in read_events(place / "run" / "runlog.jsonl") if event["event"] == "node"]
        copied = {event["address"]: event["copied"] for event in told}
        assert copied == {"10.213.97.1": 0, "10.213.97.2": 0 if again else 8}
        shutil.rmtree(place / "run")
        (place / "go-on").unlink()


def test_driver_is_killed(nodes: TwoNodes, place: Path) -> None:
    """What was scanned stays; a new driver scans the rest, and the workers of the old one are gone."""
    driver = begin(nodes, place)
    orphans = nodes.workers(0) + nodes.workers(1)
    driver.kill()
    driver.wait()
    wait_until(lambda: not any(Path(f"/proc/{orphan}").exists() for orphan in orphans), SECONDS)
    (place / "go-on").touch()
    again = nodes.driver(nodes.scratch / "program.py", str(place), "run", nodes.address, SILENCE)
    assert end(nodes, place, again) == "done 2 8"
    assert result(place / "run") == result(place / "undisturbed")


def test_disk_is_full(nodes: TwoNodes, place: Path) -> None:
    """A full disk ends the run with a clear message; when room is made, it goes on."""
    (place / "go-on").touch()
    run = nodes.small / "run"
    command = (nodes.scratch / "program.py", str(place), str(run), nodes.address, SILENCE)
    said = end(nodes, place, nodes.driver(*command))
    assert said.startswith("OutputError")
    assert "no room left" in said
    nodes.resize("16m")
    assert end(nodes, place, nodes.driver(*command)).startswith("done")
    assert result(run) == result(place / "undisturbed")


def test_cable_is_cut_for_a_while(nodes: TwoNodes, place: Path) -> None:
    """A node that is silent for a short time keeps its shards."""
    driver = begin(nodes, place)
    nodes.cut()
    time.sleep(1.5)
    nodes.mend()
    assert end(nodes, place, driver) == "done 10 0"
    assert result(place / "run") == result(place / "undisturbed")


def test_cable_is_cut_for_good(nodes: TwoNodes, place: Path) -> None:
    """A node that stays silent is given up; what it still writes has the same bytes, and harms nothing."""
    driver = begin(nodes, place)
    nodes.cut()
    wait_until(lambda: "node_lost" in events(place), SECONDS)
    assert end(nodes, place, driver) == "done 10 0"
    assert result(place / "run") == result(place / "undisturbed")
