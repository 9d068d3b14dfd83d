"""The local runner: nothing is lost or done twice, whatever shards do to their workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from countermark.errors import OutputError, RunError
from countermark.scan.runners.base import Completed, Failed, Stop, Watch
from countermark.scan.runners.local import TINY, LocalRunner, usable_cores
from scan.runner_doubles import act, tasks_of


def run(scratch: Path, names: list[str], workers: int = 2, watch: Watch | None = None) -> dict[str, object]:
    """All outcomes by the name of their task."""
    outcomes = list(LocalRunner(workers).map(act, tasks_of(scratch, names), watch or Watch()))
    assert len({outcome.task.name for outcome in outcomes}) == len(outcomes)
    return {outcome.task.name: outcome for outcome in outcomes}


def gone(process: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def wait_until(condition, seconds: float = 30) -> None:  # type: ignore[no-untyped-def]
    """Wait until a condition holds; fail when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_every_task_has_one_outcome(tmp_path: Path) -> None:
    """Deaths, exits and errors end in quarantine after two attempts; what failed once only is done."""
    good = [f"good-{number}" for number in range(5)]
    outcomes = run(tmp_path, [*good, "kill-1", "exit-1", "raise-1", "killonce-1", "raiseonce-1"])
    completed = {name for name, outcome in outcomes.items() if isinstance(outcome, Completed)}
    assert completed == {*good, "killonce-1", "raiseonce-1"}
    failed = {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Failed)}
    assert failed["kill-1"].reasons == ("its worker was killed by SIGKILL",) * 2
    assert failed["exit-1"].reasons == ("its worker ended with exit code 3",) * 2
    assert failed["raise-1"].reasons == ("ValueError: not today",) * 2
    assert "runner_doubles.py" in failed["raise-1"].detail
    assert len(outcomes) == 10


def test_scanning_happens_in_another_process(tmp_path: Path) -> None:
    """Even one worker is a process of its own: a shard cannot take the run down with it."""
    run(tmp_path, ["good-1"], workers=1)
    assert (tmp_path / "good-1.mark").read_text() != str(os.getpid())


def test_no_tasks_start_no_workers(tmp_path: Path) -> None:
    """A run with nothing to do ends at once."""
    assert run(tmp_path, []) == {}


@pytest.mark.parametrize("name", ["full-1", "enospc-1"])
def test_full_disk_ends_the_run(tmp_path: Path, name: str) -> None:
    """An error that concerns the whole run is raised, and is nobody's quarantine."""
    with pytest.raises(OutputError, match="no room left"):
        run(tmp_path, ["good-1", name])


def test_progress_is_told_and_taken_back(tmp_path: Path) -> None:
    """A task that fails is told as 0 bytes, for it begins again."""
    told: list[tuple[str, int]] = []
    watch = Watch(progress=lambda task, count: told.append((task.name, count)))
    run(tmp_path, ["killonce-1"], watch=watch)
    assert ("killonce-1", 0) in told


def test_stop_lets_shards_under_way_end(tmp_path: Path) -> None:
    """After a stop no task begins; those under way end, and a tiny one that waits behind another."""
    for size, ended in ((TINY, ["good-1"]), (100, ["good-1", "good-2"])):
        stop = Stop()
        tasks = tasks_of(tmp_path, ["good-1", "good-2", "good-3"], size)
        outcomes = LocalRunner(1).map(act, tasks, Watch(stop))
        first = next(outcomes)
        stop.requested = True
        assert [first.task.name, *(outcome.task.name for outcome in outcomes)] == ended
        assert not (tmp_path / "good-3.mark").exists()


def test_what_waits_behind_a_deadly_shard_is_not_blamed(tmp_path: Path) -> None:
    """Tiny shards wait at a worker; when it dies, the one under way is to blame, and the other is scanned."""
    outcomes = run(tmp_path, ["kill-1", "good-2", "good-3", "kill-4"], workers=1)
    assert isinstance(outcomes["good-2"], Completed)
    assert isinstance(outcomes["good-3"], Completed)
    for name in ("kill-1", "kill-4"):
        failed = outcomes[name]
        assert isinstance(failed, Failed)
        assert len(failed.reasons) == 2


def test_stop_ends_patience(tmp_path: Path) -> None:
    """A shard that does not end in time is ended, and has no outcome."""
    stop = Stop()
    outcomes = LocalRunner(2, patience=0.1).map(act, tasks_of(tmp_path, ["good-1", "wait-1"]), Watch(stop))
    assert next(outcomes).task.name == "good-1"
    wait_until((tmp_path / "wait-1.mark").exists)
    stop.requested = True
    assert list(outcomes) == []
    worker = int((tmp_path / "wait-1.mark").read_text())
    wait_until(lambda: gone(worker))


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """When the run is killed, its workers do not live on and disturb the next run."""
    script = (
        "import sys, pathlib\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from scan.runner_doubles import act, tasks_of\n"
        "from countermark.scan.runners.base import Watch\n"
        "from countermark.scan.runners.local import LocalRunner\n"
        "if __name__ == '__main__':\n"
        f"    tasks = tasks_of(pathlib.Path({str(tmp_path)!r}), ['wait-1', 'wait-2'])\n"
        "    list(LocalRunner(2).map(act, tasks, Watch()))\n"
    )
    (tmp_path / "parent.py").write_text(script)
    parent = subprocess.Popen([sys.executable, str(tmp_path / "parent.py")])
    marks = [tmp_path / "wait-1.mark", tmp_path / "wait-2.mark"]
    wait_until(lambda: all(mark.exists() and mark.read_text() for mark in marks))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_until(lambda: all(gone(int(mark.read_text())) for mark in marks))


def test_workers_that_do_not_start_are_told(tmp_path: Path) -> None:
    """When no worker can start, the shards are not blamed."""
    (tmp_path / "parent.py").write_text(
        "import sys, pathlib\n"
        "if __name__ != '__main__':\n"
        "    sys.exit(9)\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from scan.runner_doubles import act, tasks_of\n"
        "from countermark.errors import RunError\n"
        "from countermark.scan.runners.base import Watch\n"
        "from countermark.scan.runners.local import LocalRunner\n"
        "try:\n"
        f"    list(LocalRunner(1).map(act, tasks_of(pathlib.Path({str(tmp_path)!r}), ['good-1']), Watch()))\n"
        "except RunError as error:\n"
        "    print(error)\n"
    )
    command = [sys.executable, str(tmp_path / "parent.py")]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.stdout == "worker processes do not start: ended with exit code 9\n"
    assert issubclass(RunError, Exception)


def test_usable_cores_are_counted() -> None:
    """There is at least one core, and no more than the machine has."""
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
