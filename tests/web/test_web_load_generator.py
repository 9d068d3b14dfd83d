"""The generator of load that the benchmarks of the site use: honest latencies, this machine only, bounded."""

from __future__ import annotations

import asyncio
import importlib
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

ROOT = Path(__file__).parents[2]
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Imports a module of benchmarks/load."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return lambda name: importlib.import_module(f"load.{name}")


def served(load: Callable[[str], Any], answer: Handler, instants: list[float]) -> Any:
    """The outcome of GET / at the instants, from a server of this process that answers with `answer`."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def work(_number: int, connection: Any) -> str:
        answered = await connection.request("GET", "/")
        return f"{answered.status} {answered.body.decode()}"

    async def run() -> Any:
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        outcome = await load("openloop").run(
            load("connection").target(f"http://127.0.0.1:{port}"), instants, work
        )
        server.close()
        return outcome

    return asyncio.run(run())


def test_arrivals_are_fixed_before_the_run(load: Callable[[str], Any]) -> None:
    """The same seed gives the same instants, ascending, about as many as asked; even ones exactly."""
    arrivals = load("arrivals").arrivals
    instants = arrivals(200, 10, seed=3)
    assert instants == arrivals(200, 10, seed=3) == sorted(instants)
    assert 1800 < len(instants) < 2200
    assert 0 <= instants[0] <= instants[-1] < 10
    assert arrivals(4, 1, poisson=False) == [0, 0.25, 0.5, 0.75]


@pytest.mark.parametrize(("rate", "seconds"), [(0, 1), (2001, 1), (1, 301), (2000, 51), (-1, 1)])
def test_arrivals_are_bounded(load: Callable[[str], Any], rate: float, seconds: float) -> None:
    """No run without a bound in count and time."""
    with pytest.raises(ValueError, match="accepted are up to"):
        load("arrivals").arrivals(rate, seconds)


@pytest.mark.parametrize(
    "origin",
    [
        "http://192.168.1.1:80",
        "http://example.org:80",
        "https://127.0.0.1:1",
        "http://127.0.0.1",
        "127.0.0.1:80",
    ],
)
def test_only_this_machine_is_a_target(load: Callable[[str], Any], origin: str) -> None:
    """Any address that is not a loopback address with a port is refused."""
    with pytest.raises(ValueError, match="this machine only"):
        load("connection").target(origin)


def test_latency_counts_from_the_instant_that_was_due(load: Callable[[str], Any]) -> None:
    """A server that stands still for a moment is charged for everybody who came meanwhile."""
    answered: list[float] = []

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not answered:
            time.sleep(0.3)  # the whole process stands still, the generator too
        answered.append(time.perf_counter())
        writer.write(PLAIN)

    outcome = served(load, answer, [number * 0.01 for number in range(20)])
    assert outcome.answers == {"200 ok": 20}
    assert sum(latency > 0.15 for latency in outcome.latencies["200 ok"]) > 10
    assert outcome.percentile(0.99) > 250
    assert outcome.late_s > 0.2  # and the generator owns up to its own delay


def test_connections_are_kept(load: Callable[[str], Any]) -> None:
    """Requests one after the other go over one connection; a chunked answer is read to its end."""
    seen = set()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.add(writer.get_extra_info("peername"))
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")

    outcome = served(load, answer, [number * 0.02 for number in range(5)])
    assert outcome.answers == {"200 abc": 5}
    assert len(seen) == 1


def test_what_fails_is_counted_and_has_no_latency(load: Callable[[str], Any]) -> None:
    """A connection that the server closes in the middle is an error, not a fast answer."""

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(PLAIN[:-1])
        await writer.drain()
        writer.close()

    outcome = served(load, answer, [0.0, 0.01])
    assert outcome.answers == {"BrokenConnectionError": 2}
    assert outcome.latencies == {}
    assert outcome.percentile(0.5) == 0


def test_work_that_is_not_done_is_a_timeout(
    load: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that never answers does not hold the run."""
    monkeypatch.setattr(load("openloop"), "PATIENCE_S", 0.1)

    async def answer(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        """Say nothing."""

    assert served(load, answer, [0.0, 0.0]).answers == {"timeout": 2}


def test_percentiles_are_by_nearest_rank(load: Callable[[str], Any]) -> None:
    """Of 1..100 ms the 99th percentile is 99 ms."""
    outcome = load("openloop").Outcome(
        latencies={"303": [number / 1000 for number in range(100, 0, -1)], "200": [0.5]}
    )
    assert outcome.percentile(0.99, "303") == pytest.approx(99)
    assert outcome.percentile(0.5, "303") == pytest.approx(50)
    assert outcome.percentile(1) == pytest.approx(500)


def test_cpu_of_a_family_of_processes(load: Callable[[str], Any]) -> None:
    """The CPU that a grandchild spends is counted, unless it is left out."""
    spend = "import time\nwhile time.process_time() < .2: pass\nprint(1, flush=True)\ntime.sleep(20)"
    script = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {spend!r}])"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "1\n"
        processes = load("processes")
        family = processes.family(child.pid)
        spent = processes.cpu_seconds(child.pid)
        spent_without = processes.cpu_seconds(child.pid, without=family[-1])
        for pid in family:
            subprocess.run(["kill", str(pid)], check=True)
    assert len(family) == 2
    assert spent >= 0.19
    assert spent_without < spent - 0.15
