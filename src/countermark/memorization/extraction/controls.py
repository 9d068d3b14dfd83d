"""Which texts may stand as works and as controls: each once, none on both sides, controls later than the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import InputError
from countermark.memorization.extraction.texts import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from countermark.works.work import Work, WorkFile

WORK: Final = "work"
CONTROL: Final = "control"


@dataclass
class Gathered:
    """The works of one role, each with its texts (path, text) in the order read; and what was left out, and why."""

    role: str
    works: dict[str, Work] = field(default_factory=dict)
    texts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    left_out: list[dict[str, Any]] = field(default_factory=list)

    def leave_out(self, where: str, reason: str) -> None:
        """Count what is not asked."""
        self.left_out.append({"role": self.role, "where": where, "reason": reason})

    def joined(self) -> list[str]:
        """One text for each work, as the blind gate reads them."""
        return ["\n".join(text for _, text in texts) for texts in self.texts.values()]


def gather(files: Iterable[WorkFile], role: str, *, after: date | None = None) -> Gathered:
    """Group files by work; a text that was read before is left out, and so are controls not published `after` a day.

    A control without a date is taken at the user's word, which the plan counts. Raises InputError where none is left.
    """
    gathered, seen = Gathered(role), set[str]()
    for file in files:
        work, path = file.work, file.asset.path
        text = file.asset.text.encode("utf-8", "replace").decode()
        digest = digest_of(text)
        if after is not None and work.published is not None and work.published <= after:
            gathered.leave_out(path, "published-before-model")
        elif digest in seen:
            gathered.leave_out(path, "duplicate")
        else:
            seen.add(digest)
            gathered.works.setdefault(work.work_id, work)
            gathered.texts.setdefault(work.work_id, []).append((path, text))
    if not gathered.works:
        why = f" (none of the {len(gathered.left_out):,} was published after {after})" if after else ""
        raise InputError(f"no {role} to ask about is left{why}")
    return gathered


def require_apart(works: Gathered, controls: Gathered) -> None:
    """Raise InputError where a text stands on both sides: a work that is its own control decides nothing."""
    known = {digest_of(text): path for texts in works.texts.values() for path, text in texts}
    for texts in controls.texts.values():
        for path, text in texts:
            if digest_of(text) in known:
                raise InputError(f"{path}: a control with the same text as the work {known[digest_of(text)]}")


def smallest_p(controls: int, works: int) -> tuple[float, float]:
    """The smallest conformal p that so many controls allow, and the same after Holm over so many works."""
    least = 1 / (1 + controls)
    return least, min(1.0, works * least)


def lengths(texts: Sequence[str]) -> dict[str, int]:
    """The shortest, the middle and the longest of some texts, in characters."""
    ordered = sorted(len(text) for text in texts)
    return {"least": ordered[0], "median": ordered[len(ordered) // 2], "most": ordered[-1]}
