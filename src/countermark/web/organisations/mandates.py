"""Accepting an invitation gives the mandate that it was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from countermark.web.accounts.invitations import accepted
from countermark.web.accounts.models import Role
from countermark.web.organisations.models import Organisation, Representative, State

if TYPE_CHECKING:
    from countermark.web.accounts.models import Invitation, Organiser


def grant(invitation: Invitation, user: Organiser, **_: Any) -> None:
    """Give the mandate, if the organisation still is verified."""
    if invitation.role != Role.REPRESENTATIVE:
        return
    organisation = Organisation.objects.filter(pk=invitation.subject or 0, state=State.VERIFIED).first()
    if organisation is not None:
        Representative.objects.get_or_create(
            user=user, organisation=organisation, defaults={"granted_at": timezone.now()}
        )


def listen() -> None:
    """Hear of every invitation that is accepted."""
    accepted.connect(grant, dispatch_uid="organisations.mandates")
