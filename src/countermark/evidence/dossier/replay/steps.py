"""What a replay tells: its steps, how each came out, and whether the finding is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Held(StrEnum):
    """How a step came out. Only `no` makes the replay fail."""

    YES = "yes"
    NO = "no"
    SKIPPED = "not checked"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how it came out, and what was seen.

    Its name is `file`, `record`, `passage`, `copy` (of a picture), `excerpts` (of a recording) or `search`.
    """

    name: str
    held: Held
    said: str


@dataclass(frozen=True, slots=True)
class Replay:
    """A finding, replayed."""

    finding_id: str
    work_title: str
    steps: tuple[Step, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs, and the search itself was done again."""
        held = {step.name: step.held for step in self.steps}
        return Held.NO not in held.values() and held.get("search") is Held.YES
