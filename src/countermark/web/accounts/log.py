"""The log of what people with rights did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from countermark.web.accounts.models import Logged

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from countermark.web.accounts.models import Organiser


def record(actor: Organiser | AnonymousUser | str, action: str, subject: str = "", **details: Any) -> None:
    """Write one line; `details` are JSON values without personal data of signatories."""
    name = actor if isinstance(actor, str) else actor.get_username()
    Logged.objects.create(
        at=timezone.now(), actor=name[:150], action=action[:60], subject=subject[:120], details=details
    )
