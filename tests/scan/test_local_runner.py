"""What only the local runner does; what all runners promise is asked of it in test_ray_runner.py."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from countermark.errors import RunError
from countermark.scan.runners.base import Completed, Failed, Stop, Watch
from countermark.scan.runners.local import TINY, LocalRunner, usable_cores
from scan.furnished import wait_until
from scan.runner_doubles import act, tasks_of


def gone(process: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


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
    tasks = tasks_of(tmp_path, ["kill-1", "good-2", "good-3", "kill-4"])
    outcomes = {outcome.task.name: outcome for outcome in LocalRunner(1).map(act, tasks, Watch())}
    assert len(outcomes) == len(tasks)
    assert isinstance(outcomes["good-2"], Completed)
    assert isinstance(outcomes["good-3"], Completed)
    for name in ("kill-1", "kill-4"):
        failed = outcomes[name]
        assert isinstance(failed, Failed)
        assert len(failed.reasons) == 2


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
