"""Invalidate signatures: first prepared and looked at, then done, and undone if it was wrong.

Each step is one transaction. The roll learns of it by one change for each number; nothing is deleted.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from countermark.errors import InputError
from countermark.web.accounts.log import record
from countermark.web.moderation.criteria import UP_TO, matching
from countermark.web.moderation.models import Invalidated, Invalidation, Reason
from countermark.web.roll.changes import request_change
from countermark.web.signing.models import Signature, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from countermark.web.accounts.models import Organiser

SAMPLE: Final = 20
NETWORK_KEPT: Final = timedelta(days=30)  # as in a signature
FORGOTTEN: Final = "00" * 16  # a network that no signature came from, in the place of one that is forgotten
BATCH: Final = 500  # rows in one statement; SQLite bounds the values of one


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act would invalidate now: how many, how many of them are on the roll, some of them, and by day."""

    count: int
    on_roll: int
    sample: list[Signature]
    days: list[tuple[date, int]]


def prepare(user: Organiser, criteria: Mapping[str, Any], reason: str, note: str = "") -> Invalidation:
    """Write down what is meant, without doing it. What is confirmed from now on is not part of it.

    Raises InputError where no criterion is given.
    """
    kept = {name: value for name, value in criteria.items() if value}
    if not kept:
        raise InputError(_("Give at least one criterion: an act without any would mean all signatures."))
    newest = Signature.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    kept[UP_TO] = newest or -1
    act = Invalidation(
        criteria=kept, reason=Reason(reason), note=note, prepared_by=user, prepared_at=timezone.now()
    )
    with transaction.atomic():
        act.counts = {"matched": matching(kept).count()}
        act.save()
        record(
            user,
            "invalidation prepared",
            f"invalidation {act.pk}",
            criteria=sorted(criteria_of(act)),
            **act.counts,
        )
    return act


def criteria_of(act: Invalidation) -> dict[str, Any]:
    """The criteria that the moderator gave."""
    return {name: value for name, value in act.criteria.items() if name != UP_TO}


def preview(act: Invalidation) -> Preview:
    """Look at what the act means now; writes nothing."""
    found = matching(act.criteria)
    keys = list(found.values_list("pk", flat=True))
    drawn = secrets.SystemRandom().sample(keys, min(SAMPLE, len(keys)))
    by_day = (
        found.order_by()
        .annotate(day=TruncDate("confirmed_at"))
        .values_list("day")
        .annotate(count=Count("pk"))
        .order_by("day")
    )
    return Preview(
        len(keys),
        found.filter(roll_number__isnull=False).count(),
        list(Signature.objects.filter(pk__in=drawn).order_by("pk")),
        list(by_day),
    )


def carry_out(act_pk: int, user: Organiser) -> Invalidation:
    """Invalidate what the act means; raises InputError where it was done before."""
    with transaction.atomic():
        act = Invalidation.objects.select_for_update().get(pk=act_pk)
        if act.done_at is not None:
            raise InputError(_("This was done already."))
        _invalidate(act)
        record(user, "invalidation done", f"invalidation {act.pk}", reason=act.reason, **act.counts)
    return act


def _invalidate(act: Invalidation) -> None:
    rows = list(matching(act.criteria).select_for_update().values_list("pk", "roll_number"))
    for batch in _batches([pk for pk, _number in rows]):
        Signature.objects.filter(pk__in=batch).update(state=State.INVALIDATED)
    Invalidated.objects.bulk_create(
        (Invalidated(invalidation=act, signature_id=pk) for pk, _number in rows), batch_size=BATCH
    )
    on_roll = [number for _pk, number in rows if number is not None]
    for number in on_roll:
        request_change("invalidation", number, act.reason)
    act.counts = {**act.counts, "invalidated": len(rows), "on_roll": len(on_roll)}
    act.done_at = timezone.now()
    act.save()


def undo(act_pk: int, user: Organiser) -> Invalidation:
    """Reinstate what the act invalidated and what still exists; who withdrew since stays withdrawn.

    Signatures that were held for review are held again. Raises InputError where there is nothing to undo.
    """
    with transaction.atomic():
        act = Invalidation.objects.select_for_update().get(pk=act_pk)
        if act.done_at is None or act.undone_at is not None:
            raise InputError(_("There is nothing to undo here."))
        rows = list(
            Signature.objects.filter(invalidated__invalidation=act, state=State.INVALIDATED)
            .select_for_update(of=("self",))
            .values_list("pk", "roll_number", "held_because")
        )
        _reinstate([pk for pk, _number, held in rows if held], State.HELD)
        _reinstate([pk for pk, _number, held in rows if not held], State.CONFIRMED)
        for _pk, number, _held in rows:
            if number is not None:
                request_change("reinstatement", number, act.reason)
        act.invalidated.all().delete()
        act.counts = {**act.counts, "reinstated": len(rows)}
        act.undone_at = timezone.now()
        act.save()
        record(user, "invalidation undone", f"invalidation {act.pk}", **act.counts)
    return act


def _reinstate(keys: list[int], state: State) -> None:
    for batch in _batches(keys):
        Signature.objects.filter(pk__in=batch).update(state=state)


def _batches(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def forget_networks(now: datetime) -> int:
    """Erase the keyed digest of a network from acts of more than thirty days ago; return from how many.

    An act that was only prepared then means nobody: a criterion that was left out would widen it.
    """
    old = [
        act for act in Invalidation.objects.filter(prepared_at__lt=now - NETWORK_KEPT) if _names_network(act)
    ]
    for act in old:
        act.criteria["network"] = FORGOTTEN
        act.save(update_fields=["criteria"])
    return len(old)


def _names_network(act: Invalidation) -> bool:
    return bool(act.criteria.get("network", FORGOTTEN) != FORGOTTEN)
