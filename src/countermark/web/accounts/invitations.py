"""Accounts are made by invitation: a signed link that serves once, within seven days.

Rooms above listen to `accepted` to give what the role is for; it is sent in the transaction that makes the account,
with `invitation` and `user`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from allauth.account.models import EmailAddress
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from countermark.web.accounts.log import record
from countermark.web.accounts.models import Invitation, Organiser, Role
from countermark.web.config.tokens import make_token, new_uid, read_token

if TYPE_CHECKING:
    from datetime import datetime

PURPOSE: Final = "invitation"
LIFETIME: Final = timedelta(days=7)
KEPT: Final = timedelta(days=30)
accepted = Signal()


def invite(email: str, role: Role, subject: int | None = None) -> str:
    """Make an invitation and return its token; the caller sends it to `email` and to nobody else.

    Earlier invitations of the same address to the same are void.
    """
    email = email.strip().lower()
    with transaction.atomic():
        Invitation.objects.filter(email=email, role=role, subject=subject, accepted_at=None).delete()
        made = Invitation.objects.create(
            uid=new_uid(), email=email, role=role, subject=subject, created_at=timezone.now()
        )
    return make_token(PURPOSE, bytes(made.uid))


def open_invitation(token: str, *, lock: bool = False) -> Invitation | None:
    """The invitation of a token, if it is ours, not used, and not older than its lifetime."""
    uid = read_token(PURPOSE, token)
    if uid is None:
        return None
    rows = Invitation.objects.select_for_update() if lock else Invitation.objects.all()
    return rows.filter(uid=uid, accepted_at=None, created_at__gt=timezone.now() - LIFETIME).first()


def account_of(email: str) -> Organiser | None:
    """The account that holds a verified mail address."""
    held = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    return held.user if held else None


@transaction.atomic
def accept_new(token: str, password: str) -> Organiser | None:
    """Make the account of an invitation; None where it is not open any more or the address has an account."""
    invitation = open_invitation(token, lock=True)
    if invitation is None or account_of(invitation.email):
        return None
    user = Organiser(username=invitation.email, email=invitation.email)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=invitation.email, verified=True, primary=True)
    _accept(invitation, user)
    return user


@transaction.atomic
def accept_as(token: str, user: Organiser) -> bool:
    """Give an account that exists the role it is invited to; tell whether that was possible.

    The account must hold the mail address that was invited.
    """
    invitation = open_invitation(token, lock=True)
    if invitation is None or account_of(invitation.email) != user:
        return False
    _accept(invitation, user)
    return True


def _accept(invitation: Invitation, user: Organiser) -> None:
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    if invitation.role != Role.REPRESENTATIVE:
        user.is_staff = True
        user.is_superuser = user.is_superuser or invitation.role == Role.ADMINISTRATOR
        user.save(update_fields=["is_staff", "is_superuser"])
    record(user, "invitation accepted", f"{invitation.role} {invitation.subject or ''}".strip())
    accepted.send(sender=Invitation, invitation=invitation, user=user)


def forget_old(now: datetime) -> int:
    """Delete invitations that were made more than thirty days ago; return how many."""
    return Invitation.objects.filter(created_at__lt=now - KEPT).delete()[0]
