"""The trending alarm: a mail domain, a network or a name that signs unusually often within an hour."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from countermark.web.abuse.emails import MAILBOXES
from countermark.web.abuse.limits import rules
from countermark.web.abuse.models import Alarm, ListEntry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

KINDS: Final = ("domain", "network", "name")
LONGEST_LABEL: Final = 254
KEPT: Final = timedelta(days=30)  # labels are personal data: a name, the digest of a network
logger = logging.getLogger(__name__)


def look(observed: Iterable[tuple[str, str]]) -> int:
    """Raise an alarm for each (kind, label) seen more often than the rule `alarm_<kind>`; how many are new.

    `observed` are the signatures of the last hour, one pair for each thing seen: kind "domain", "network" (the
    key in hexadecimal) or "name" (folded). Domains where anybody may have a mailbox, and domains on the list that
    are allowed, raise none.
    """
    known = rules()
    limits = {kind: known[f"alarm_{kind}"] for kind in KINDS}
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    new = 0
    for (kind, label), count in Counter(observed).items():
        rule = limits.get(kind)
        if rule is None or not rule.enabled or not label or count <= rule.limit or _expected(kind, label):
            continue
        alarm, made = Alarm.objects.get_or_create(
            kind=kind, label=label[:LONGEST_LABEL], hour=hour, defaults={"count": count}
        )
        if made:
            new += 1
            logger.warning("something signs unusually often", extra={"kind": kind, "count": count})
        elif count > alarm.count:
            Alarm.objects.filter(pk=alarm.pk).update(count=count)
    return new


def forget_old(now: datetime) -> int:
    """Delete alarms of more than thirty days ago; return how many."""
    return Alarm.objects.filter(hour__lt=now - KEPT).delete()[0]


def forget_name(label: str) -> int:
    """Delete alarms of a name (folded), as the one who bears it is erased; return how many."""
    return Alarm.objects.filter(kind="name", label=label[:LONGEST_LABEL]).delete()[0]


def _expected(kind: str, label: str) -> bool:
    if kind != "domain":
        return False
    return (
        label in MAILBOXES
        or ListEntry.objects.filter(
            kind=ListEntry.Kind.DOMAIN, pattern=label, verdict=ListEntry.Verdict.ALLOW
        ).exists()
    )
