"""Send again what an address may ask for: its confirmation, or the link to its signature. Pages do not tell which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from countermark.web.abuse import lists
from countermark.web.abuse.emails import email_key
from countermark.web.abuse.limits import allowed
from countermark.web.mail.outbox import feign
from countermark.web.signing.actions.sign import Outcome, queue_already, queue_confirm
from countermark.web.signing.models import PendingSignature, Signature

if TYPE_CHECKING:
    from countermark.web.signing.actions.sign import Sender
    from countermark.web.statement.texts import InForce


def resend(email: str, sender: Sender, text: InForce) -> Outcome:
    """Queue the mail for `email`; for an unknown address write a row that goes nowhere, at the same cost."""
    if lists.verdict(email, sender.ip) == "block":
        return Outcome.REFUSED
    key = email_key(email)
    with transaction.atomic():
        exceeded = allowed(("resend", key), ("email_daily", key), ("sign_burst", sender.address_key))
        if exceeded is not None:
            return Outcome.TOO_MANY if exceeded == "sign_burst" else Outcome.TAKEN
        signed = Signature.objects.filter(email_key=key).values_list(
            "uid", "email", "name", "roll_number", "state"
        )
        known = signed.first()
        pending = (
            PendingSignature.objects.filter(email_key=key)
            .order_by("-created_at")
            .values_list("uid", "email", "name")
            .first()
        )
        if known is not None:
            queue_already(known, key, sender.language)
        elif pending is not None:
            queue_confirm((bytes(pending[0]), pending[1], pending[2]), key, sender.language, text)
        else:
            feign("already", sender.language)
    return Outcome.TAKEN
