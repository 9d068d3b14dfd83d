"""Ask the sequencer to append something about a number that is already on the roll."""

from __future__ import annotations

from django.utils import timezone

from countermark.web.roll.models import Change


def request_change(kind: str, number: int, reason: str = "") -> None:
    """Queue a change of entry `number` in the caller's transaction; `kind` as in `roll.models.Change`."""
    Change.objects.create(kind=kind, number=number, reason=reason, created_at=timezone.now())
