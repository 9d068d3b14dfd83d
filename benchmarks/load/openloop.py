"""An open loop: work begins when it is due, whether or not the work before it is done."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from load.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from load.connection import Target

    Work = Callable[[int, Connection], Awaitable[str]]

MOST_CONNECTIONS = 256
PATIENCE_S = 10.0


@dataclass(slots=True)
class Outcome:
    """What came of a run: how often each answer came, and the latencies in seconds by answer, from when work was due.

    `late_s` is by how much the generator itself began late, at most: figures of a run where that is large say nothing
    about the server.
    """

    answers: Counter[str] = field(default_factory=Counter)
    latencies: dict[str, list[float]] = field(default_factory=dict)
    late_s: float = 0.0
    seconds: float = 0.0

    def percentile(self, share: float, answer: str = "") -> float:
        """The latency in milliseconds that this share of the work stayed within (nearest rank); 0 for no work.

        Of all work, or of what had one answer.
        """
        kept = [answer] if answer else list(self.latencies)
        ordered = sorted(latency for name in kept for latency in self.latencies.get(name, ()))
        if not ordered:
            return 0.0
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000


class Pool:
    """Connections that are free, the last used first; opens more up to MOST_CONNECTIONS, then work waits for one."""

    def __init__(self, server: Target) -> None:
        self._server = server
        self._free: list[Connection] = []
        self._room = asyncio.Semaphore(MOST_CONNECTIONS)

    async def take(self) -> Connection:
        """A free connection, or a new one."""
        await self._room.acquire()
        return self._free.pop() if self._free else Connection(self._server)

    def give_back(self, connection: Connection) -> None:
        """The connection is free again."""
        self._free.append(connection)
        self._room.release()

    def close(self) -> None:
        """Close what is free."""
        for connection in self._free:
            connection.close()


async def run(server: Target, instants: Sequence[float], work: Work) -> Outcome:
    """Begin `work(number, connection)` at each instant (seconds from now) and wait until all is done.

    Work answers with a word that is counted ("303", "no token"); an OSError counts by its name, and work that is not
    done PATIENCE_S after it began as "timeout". What failed has no latency. The run ends PATIENCE_S after the last
    instant at the latest, plus what waits for a connection.
    """
    outcome = Outcome()
    pool = Pool(server)
    begin = time.perf_counter()

    async def one(number: int, due: float) -> None:
        connection = await pool.take()
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await work(number, connection)
        except TimeoutError:
            connection.close()
            outcome.answers["timeout"] += 1
        except OSError as error:
            connection.close()
            outcome.answers[type(error).__name__] += 1
        else:
            outcome.latencies.setdefault(answer, []).append(time.perf_counter() - due)
            outcome.answers[answer] += 1
        finally:
            pool.give_back(connection)

    async with asyncio.TaskGroup() as group:
        for number, instant in enumerate(instants):
            due = begin + instant
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            outcome.late_s = max(outcome.late_s, time.perf_counter() - due)
            group.create_task(one(number, due))
    outcome.seconds = time.perf_counter() - begin
    pool.close()
    return outcome
