"""All that a site holds about one mail address, and its erasure (GDPR, articles 15, 17 and 20), from every room."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from countermark.web.abuse.alarms import forget_name
from countermark.web.abuse.emails import canonical, email_key
from countermark.web.abuse.models import ListEntry, RateCount
from countermark.web.accounts.log import record
from countermark.web.accounts.models import Invitation, Organiser
from countermark.web.fields.names import folded
from countermark.web.organisations.models import Organisation, State
from countermark.web.registry.members import personal_data
from countermark.web.registry.models import Member
from countermark.web.signing import erasure
from countermark.web.signing.models import PendingSignature, Signature


def held(email: str) -> dict[str, Any]:
    """As JSON values: signature, forms and mails, member space, organisations represented, account, list entries."""
    member = Member.objects.filter(signature__email_key=email_key(email)).first()
    return erasure.access(email) | {
        "member_space": personal_data(member) if member else None,
        "organisations": [_organisation(row) for row in _organisations(email)],
        "accounts": [_account(row) for row in Organiser.objects.filter(email__iexact=email)],
        "invitations": [
            {"role": row.role, "created_at": row.created_at.isoformat()}
            for row in Invitation.objects.filter(email__iexact=email)
        ],
        "list_entries": [{"kind": row.kind, "verdict": row.verdict} for row in _entries(email)],
    }


def is_empty(found: dict[str, Any]) -> bool:
    """Whether nothing at all is held."""
    return not any(found.values())


def erase(email: str, *, dry_run: bool = False) -> dict[str, int]:
    """Erase it; an account, which somebody with rights must take away, stays and is counted as kept.

    Of an organisation that is verified, the representative's name and address are erased; the organisation stays on the
    roll. An entry of a list that refuses the address stays: erasing it would undo the refusal (article 17(3)).
    """
    with transaction.atomic():
        names = _names(email)
        done = erasure.erase(email)
        done["alarms"] = sum(map(forget_name, names))
        done["limits"] = RateCount.objects.filter(key=email_key(email)).delete()[0]
        rows = _organisations(email)
        done["organisations"] = len(rows)
        for row in rows:
            _forget_representative(row)
        done["invitations"] = Invitation.objects.filter(email__iexact=email).delete()[0]
        done["accounts_kept"] = Organiser.objects.filter(email__iexact=email).count()
        done["list_entries_kept"] = len(_entries(email))
        record("command line", "erasure", "", **done)
        if dry_run:
            transaction.set_rollback(True)
    return done


def _names(email: str) -> set[str]:
    """The names that were signed in with an address, as alarms have them."""
    key = email_key(email)
    rows = (
        model.objects.filter(email_key=key).values_list("name") for model in (Signature, PendingSignature)
    )
    return {folded(name) for found in rows for (name,) in found}


def _organisations(email: str) -> list[Organisation]:
    wanted = canonical(email)  # in every spelling, as `googlemail.com` for `gmail.com`
    return [row for row in Organisation.objects.exclude(email="") if canonical(row.email) == wanted]


def _forget_representative(row: Organisation) -> None:
    if row.state != State.VERIFIED:
        row.delete()
        return
    row.representative, row.role, row.email = "", "", ""
    row.save(update_fields=["representative", "role", "email"])


def _entries(email: str) -> list[ListEntry]:
    patterns = {email.lower(), canonical(email)}
    return list(ListEntry.objects.filter(kind=ListEntry.Kind.EMAIL, pattern__in=patterns))


def _organisation(row: Organisation) -> dict[str, Any]:
    names = ("name", "kind", "domain", "country", "representative", "role", "email", "state", "language")
    return {name: getattr(row, name) for name in names} | {"created_at": row.created_at.isoformat()}


def _account(row: Organiser) -> dict[str, Any]:
    last = row.last_login.isoformat() if row.last_login else None
    return {"username": row.username, "email": row.email, "is_staff": row.is_staff, "last_login": last}
