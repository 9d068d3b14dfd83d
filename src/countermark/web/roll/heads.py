"""Signed tree heads: one after each tick that appended; at fixed intervals the newest is published, and stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from countermark.errors import InputError
from countermark.roll.hashing import HEAD_PREFIX, canonical
from countermark.roll.lines import unsigned_head
from countermark.web.roll.key import log_id, signing_key
from countermark.web.roll.models import Head

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERVAL: Final = timedelta(minutes=10)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def latest() -> Head | None:
    """The newest head; None before the first tick."""
    return Head.objects.order_by("-size").first()


def at_size(size: int) -> Head | None:
    """The head of that size, where one is kept."""
    return Head.objects.filter(size=size).first()


def published_after(size: int, limit: int) -> Sequence[Head]:
    """Published heads of more than `size` lines, the smallest first."""
    return list(Head.objects.filter(published=True, size__gt=size).order_by("size")[:limit])


def sign(size: int, root: bytes, before: Head | None) -> Head:
    """Sign and keep the head of a tree; its time is never before that of the head `before`, whatever the clock says."""
    now = timezone.now()
    at = (now if before is None else max(now, before.at)).replace(microsecond=0)
    unsigned = unsigned_head(log_id(), size, root, at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    if before is not None and document(before)["log"] != unsigned["log"]:
        raise InputError(
            "the roll was signed with another key than roll-key.pem; restore that file from a backup"
        )
    signature = signing_key().sign(HEAD_PREFIX + canonical(unsigned)).hex()
    signed = canonical({**unsigned, "signature": signature}).decode()
    head = Head.objects.create(size=size, root=root, at=at, document=signed)
    Head.objects.filter(published=False, size__lt=size).delete()
    return head


def document(head: Head) -> dict[str, Any]:
    """The signed JSON of a head."""
    found: dict[str, Any] = json.loads(head.document)
    return found


def publish_due(now: datetime) -> bool:
    """Publish the newest head, once in each interval of the clock; tells whether one was published.

    A clock that is set back only begins another interval: nothing is published twice, nothing waits for the old time.
    """
    with transaction.atomic():
        newest = Head.objects.select_for_update().order_by("-size").first()
        if newest is None or newest.published:
            return False
        last = Head.objects.filter(published=True).order_by("-size").first()
        if last is not None and last.published_at is not None and _slot(last.published_at) == _slot(now):
            return False
        _publish(newest, now)
    return True


def publish_newest(now: datetime) -> Head | None:
    """Publish the newest head whatever the interval, for whoever carries it away on paper; None before the first."""
    with transaction.atomic():
        newest = Head.objects.select_for_update().order_by("-size").first()
        if newest is not None and not newest.published:
            _publish(newest, now)
    return newest


def _publish(head: Head, now: datetime) -> None:
    head.published, head.published_at = True, now
    head.save(update_fields=["published", "published_at"])


def _slot(at: datetime) -> int:
    return (at - EPOCH) // INTERVAL
