"""Turn a peak switch on or off, and write who did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from countermark.web.abuse.models import Alarm, Switch
from countermark.web.abuse.switches import NAMES
from countermark.web.accounts.log import record

if TYPE_CHECKING:
    from countermark.web.accounts.models import Organiser


def turn(name: str, user: Organiser, *, on: bool, message_fr: str = "", message_en: str = "") -> None:
    """Turn a switch of `NAMES`; the messages are those of the switch `message`. Raises KeyError for another name."""
    if name not in NAMES:
        raise KeyError(name)
    words = {"message_fr": message_fr, "message_en": message_en} if name == "message" else {}
    with transaction.atomic():
        Switch.objects.update_or_create(name=name, defaults={"on": on, **words})
        record(user, "switch on" if on else "switch off", name, **words)


def mark_seen(pk: int, user: Organiser) -> None:
    """Write that somebody looked at an alarm."""
    with transaction.atomic():
        if Alarm.objects.filter(pk=pk, seen_by="").update(seen_by=user.get_username()[:150]):
            record(user, "alarm seen", f"alarm {pk}")
