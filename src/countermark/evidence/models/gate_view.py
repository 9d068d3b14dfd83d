"""What a page says where the blind gate voids the comparison of works with controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.models.figures import figure

if TYPE_CHECKING:
    from countermark.language import Language


def void_lines(result: dict[str, Any], say: Language) -> list[str]:
    """Why, and what to do; nothing where the comparison stands."""
    if result["comparison"] != "void":
        return []
    gate = result["gate"]
    key = "extract.void.length" if gate.get("by_length") is True else "extract.void"
    facts = {"auc": figure(gate["auc"], say)}
    if key == "extract.void":
        facts["limit"] = figure(gate["limit"], say)
    return [say.say(key, **facts), say.say(f"{key}.next")]
