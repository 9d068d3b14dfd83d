"""Jobs, lanes, the one worker, and the supervisor."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from countermark.web.upkeep import lanes
from countermark.web.upkeep.lanes import Job, Lane
from countermark.web.upkeep.models import Beat
from countermark.web.upkeep.only import OnlyWorker
from countermark.web.upkeep.supervision import Part, Supervisor
from countermark.web.upkeep.worker import Worker


class Clock:
    """A monotonic clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that jobs see."""
    made = Clock()
    monkeypatch.setattr(lanes, "time", made)
    return made


def noted(into: list[Any], what: object) -> int:
    """Note it; a job that did nothing else."""
    into.append(what)
    return 0


def broken() -> int:
    """A job that the database lets down."""
    raise OperationalError("database is locked")


def test_an_eager_job_goes_on_while_there_is_work(db: None, clock: Clock) -> None:
    """It is due at once after work, and after its interval when there was none."""
    left = [3, 2, 0]
    job = Job("roll", 1.0, lambda: left.pop(0), eager=True)
    assert job.run()
    assert job.due == 1000.0
    job.run()
    job.run()
    assert job.due == 1001.0


def test_a_failing_job_waits_longer_each_time_and_is_named(
    db: None, clock: Clock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2, 4, 8 … seconds, a minute at most; one success begins anew."""
    monkeypatch.setattr(lanes.log, "propagate", True)
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    job = Job("figures", 1.0, broken)
    waits = []
    for _ in range(8):
        assert not job.run()
        waits.append(job.due - clock.now)
    assert waits == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    assert job.failures == 8
    hourly = Job("retention", 3600.0, broken)
    hourly.run()
    assert hourly.due - clock.now == 120.0
    job.work = lambda: 0
    assert job.run()
    assert (job.failures, job.due) == (0, 1001.0)


def test_not_possible_now_is_tried_later_without_an_alarm(db: None, clock: Clock) -> None:
    """A mail server that is away is no fault of the job's."""
    job = Job("mail", 1.0, lambda: -1, eager=True)
    assert not job.run()
    assert job.due == 1002.0


def test_one_failure_leaves_the_others_alone(db: None, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """All jobs of a round are done."""
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    done: list[str] = []
    lane = Lane(
        "roll", [Job("one", 1.0, broken), Job("two", 1.0, lambda: noted(done, "two"))], threading.Event()
    )
    assert lane.round() == 1
    assert done == ["two"]
    assert Beat.objects.get().lane == "roll"


def test_signs_of_life_come_every_five_seconds(db: None, clock: Clock) -> None:
    """More often would only cost writes."""
    lane = Lane("roll", [], threading.Event())
    lane.beat()
    first = Beat.objects.get().at
    lane.beat()
    assert Beat.objects.get().at == first
    clock.now += 5
    lane.beat()
    assert Beat.objects.get().at > first


def test_a_step_of_the_clock_changes_no_interval(db: None, clock: Clock) -> None:
    """Jobs look at the monotonic clock: nothing is due because the wall clock jumped."""
    import time_machine

    runs: list[int] = []
    lane = Lane("roll", [Job("one", 60.0, lambda: noted(runs, 1))], threading.Event())
    lane.round()
    with time_machine.travel("2031-01-01"):
        lane.round()
    with time_machine.travel("2001-01-01"):
        lane.round()
    assert len(runs) == 1
    clock.now += 60
    lane.round()
    assert len(runs) == 2


def test_a_second_worker_waits(db: None) -> None:
    """The lock is free again once the first is gone."""
    tries: list[bool] = []
    with OnlyWorker() as first:
        first.wait(lambda _: True)
        with OnlyWorker() as second:
            second.wait(lambda told: bool(noted(tries, told)) or len(tries) == 3)
    assert tries == [True, False, False]
    with OnlyWorker() as third:
        third.wait(lambda _: pytest.fail("the lock is free"))


def test_once_does_every_job(db: None) -> None:
    """`countermark worker --once` goes round once and counts failures."""
    done: list[str] = []
    jobs = {
        "roll": [Job("a", 1.0, lambda: noted(done, "a"))],
        "mail": [Job("b", 1.0, lambda: noted(done, "b")), Job("c", 1.0, lambda: -1)],
    }
    assert Worker(jobs).once() == 1
    assert done == ["a", "b"]


def test_supervisor_starts_again_what_dies_and_stops_all(tmp_path: Path) -> None:
    """A killed part comes back; SIGTERM ends the supervisor and what its parts left."""
    log = tmp_path / "log"
    program = "import os, time; open(os.environ['LOG'], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
    told: list[str] = []
    part = Part("The part", [sys.executable, "-c", program], os.environ | {"LOG": str(log)})
    supervisor = Supervisor([part], told.append)

    def play() -> None:
        while not log.exists() or not log.read_text().strip():
            time.sleep(0.02)
        os.kill(int(log.read_text()), signal.SIGKILL)
        while len(log.read_text().split()) < 2:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    player = threading.Thread(target=play)
    player.start()
    begun = time.monotonic()
    supervisor.run()
    player.join()
    assert time.monotonic() - begun < 20
    assert told == ["The part ended (signal 9); it starts again in 0.5 s."]
    last = int(log.read_text().split()[-1])
    with pytest.raises(ProcessLookupError):
        os.kill(last, 0)


def test_a_part_that_never_lives_is_started_ever_more_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash at the start does not become a busy loop."""
    part = Part("The part", [sys.executable, "-c", ""], os.environ)
    supervisor = Supervisor([part], lambda _: None)
    delays = []
    for _ in range(8):
        part.not_before = 0.0
        supervisor._look_after(part)
        assert part.process is not None
        part.process.wait()
        supervisor._look_after(part)
        delays.append(part.delay)
    assert delays == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
