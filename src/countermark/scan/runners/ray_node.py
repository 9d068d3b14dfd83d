"""The driver's handle of one node: its actor, the tasks that it has, and the one call that is under way."""

from __future__ import annotations

import time
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING, Any

from countermark.errors import CountermarkError, RunError

if TYPE_CHECKING:
    from countermark.scan.runners.base import Scan
    from countermark.scan.runners.ray_agent import NodeFacts
    from countermark.scan.runners.ray_cluster import ClusterNode
    from countermark.scan.shard import ScanTask

EXCHANGE_SECONDS = 0.5


class Stage(Enum):
    """How far a node is."""

    LOOKING = "looking"
    FURNISHING = "furnishing"
    WORKING = "working"


class LostNodeError(Exception):
    """The node, or the actor on it, is gone."""


class NodeHandle:
    """One node at work for this scan.

    `alone` says that its one task must have no company; `wanted_back` is how many of the tasks that wait there others
    could begin at once.
    """

    def __init__(self, node: ClusterNode, slots: int, scan: Scan) -> None:
        import ray  # noqa: PLC0415
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415

        from countermark.scan.runners.ray_agent import NodeAgent  # noqa: PLC0415

        self.node, self.slots = node, slots
        self.stage = Stage.LOOKING
        self.facts: NodeFacts | None = None
        self.under_way: dict[str, ScanTask] = {}
        self.alone = False
        self.wanted_back = 0
        self.call: Any = None
        self.called = time.monotonic()
        remote = ray.remote(NodeAgent).options(
            num_cpus=slots,
            max_restarts=0,
            max_task_retries=0,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node.id, soft=False),
            enable_task_events=False,
        )
        self.agent: Any = remote.remote(scan, slots, node.address)

    @property
    def name(self) -> str:
        """The node's name for people."""
        return f"{self.facts.name} ({self.node.address})" if self.facts else self.node.address

    @property
    def ready(self) -> bool:
        """Whether it takes tasks."""
        return self.stage is Stage.WORKING

    def ask(self, method: str, *given: Any) -> None:
        """Call a method of the actor; `answer` is what it returns."""
        self.call = getattr(self.agent, method).remote(*given)
        self.called = time.monotonic()

    def exchange(self, tasks: list[ScanTask]) -> None:
        """Give tasks, take back what is wanted, and ask for news."""
        back, self.wanted_back = self.wanted_back, 0
        self.ask("exchange", tasks, back, EXCHANGE_SECONDS)

    def answer(self) -> Any:
        """What the call returned. Raises LostNodeError, and CountermarkError that the node raised."""
        import ray  # noqa: PLC0415

        call, self.call = self.call, None
        try:
            return ray.get(call)
        except ray.exceptions.RayTaskError as error:
            cause = error.cause
            if isinstance(cause, CountermarkError):
                raise cause from None
            raise RunError(f"node {self.name}: {type(cause).__name__}: {cause}") from error
        except ray.exceptions.RayActorError as error:
            if getattr(error, "actor_init_failed", False):
                lines = str(error).strip().splitlines()
                said = f"node {self.name}: Countermark cannot be started there: {lines[-1].strip()}"
                raise RunError(said) from error
            raise LostNodeError(_reason(error)) from error
        except ray.exceptions.RayError as error:
            raise LostNodeError(_reason(error)) from error

    def dismiss(self) -> None:
        """End the actor; its workers end with it."""
        import ray  # noqa: PLC0415

        with suppress(Exception):  # it may be gone, and so may Ray
            ray.kill(self.agent, no_restart=True)


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
