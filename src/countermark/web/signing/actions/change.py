"""Change what is shown of a signature, and give or take back consents."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from countermark.web.roll import changes
from countermark.web.signing.consents import CONSENT_VERSION, PURPOSES
from countermark.web.signing.models import Consent, Signature


@transaction.atomic
def change(signature_id: int, display: int, given: frozenset[str], language: str) -> bool:
    """Show a signature as `display` says; `given` are the purposes consented to from now on. False where it is gone.

    The caller has seen to it that a shown name has the consent to publish. What is on the roll is amended.
    """
    signature = Signature.objects.select_for_update(of=("self",)).filter(pk=signature_id).first()
    if signature is None:
        return False
    _set_consents(signature, given, language)
    if display != signature.display:
        signature.display = display
        signature.save(update_fields=["display"])
        if signature.roll_number is not None:
            changes.request_change("amendment", signature.roll_number)
    return True


def _set_consents(signature: Signature, given: frozenset[str], language: str) -> None:
    now = timezone.now()
    holding = set(signature.consents.filter(withdrawn_at=None).values_list("purpose", flat=True))
    signature.consents.filter(purpose__in=holding - given).update(withdrawn_at=now)
    for purpose in PURPOSES:
        if purpose in given - holding:
            Consent.objects.update_or_create(
                signature=signature,
                purpose=purpose,
                defaults={
                    "wording": CONSENT_VERSION,
                    "language": language,
                    "given_at": now,
                    "withdrawn_at": None,
                },
            )
