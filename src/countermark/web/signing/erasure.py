"""Erasure and access by mail address (GDPR, articles 15, 17 and 20), for commands and for signatories themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from countermark.web.abuse.emails import email_key
from countermark.web.mail.models import Message
from countermark.web.signing.actions.withdraw import withdraw
from countermark.web.signing.consents import wording
from countermark.web.signing.models import PendingSignature, Signature
from countermark.web.signing.trades import unpacked

if TYPE_CHECKING:
    from countermark.web.signing.models import Consent, Signed


@transaction.atomic
def erase(email: str) -> dict[str, int]:
    """Delete all that is held of an address, without a mail; return how many signatures, forms and mails.

    A number on the roll stays, empty, with a withdrawal.
    """
    key = email_key(email)
    signatures = list(Signature.objects.filter(email_key=key).values_list("pk", flat=True))
    pendings, _ = PendingSignature.objects.filter(email_key=key).delete()
    for signature in signatures:
        withdraw(signature, notify=False)
    mails, _ = Message.objects.filter(recipient_key=key).delete()
    return {"signatures": len(signatures), "forms": pendings, "mails": mails}


def access(email: str) -> dict[str, Any]:
    """All that is held of an address, as JSON values: its signature, forms not confirmed, and mails."""
    key = email_key(email)
    signature = Signature.objects.filter(email_key=key).first()
    return {
        "signature": signature_document(signature) if signature else None,
        "forms": [_written(row) for row in PendingSignature.objects.filter(email_key=key).order_by("pk")],
        "mails": mails_of(key),
    }


def signature_document(signature: Signature) -> dict[str, Any]:
    """All that is held of one signature, as JSON values."""
    return {
        **_written(signature),
        "state": signature.state,
        "held_because": signature.held_because,
        "confirmed_at": signature.confirmed_at.isoformat(),
        "comment_shown": signature.comment_shown,
        "roll_number": signature.roll_number,
        "consents": [_consent(row) for row in signature.consents.order_by("pk")],
    }


def _written(row: Signed) -> dict[str, Any]:
    fields = ("name", "email", "other_trade", "country", "organisation_name", "link", "comment")
    return {
        **{field: getattr(row, field) for field in fields},
        "trades": unpacked(row.trades),
        "display": row.display,
        "language": row.language,
        "text_version": row.text_version,
        "consent_version": row.consent_version,
        "sent_at": row.created_at.isoformat(),
        "network_key": bytes(row.address_key).hex() if row.address_key else None,
    }


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "purpose": row.purpose,
        "wording": wording(row.purpose, row.language, row.wording),
        "wording_version": row.wording,
        "language": row.language,
        "given_at": row.given_at.isoformat(),
        "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
    }


def mails_of(key: bytes) -> list[dict[str, Any]]:
    """The mails to an address that are still in the outbox: their kind, state and time."""
    rows = Message.objects.filter(recipient_key=key).order_by("pk")
    return [{"kind": row.kind, "state": row.state, "queued_at": row.created_at.isoformat()} for row in rows]
