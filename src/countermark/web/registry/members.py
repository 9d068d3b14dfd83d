"""Opening and closing a member space, and what a member may take along."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from countermark.web.config.tokens import make_token, new_uid, read_token
from countermark.web.mail import outbox
from countermark.web.registry.models import Member
from countermark.web.signing.models import Signature, State

if TYPE_CHECKING:
    from countermark.web.registry.models import Result, Work

WORDING: Final = 1
"""The version of the consent's wording, in `templates/registry/consent.html`; a change of the words raises it."""
LINK_LASTS: Final = timedelta(hours=24)


def signature_of(token: str) -> Signature | None:
    """The confirmed signature whose "mine" token this is, or None."""
    uid = read_token("mine", token)
    if uid is None:
        return None
    return Signature.objects.filter(uid=uid, state=State.CONFIRMED).first()


def open_member(signature: Signature, language: str) -> bool:
    """Make the member space of a signatory who consented, if there is none, and mail a link to it.

    Returns False, and does nothing, where the mail address was deleted with the close of the statement.
    """
    if not signature.email:
        return False
    with transaction.atomic():
        member, _ = Member.objects.get_or_create(
            signature=signature,
            defaults={
                "uid": new_uid(),
                "wording": WORDING,
                "consent_language": language,
                "opened_at": timezone.now(),
            },
        )
        member.link_uid, member.link_until = new_uid(), timezone.now() + LINK_LASTS
        member.save(update_fields=["link_uid", "link_until"])
        outbox.queue(
            "member_link",
            signature.email,
            bytes(signature.email_key or b""),
            language,
            {
                "name": signature.name,
                "token": make_token("member", member.link_uid),
                "mine": make_token("mine", bytes(signature.uid)),
            },
            priority=2,
        )
    return True


def member_of_link(token: str) -> Member | None:
    """The member whose unused, fresh link holds this token, or None."""
    uid = read_token("member", token)
    if uid is None:
        return None
    return Member.objects.filter(
        link_uid=uid, link_until__gt=timezone.now(), signature__state=State.CONFIRMED
    ).first()


def use_link(token: str) -> Member | None:
    """As `member_of_link`, and the link is spent; of two that come at once, one gets in."""
    member = member_of_link(token)
    if member is None:
        return None
    uid = bytes(member.link_uid or b"")
    spent = Member.objects.filter(pk=member.pk, link_uid=uid).update(link_uid=None, link_until=None)
    return member if spent else None


def close_member(member: Member) -> None:
    """Delete the member space: rows, files, findings. The signature stays."""
    member.delete()


def personal_data(member: Member) -> dict[str, Any]:
    """All that the registry holds of a member, for them to take along (GDPR, article 20); files are named by digest."""
    works = member.works.select_related("deposit").prefetch_related("results__run").order_by("id")
    return {
        "format": "countermark.member/1",
        "opened_at": member.opened_at.isoformat(),
        "consent": {"wording": member.wording, "language": member.consent_language},
        "wants_letters": member.wants_letters,
        "deposits": [
            {
                "identity": deposit.identity,
                "scheme": deposit.scheme,
                "works": deposit.works_count,
                "bytes": deposit.bytes,
                "deposited_at": deposit.deposited_at.isoformat(),
            }
            for deposit in member.deposits.order_by("id")
        ],
        "works": [_work_data(work) for work in works],
    }


def _work_data(work: Work) -> dict[str, Any]:
    names = ("uid", "title", "author", "published", "identifier", "licence")
    file = {"name": work.file_name, "sha256": work.file_sha256, "bytes": work.file_bytes}
    return {
        **{name: getattr(work, name) for name in names},
        "characters": work.characters,
        "registered_at": work.registered_at.isoformat(),
        "file": file if work.file_sha256 else None,
        "deposit": work.deposit.identity if work.deposit else None,
        "results": [_result_data(result) for result in work.results.all()],
    }


def _result_data(result: Result) -> dict[str, Any]:
    names = ("status", "grade", "share", "passages_count", "longest", "passages")
    return {
        "data_set": result.run.data_set,
        "snapshot": result.run.snapshot,
        "run": result.run.digest,
        **{name: getattr(result, name) for name in names},
    }
