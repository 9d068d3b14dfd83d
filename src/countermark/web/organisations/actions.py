"""What can happen to an organisation: it signs, proves its mandate, is verified or refused, withdraws."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from countermark.web.abuse.emails import email_key
from countermark.web.accounts.invitations import invite
from countermark.web.accounts.log import record
from countermark.web.accounts.models import Invitation, Role
from countermark.web.config.tokens import make_token, new_uid
from countermark.web.config.turns import aside
from countermark.web.mail.outbox import drop, queue
from countermark.web.organisations import proofs
from countermark.web.organisations.domains import speaks_for
from countermark.web.organisations.models import Organisation, Proof, State
from countermark.web.roll.changes import empty_entry, request_change

if TYPE_CHECKING:
    from countermark.web.accounts.models import Organiser

PURPOSE: Final = "organisation"
CONSENTS: Final = 1  # the version of the wording of the boxes in the form
WAIT_BETWEEN: Final = timedelta(seconds=20)  # between two looks at a domain that somebody asks for
WAIT_RECHECK: Final = timedelta(hours=1)
PENDING_FOR: Final = timedelta(days=30)
# looks at a time in one process: slow domains of strangers hold no more threads than that
_LOOKS: Final = BoundedSemaphore(4)
MAILS: Final = tuple(f"organisation_{word}" for word in ("confirm", "known", "verified", "invitation"))


@dataclass(frozen=True, slots=True)
class Application:
    """The form, checked: `domain` as `domains.normalised` gives it."""

    name: str
    kind: str
    domain: str
    country: str
    members_stated: int | None
    representative: str
    role: str
    email: str
    contact: bool
    language: str
    text_version: int


@transaction.atomic
def sign(application: Application) -> None:
    """Take an application and write to its representative.

    What anybody could learn from the page is the same in every case; what is known already is told by mail. Every
    application is a row of its own, so that nobody changes what another wrote.
    """
    known = Organisation.objects.filter(domain=application.domain, state=State.VERIFIED).first()
    if known is None:
        _new(application)
    elif known.email and email_key(known.email) == email_key(application.email):
        _write("organisation_verified", known)
    else:
        context = {
            "name": application.name,
            "domain": known.domain_shown,
            "known": known.name,
            "slug": known.slug,
        }
        address = application.email
        queue("organisation_known", address, email_key(address), application.language, context)


def _new(application: Application) -> None:
    row = Organisation.objects.create(
        uid=new_uid(),
        slug=f"pending-{secrets.token_hex(16)}",
        name=application.name,
        kind=application.kind,
        domain=application.domain,
        country=application.country,
        members_stated=application.members_stated,
        representative=application.representative,
        role=application.role,
        email=application.email,
        contact=application.contact,
        consent_version=CONSENTS,
        language=application.language,
        text_version=application.text_version,
        created_at=timezone.now(),
    )
    _write("organisation_confirm", row)


def _write(kind: str, row: Organisation, **more: str) -> None:
    """Queue a mail to the representative of an organisation."""
    context = {
        "token": make_token(PURPOSE, bytes(row.uid)),
        "name": row.name,
        "domain": row.domain_shown,
        "slug": row.slug,
        **more,
    }
    queue(kind, row.email, email_key(row.email), row.language, context, priority=2)


def _drop_mails(row: Organisation) -> None:
    """Drop what is queued to a representative as such; mails about a signature of their own still go."""
    if row.email:
        drop(email_key(row.email), MAILS)


def verify_by_mail(organisation: Organisation) -> bool:
    """Verify an organisation whose representative came by the link that was mailed to an address of its domain.

    The caller has read the token of that link. Tells whether the organisation is verified now.
    """
    if not speaks_for(organisation.email, organisation.domain):
        return False
    return _verify(organisation.pk, Proof.MAIL, (State.PENDING,))


def check_domain(organisation: Organisation, *, again_after: timedelta = WAIT_BETWEEN) -> bool:
    """Look at the domain for the proof, and verify where it is found; tells whether the organisation is verified now.

    Nothing is looked at within `again_after` of the last time. Reaches out to the internet, so not in a transaction.
    """
    now = timezone.now()
    due = Organisation.objects.filter(pk=organisation.pk, state=State.PENDING)
    if not (
        due.filter(checked_at=None).update(checked_at=now)
        or due.filter(checked_at__lte=now - again_after).update(checked_at=now)
    ):
        return Organisation.objects.filter(pk=organisation.pk, state=State.VERIFIED).exists()
    if not _LOOKS.acquire(blocking=False):
        due.update(outcome="no-answer,too-slow")  # the worker looks again
        return False
    try:
        with aside():
            found = proofs.look(organisation.domain, organisation.proof_token)
    finally:
        _LOOKS.release()
    if found.proof:
        return _verify(organisation.pk, found.proof, (State.PENDING,))
    due.update(outcome=f"{found.dns},{found.file}")
    return False


def verify_by_hand(organisation: Organisation, actor: Organiser | str) -> bool:
    """A moderator verifies, having seen the mandate; also one that was refused. Tells whether it is verified now."""
    done = _verify(organisation.pk, Proof.BY_HAND, (State.PENDING, State.REFUSED))
    record(actor, "organisation verified by hand", f"organisation {organisation.pk}", verified=done)
    return done


@transaction.atomic
def refuse(organisation: Organisation, actor: Organiser | str, reason: str = "") -> bool:
    """A moderator refuses an organisation that is not verified; tells whether that changed anything."""
    changed = Organisation.objects.filter(pk=organisation.pk, state=State.PENDING).update(state=State.REFUSED)
    if changed:
        _drop_mails(organisation)
        record(actor, "organisation refused", f"organisation {organisation.pk}", reason=reason[:200])
    return bool(changed)


def _verify(pk: int, proof: Proof, from_states: tuple[State, ...]) -> bool:
    try:
        with transaction.atomic():
            return _verify_locked(pk, proof, from_states)
    except IntegrityError:  # another of the same domain, or of the same slug, was verified at this moment
        return False


def _verify_locked(pk: int, proof: Proof, from_states: tuple[State, ...]) -> bool:
    row = Organisation.objects.select_for_update().filter(pk=pk).first()
    if row is None or row.state == State.VERIFIED:
        return row is not None
    if row.state not in from_states or taken(row):
        return False
    row.state, row.proof, row.verified_at = State.VERIFIED, proof, timezone.now()
    row.slug, row.outcome = _free_slug(row), ""
    row.save(update_fields=["state", "proof", "verified_at", "slug", "outcome"])
    own = Organisation.objects.filter(domain=row.domain, email=row.email, state=State.PENDING)
    own.delete()
    _write("organisation_verified", row)
    return True


def taken(row: Organisation) -> bool:
    """Whether another organisation is verified with the same domain."""
    return Organisation.objects.filter(domain=row.domain, state=State.VERIFIED).exclude(pk=row.pk).exists()


def _free_slug(row: Organisation) -> str:
    base = (slugify(row.name) or slugify(row.domain.replace(".", "-")))[:64].strip("-") or "organisation"
    while base in ("sign", "sent"):
        base = f"{base}-{slugify(row.domain.replace('.', '-'))}"[:64].strip("-")
    used = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in used:
        number += 1
    return slug


@transaction.atomic
def withdraw(organisation: Organisation) -> bool:
    """Take an organisation off the roll and erase its representative; tells whether there was something to withdraw.

    The name stays beside the state, so that a moderator sees what happened; no page shows it.
    """
    row = Organisation.objects.select_for_update().filter(pk=organisation.pk).first()
    if row is None or row.state == State.WITHDRAWN:
        return False
    _drop_mails(row)
    Invitation.objects.filter(role=Role.REPRESENTATIVE, subject=row.pk).delete()
    row.representatives.all().delete()
    if row.roll_number is None:
        row.delete()
        return True
    request_change("withdrawal", row.roll_number)
    empty_entry(row.roll_number)
    row.state, row.representative, row.role, row.email = State.WITHDRAWN, "", "", ""
    row.members_stated, row.contact = None, False
    row.save()
    return True


@transaction.atomic
def invite_representative(organisation: Organisation) -> bool:
    """Send the representative of a verified organisation the link that makes an account; tells whether it was sent."""
    row = Organisation.objects.filter(pk=organisation.pk, state=State.VERIFIED).first()
    if row is None or len(row.email) > 150:
        return False
    _write("organisation_invitation", row, invitation=invite(row.email, Role.REPRESENTATIVE, row.pk))
    return True


def recheck(limit: int = 20) -> int:
    """Look again at domains where somebody asked for a look that found nothing; return how many were verified.

    For the worker: DNS takes hours to spread.
    """
    now = timezone.now()
    waiting = Organisation.objects.filter(
        state=State.PENDING, checked_at__lte=now - WAIT_RECHECK, created_at__gt=now - PENDING_FOR
    )
    rows = list(waiting.order_by("checked_at")[:limit])
    return sum(check_domain(row, again_after=WAIT_RECHECK) for row in rows)


def forget_old(now: datetime) -> int:
    """Delete what was not verified within thirty days, refused ones too; return how many."""
    old = Organisation.objects.filter(
        state__in=(State.PENDING, State.REFUSED), created_at__lt=now - PENDING_FOR
    )
    return old.delete()[0]
