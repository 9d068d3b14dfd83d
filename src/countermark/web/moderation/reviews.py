"""Decide on signatures that are held for review, and on comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from countermark.errors import InputError
from countermark.web.abuse.emails import email_key
from countermark.web.abuse.limits import allowed
from countermark.web.accounts.log import record
from countermark.web.config.tokens import make_token
from countermark.web.mail.outbox import queue
from countermark.web.moderation.invalidations import carry_out, prepare
from countermark.web.moderation.notable import notable
from countermark.web.signing.models import Signature, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

    from countermark.web.accounts.models import Organiser
    from countermark.web.moderation.models import Invalidation

# why the signing room or this one holds a signature, in words
BECAUSE: Final[dict[str, StrOrPromise]] = {
    "notable-name": gettext_lazy("notable name"),
    "no-proof-of-work": gettext_lazy("no proof of work"),
    "list": gettext_lazy("on a list, or a disposable mailbox"),
    "mixed-scripts": gettext_lazy("letters of several alphabets in one word"),
    "link-in-name": gettext_lazy("a link in the name"),
}
CODE: Final = slice(24, 36)  # of the token that stands for the signature: 72 bits that only we can make


def code_of(signature: Signature) -> str:
    """What a notable person writes on their own site to prove that the signature is theirs."""
    return f"countermark-{make_token('proof', bytes(signature.uid))[CODE]}"


def _held(pk: int) -> Signature:
    signature = Signature.objects.select_for_update().filter(pk=pk, state=State.HELD).first()
    if signature is None:
        raise InputError(_("This signature does not wait for review any more."))
    return signature


def release(pk: int, user: Organiser) -> None:
    """Let a held signature count; raises InputError where it is not held."""
    with transaction.atomic():
        signature = _held(pk)
        because, signature.held_because = signature.held_because, ""
        signature.state = State.CONFIRMED
        signature.save(update_fields=["state", "held_because"])
        record(user, "signature released", f"signature {pk}", because=because)


def release_all(because: str, up_to: int, user: Organiser) -> int:
    """Let all signatures count that are held for one reason, up to a number that was looked at; how many."""
    with transaction.atomic():
        count = Signature.objects.filter(state=State.HELD, held_because=because, pk__lte=up_to).update(
            state=State.CONFIRMED, held_because=""
        )
        record(user, "signatures released", because, count=count)
    return count


def refuse(pk: int, reason: str, user: Organiser) -> Invalidation:
    """Refuse a held signature: an invalidation of one, which can be undone like any other."""
    with transaction.atomic():
        _held(pk)
        act = prepare(user, {"numbers": [pk]}, reason)
        return carry_out(act.pk, user)


def ask_for_proof(pk: int, user: Organiser) -> None:
    """Write to the signer what would show that the name is theirs; raises InputError where that cannot be done."""
    with transaction.atomic():
        signature = _held(pk)
        name = notable(signature.name)
        if name is None or not signature.email:
            raise InputError(_("No notable name is known here, or no mail address."))
        key = bytes(signature.email_key or email_key(signature.email))
        if allowed(("resend", key)):
            raise InputError(_("Several mails went to this person within the hour; try again later."))
        context = {
            "token": make_token("mine", bytes(signature.uid)),
            "name": signature.name,
            "domain": name.domain,
            "code": code_of(signature),
        }
        queue("ask_proof", signature.email, key, signature.language, context)
        record(user, "proof asked", f"signature {pk}")


def show_comments(pks: Iterable[int], user: Organiser, *, shown: bool) -> int:
    """Show or hide the comments of signatures; how many changed."""
    with transaction.atomic():
        changed = list(
            Signature.objects.select_for_update()
            .filter(pk__in=list(pks), comment_shown=not shown)
            .exclude(comment="")
            .values_list("pk", flat=True)
        )
        Signature.objects.filter(pk__in=changed).update(comment_shown=shown)
        if changed:
            record(
                user, "comments shown" if shown else "comments hidden", count=len(changed), signatures=changed
            )
    return len(changed)
