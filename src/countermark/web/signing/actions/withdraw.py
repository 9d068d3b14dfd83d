"""Take a signature back: its row and all that hangs on it are deleted, and the roll says so."""

from __future__ import annotations

from django.db import transaction

from countermark.web.mail.outbox import drop, queue
from countermark.web.roll import changes
from countermark.web.signing.models import PendingSignature, Signature


@transaction.atomic
def withdraw(signature_id: int, *, notify: bool = True) -> bool:
    """Delete a signature with its consents, pendings and queued mails; False where it is gone already.

    Where it has a number, a withdrawal is appended and the entry emptied at once. `notify` sends one last mail.
    """
    signature = Signature.objects.select_for_update(of=("self",)).filter(pk=signature_id).first()
    if signature is None:
        return False
    key = bytes(signature.email_key) if signature.email_key else None
    number, email, name = signature.roll_number, signature.email, signature.name
    if key is not None:
        drop(key)
        PendingSignature.objects.filter(email_key=key).delete()
    signature.delete()
    if number is not None:
        changes.request_change("withdrawal", number)
        changes.empty_entry(number)
    if notify and key is not None and email:
        queue("withdrawn", email, key, signature.language, {"name": name, "number": number}, priority=2)
    return True


@transaction.atomic
def withdraw_pending(uid: bytes) -> bool:
    """Delete a form that was never confirmed, with the others of its address and the mails they wait for.

    Where it is confirmed at this very moment, the signature that it became is withdrawn. False where nothing is left.
    """
    pending = PendingSignature.objects.select_for_update().filter(uid=uid).first()
    if pending is None:
        signature = Signature.objects.filter(uid=uid).values_list("pk", flat=True).first()
        return signature is not None and withdraw(signature)
    key = bytes(pending.email_key)
    drop(key)
    PendingSignature.objects.filter(email_key=key).delete()
    return True
