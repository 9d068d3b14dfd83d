"""Two nodes of a Ray cluster: whoever dies, and whatever is cut, the bytes are those of a run on one machine.

One cluster serves all tests, in this order: starting a node takes longer than most scans here. The second node never
sees the index on its own disk.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from countermark.index.build import build_index
from countermark.scan import ScanSettings, run_scan
from countermark.scan.runlog import read_events
from countermark.works.reading import read_works
from countermark.works.work import WorkFile
from scan.furnished import furnish, result, scan, wait_until, write_lines
from scan.needle_search import InlineRunner
from scan.ray_namespaces import ADDRESSES, TwoNodes, missing

pytest.importorskip("ray", reason="needs the extra ray")
pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 60
SILENCE = "3"
SALT = b"a salt that nobody shall read"
HEAD, SECOND = ADDRESSES
PROGRAM = """
import sys
from pathlib import Path
from countermark.errors import CountermarkError
from countermark.scan.runners.ray import Patience, RayRunner
from countermark.works.reading import read_works
from countermark.works.work import WorkFile
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
    """Two nodes; a test that loses the second leaves it to the next one."""
    if (reason := missing()) is not None:
        pytest.skip(reason)
    pair = TwoNodes()
    try:
        pair.connect()
        (pair.scratch / "program.py").write_text(PROGRAM)
        shelf_of(pair).mkdir()
        pair.start_head()
        pair.start_second(hide=[shelf_of(pair)])
        yield pair
    finally:
        pair.close()


@pytest.fixture
def place(tmp_path: Path, nodes: TwoNodes) -> Iterator[Path]:
    """A corpus of which two shards wait to be told to go on, and what a run on this machine makes of it."""
    furnish(tmp_path)
    (tmp_path / "needles").replace(shelf_of(nodes) / "needles")
    (tmp_path / "needles").symlink_to(shelf_of(nodes) / "needles")
    for number in range(4, 8):
        write_lines(tmp_path / "corpus" / f"{number}.jsonl", [{"text": f"new and old {number}"}])
    for name in ("8.jsonl", "9.jsonl"):
        write_lines(tmp_path / "corpus" / name, [{"text": f"WAIT old {name}"}])
    (tmp_path / "go-on").touch()
    scan(tmp_path, "undisturbed", runner=InlineRunner())
    (tmp_path / "go-on").unlink()
    for mark in tmp_path.glob("waiting*"):
        mark.unlink()
    yield tmp_path
    nodes.end_drivers()


def shelf_of(nodes: TwoNodes) -> Path:
    """A folder that the second node does not see."""
    return nodes.scratch / "shelf"


def begin(nodes: TwoNodes, place: Path, at: tuple[int, ...] = (0, 1)) -> subprocess.Popen[bytes]:
    """Begin a scan on the cluster; on return the nodes named wait in a shard each."""
    driver = nodes.driver(nodes.scratch / "program.py", str(place), "run", nodes.address, SILENCE)

    def waiting() -> bool:
        assert driver.poll() is None, said_last(nodes)
        return scanned(place) == 8 and all(waits(nodes, place, node) for node in at)

    try:
        wait_until(waiting, SECONDS)
    except AssertionError as error:
        log = place / "run" / "runlog.jsonl"
        raise AssertionError(log.read_text() if log.exists() else said_last(nodes)) from error
    return driver


def waits(nodes: TwoNodes, place: Path, node: int) -> bool:
    """Whether a worker of the node is in a shard that waits."""
    return any((place / f"waiting-{process}").exists() for process in nodes.workers(node))


def scanned(place: Path) -> int:
    """How many shards have a receipt."""
    receipts = place / "run" / "receipts"
    return len(list(receipts.glob("*.json"))) if receipts.exists() else 0


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
    return [event["event"] for event in told(place / "run")]


def told(run: Path, name: str | None = None) -> list[dict[str, Any]]:
    """The events in a run's log, or those of one name."""
    path = run / "runlog.jsonl"
    return [event for event in read_events(path) if name in {None, event["event"]}] if path.exists() else []


def test_worker_is_killed_and_cable_is_out(nodes: TwoNodes, place: Path) -> None:
    """A dead worker and a short silence lose no node; the log says who took part, and nothing else is left."""
    driver = begin(nodes, place)
    (worker,) = nodes.workers(1)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: worker not in nodes.workers(1), SECONDS)
    nodes.cut()
    time.sleep(1.5)
    nodes.mend()
    assert end(nodes, place, driver) == "done 10 0"
    assert result(place / "run") == result(place / "undisturbed")
    assert "node_lost" not in events(place)
    took_part = told(place / "run", "node")
    assert {event["address"]: event["copied"] for event in took_part} == {HEAD: 0, SECOND: 8}
    assert all(event["ray"] and event["python"] and event["countermark"] for event in took_part)
    assert not list((place / "run").glob(".ray-*"))


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
    copied = {event["address"]: event["copied"] for event in told(place / "run", "node")}
    assert copied == {HEAD: 0, SECOND: 0}  # the copy of the scan before


def test_disk_is_full(nodes: TwoNodes, place: Path) -> None:
    """A full disk ends the run with a clear message; when room is made, any runner goes on."""
    (place / "go-on").touch()
    run = nodes.small / "run"
    said = end(
        nodes, place, nodes.driver(nodes.scratch / "program.py", str(place), str(run), nodes.address, SILENCE)
    )
    assert said.startswith("OutputError")
    assert "no room left" in said
    nodes.resize("16m")
    assert scan(place, run, runner=InlineRunner()).complete
    assert result(run) == result(place / "undisturbed")


def test_node_is_killed_under_the_command(nodes: TwoNodes, tmp_path: Path) -> None:
    """As a user types it, with the text index, sealed: the findings of one machine; the salt is nowhere."""
    index, salt = real_index(shelf_of(nodes), tmp_path)
    settings = ScanSettings(index, (tmp_path / "corpus",), tmp_path / "local", workers=1, salt=SALT)
    alone = run_scan(settings, runner=InlineRunner())
    command = (
        str(Path(sys.executable).with_name("countermark")),
        "scan",
        str(index),
        str(tmp_path / "corpus"),
    )
    options = (
        "--salt-file",
        str(salt),
        "--out",
        str(tmp_path / "run"),
        "--runner",
        "ray",
        "--address",
        nodes.address,
    )
    driver = nodes.command(*command, *options)
    wait_until(lambda: scanned(tmp_path) >= 3 and bool(nodes.workers(1)), SECONDS)
    assert not any(SALT in environment_and_command(one) for node in (0, 1) for one in nodes.processes(node))
    nodes.kill(1)
    driver.wait(timeout=SECONDS)
    assert driver.returncode == 0, said_last(nodes)
    assert alone.findings > 0
    assert result(tmp_path / "run") == result(tmp_path / "local")
    assert len(told(tmp_path / "run", "node_lost")) == 1
    assert {event["address"]: event["copied"] > 0 for event in told(tmp_path / "run", "node")} == {
        HEAD: False, SECOND: True,
    }  # fmt: skip
    files = [path for folder in (nodes.scratch / "ray", tmp_path / "run") for path in folder.rglob("*")]
    assert not [path for path in files if path.is_file() and SALT in path.read_bytes()]


def test_a_node_joins(nodes: TwoNodes, place: Path) -> None:
    """It is checked, gets the index, and takes a shard that waited elsewhere."""
    driver = begin(nodes, place, at=(0,))
    nodes.start_second(hide=[shelf_of(nodes)])
    wait_until(lambda: waits(nodes, place, 1), SECONDS)
    assert end(nodes, place, driver) == "done 10 0"
    assert result(place / "run") == result(place / "undisturbed")
    assert [event["address"] for event in told(place / "run", "node")] == [HEAD, SECOND]


def test_cable_is_cut_for_good(nodes: TwoNodes, place: Path) -> None:
    """A node that stays silent is given up; what it still writes has the same bytes, and harms nothing."""
    driver = begin(nodes, place)
    nodes.cut()
    wait_until(lambda: "node_lost" in events(place), SECONDS)
    assert end(nodes, place, driver) == "done 10 0"
    assert result(place / "run") == result(place / "undisturbed")


def real_index(shelf: Path, place: Path) -> tuple[Path, Path]:
    """A sealed index of three works that only the head sees, its salt, and forty shards with passages of them."""
    drawn = random.Random(9)
    lexicon = ["".join(drawn.choices("etaoinshrdlu", k=drawn.randint(2, 9))) for _ in range(5000)]
    works = [" ".join(drawn.choices(lexicon, k=900)) for _ in range(3)]
    for folder in (place / "works", place / "corpus"):
        folder.mkdir()
    for number, text in enumerate(works):
        (place / "works" / f"{number}.txt").write_text(text)
    for number in range(40):
        others = [" ".join(drawn.choices(lexicon, k=600)) for _ in range(60)]
        lines = [{"text": drawn.choice(works)[1000:2000]}, *({"text": text} for text in others)]
        write_lines(place / "corpus" / f"{number:02}.jsonl", lines)
    index, salt = shelf / "works.index", shelf / "salt"
    salt.write_bytes(SALT)
    found = [work for work in read_works([place / "works"]) if isinstance(work, WorkFile)]
    build_index(found, index, salt=SALT, sealed=True)
    return index, salt


def environment_and_command(process: int) -> bytes:
    """What other users of a machine may see of a process, and its environment."""
    said = b""
    for name in ("environ", "cmdline"):
        with suppress(OSError):
            said += Path(f"/proc/{process}/{name}").read_bytes()
    return said
