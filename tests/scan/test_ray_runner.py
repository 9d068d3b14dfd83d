"""What every runner promises, asked of the local one and of Ray's: nothing is lost or done twice."""

from __future__ import annotations

import importlib.util
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import OutputError
from countermark.scan.runners.base import Completed, Failed, Runner, Stop, Watch
from countermark.scan.runners.local import LocalRunner
from countermark.scan.runners.ray import Patience, RayRunner
from countermark.scan.runners.ray_cluster import joined
from scan.furnished import furnish, result, scan, wait_until, write_lines
from scan.runner_doubles import act, tasks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    MakeRunner = Callable[..., Runner]

TESTS = str(Path(__file__).parents[1])
LONG = 2 << 20
"""So large a shard does not wait behind another in the local runner."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A cluster of this machine alone with two slots, which sees the modules of the tests."""
    if importlib.util.find_spec("ray") is None:
        pytest.skip("needs the extra ray")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", TESTS)
        with joined(None, 2):
            yield


@pytest.fixture(params=["local", pytest.param("ray", marks=pytest.mark.slow)])
def runner_of(request: pytest.FixtureRequest) -> MakeRunner:
    """Makes a runner with so many workers and so much patience."""
    if request.param == "local":
        return lambda workers=2, patience=5.0: LocalRunner(workers, patience)
    request.getfixturevalue("cluster")
    return lambda workers=2, patience=5.0: RayRunner(
        None, workers, furnish=False, patience=Patience(stop=patience)
    )


def outcomes_of(
    runner: Runner, scratch: Path, names: list[str], watch: Watch | None = None
) -> dict[str, Any]:
    """All outcomes by the name of their task."""
    outcomes = list(runner.map(act, tasks_of(scratch, names, LONG), watch or Watch()))
    assert len({outcome.task.name for outcome in outcomes}) == len(outcomes)
    return {outcome.task.name: outcome for outcome in outcomes}


def gone(process: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_every_task_has_one_outcome(runner_of: MakeRunner, tmp_path: Path) -> None:
    """Deaths, exits and errors end in quarantine after two attempts; what failed once only is done."""
    good = [f"good-{number}" for number in range(5)]
    tasks = tasks_of(tmp_path, [*good, "kill-1", "exit-1", "raise-1", "killonce-1", "raiseonce-1"], LONG)
    outcomes = {outcome.task.name: outcome for outcome in runner_of().map(act, iter(tasks), Watch())}
    completed = {name for name, outcome in outcomes.items() if isinstance(outcome, Completed)}
    assert completed == {*good, "killonce-1", "raiseonce-1"}
    failed = {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Failed)}
    assert failed["kill-1"].reasons == ("its worker was killed by SIGKILL",) * 2
    assert failed["exit-1"].reasons == ("its worker ended with exit code 3",) * 2
    assert failed["raise-1"].reasons == ("ValueError: not today",) * 2
    assert "runner_doubles.py" in failed["raise-1"].detail
    assert all(any(outcome.task is task for task in tasks) for outcome in outcomes.values())


def test_scanning_happens_in_another_process(runner_of: MakeRunner, tmp_path: Path) -> None:
    """A shard cannot take the run down with it."""
    outcomes_of(runner_of(1), tmp_path, ["good-1"])
    assert (tmp_path / "good-1.mark").read_text() != str(os.getpid())


def test_no_tasks_start_no_workers(runner_of: MakeRunner, tmp_path: Path) -> None:
    """A run with nothing to do ends at once."""
    assert outcomes_of(runner_of(), tmp_path, []) == {}


@pytest.mark.parametrize("name", ["full-1", "enospc-1"])
def test_full_disk_ends_the_run(runner_of: MakeRunner, tmp_path: Path, name: str) -> None:
    """An error that concerns the whole run is raised, and is nobody's quarantine."""
    with pytest.raises(OutputError, match="no room left"):
        outcomes_of(runner_of(), tmp_path, ["good-1", name])


def test_progress_is_told_and_taken_back(runner_of: MakeRunner, tmp_path: Path) -> None:
    """A task that fails is told as 0 bytes, for it begins again."""
    told: list[tuple[str, int]] = []
    watch = Watch(progress=lambda task, count: told.append((task.name, count)))
    outcomes_of(runner_of(), tmp_path, ["killonce-1"], watch)
    assert ("killonce-1", 0) in told


def test_stop_lets_shards_under_way_end(runner_of: MakeRunner, tmp_path: Path) -> None:
    """After a stop no task begins; those under way end."""
    stop, begun = Stop(), tmp_path / "wait-2.mark"
    names = ["good-1", "wait-2", *(f"good-{number}" for number in range(3, 9))]
    outcomes = runner_of(1).map(act, tasks_of(tmp_path, names, LONG), Watch(stop, lambda *_: None))
    assert next(outcomes).task.name == "good-1"
    stop.requested = True
    threading.Timer(2.0, (tmp_path / "go-on").touch).start()  # when what waited was taken back
    ended = [outcome.task.name for outcome in outcomes]
    assert ended == (["wait-2"] if begun.exists() else [])
    assert not (tmp_path / "good-8.mark").exists()


def test_stop_ends_patience(runner_of: MakeRunner, tmp_path: Path) -> None:
    """A shard that does not end in time is ended, and has no outcome."""
    stop = Stop()
    outcomes = runner_of(2, 0.1).map(act, tasks_of(tmp_path, ["good-1", "wait-1"], LONG), Watch(stop))
    assert next(outcomes).task.name == "good-1"
    wait_until(lambda: (tmp_path / "wait-1.mark").exists() and (tmp_path / "wait-1.mark").read_text() != "")
    stop.requested = True
    assert list(outcomes) == []
    worker = int((tmp_path / "wait-1.mark").read_text())
    wait_until(lambda: gone(worker))


def test_runs_have_the_same_bytes(runner_of: MakeRunner, tmp_path: Path) -> None:
    """Whatever a runner does, findings and receipts are the same; deadly shards are set aside."""
    place = furnish(tmp_path)
    write_lines(place / "corpus" / "8.jsonl", [{"text": "KILL-WORKER"}])
    scan(place, "local", workers=1)
    outcome = scan(place, "run", runner=runner_of())
    assert set(outcome.quarantined) == {"8.jsonl"}
    assert result(place / "run") == result(place / "local")
