"""A driver that starts a cluster of its own, or finds none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from countermark.cli.scan_runner import runner_for
from countermark.errors import InputError, RunError
from countermark.scan import ScanSettings
from countermark.scan.runlog import read_events
from countermark.scan.runners.base import Watch
from countermark.scan.runners.ray import RayRunner
from scan.furnished import furnish, result, scan
from scan.runner_doubles import act, tasks_of

TESTS = str(Path(__file__).parents[1])


def test_options_choose_the_runner(tmp_path: Path) -> None:
    """Without options the scan chooses for itself; an address is for Ray only."""
    settings = ScanSettings(tmp_path, (tmp_path,), tmp_path, workers=3)
    assert runner_for("local", None, settings) is None
    with pytest.raises(InputError, match="--address is for --runner ray"):
        runner_for("local", "auto", settings)
    with pytest.raises(InputError, match="known are local and ray"):
        runner_for("spark", None, settings)
    pytest.importorskip("ray", reason="needs the extra ray")
    assert runner_for("ray", "auto", settings) == RayRunner("auto", 3)


@pytest.mark.slow
def test_the_driver_ends_and_begins_again(tmp_path: Path) -> None:
    """A cluster of its own leaves no handler behind; nodes are furnished and logged."""
    pytest.importorskip("ray", reason="needs the extra ray")
    place = furnish(tmp_path)
    scan(place, "local", workers=1)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", TESTS)
        patch.setenv("COUNTERMARK_CACHE", str(tmp_path / "cache"))
        patch.setattr("tempfile.tempdir", str(room := Path(tempfile.mkdtemp(prefix="cm", dir="/tmp"))))
        scan(place, "run", runner=RayRunner(None, 1))
    assert result(place / "run") == result(place / "local")
    room.rmdir()  # Ray's logs and sockets went with the cluster
    events = [event["event"] for event in read_events(place / "run" / "runlog.jsonl")]
    assert events[:3] == ["start", "cluster", "node"]
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    """One line, with the address."""
    pytest.importorskip("ray", reason="needs the extra ray")
    with pytest.raises(RunError, match=r"the Ray cluster at 127\.0\.0\.1:9 cannot be reached"):
        list(RayRunner("127.0.0.1:9").map(act, tasks_of(tmp_path, ["good-1"]), Watch()))


_NICENESS = """
import os, sys
from pathlib import Path
from countermark.scan.runners.base import Watch
from countermark.scan.runners.ray import RayRunner
from scan.runner_doubles import niceness, tasks_of

if __name__ == "__main__":
    told = []
    tasks = tasks_of(Path(sys.argv[1]), ["one"])
    (failed,) = list(RayRunner(None, 1, furnish=False).map(niceness, tasks, Watch(crew=told.append)))
    print(failed.reasons[0], os.nice(0), told[0], sep="|")
"""


@pytest.mark.slow
def test_workers_of_an_own_cluster_are_as_nice_as_the_command(tmp_path: Path) -> None:
    """As those of the local runner are: Ray would add 15. And before any works, the driver tells whom it waits for."""
    pytest.importorskip("ray", reason="needs the extra ray")
    kept = {name: word for name, word in os.environ.items() if not name.startswith("RAY_")}
    done = subprocess.run(
        ["nice", "-n", "1", sys.executable, "-c", _NICENESS, str(tmp_path)],
        env={**kept, "PYTHONPATH": TESTS},
        check=True,
        capture_output=True,
        text=True,
    )
    of_worker, of_driver, told = done.stdout.strip().split("|")
    assert of_worker == f"ValueError: niceness {of_driver}"
    assert told == "Crew(nodes=0, slots=0, preparing=0, awaited=1)"
