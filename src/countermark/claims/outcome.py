"""What one step of the funnel says of one work: passed or not, a reason as a key, the facts, and what would help.

Reasons are keys, never sentences, so that every language and every file says the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step. `facts` are plain JSON; `saves` is empty or `{"key": …, further facts}`, a day under `by`."""

    step: str
    passed: bool
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    saves: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The step as it stands in works.jsonl."""
        # A number that is 0 is said; an empty text, list or None is not.
        facts = {name: value for name, value in self.facts.items() if value or type(value) in (int, bool)}
        return {"step": self.step, "passed": self.passed, "reason": self.reason, "facts": facts}


GOOD_NEWS = ("public-domain", "free-licence", "licensed", "permitted-to-anyone")
"""Reasons that are good news: the work may be used, so there is nothing to claim."""
