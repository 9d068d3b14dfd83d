"""Whether the statement can be signed now, and which text is; answered from memory for a few seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.web.statement.models import Statement
from countermark.web.statement.recent import recent
from countermark.web.statement.texts import in_force

if TYPE_CHECKING:
    from datetime import datetime

    from countermark.web.statement.texts import InForce


def statement() -> Statement | None:
    """The statement of this site, read at most a few seconds ago; None on a site without one."""
    return recent("statement", lambda: Statement.objects.filter(pk=1).first())


def text(language: str) -> InForce | None:
    """The text in force in a language, read at most a few seconds ago."""
    return recent(f"text {language}", lambda: in_force(language))


def is_open(now: datetime) -> bool:
    """Whether the statement can be signed at `now`: it is opened and not closed."""
    found = statement()
    if found is None or now < found.opened_at:
        return False
    return found.closes_at is None or now < found.closes_at
