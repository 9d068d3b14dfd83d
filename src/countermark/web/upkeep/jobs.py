"""What the worker does, and how often. One lane for the roll, one for mail, one for what may take long."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from countermark.web.abuse import alarms
from countermark.web.abuse.switches import is_on
from countermark.web.fields.names import folded
from countermark.web.mail.delivery import deliver_some, recover
from countermark.web.mail.models import Message, MessageState
from countermark.web.organisations.actions import recheck
from countermark.web.organisations.source import OrganisationSource
from countermark.web.public import figures
from countermark.web.roll import heads, sequencer
from countermark.web.signing.models import PendingSignature, Signature
from countermark.web.signing.source import SignatureSource
from countermark.web.upkeep.forgetting import forget_due
from countermark.web.upkeep.lanes import Job

if TYPE_CHECKING:
    from collections.abc import Iterator


CONFIRMATIONS: Final = ("confirm", "organisation_confirm", "plain")  # what still goes when mail is deferred
BATCH_SECONDS: Final = 3.0  # how long one batch of mails may take: after it, the worker can end
LARGEST_BATCH: Final = 100
HOUR: Final = 3600.0
NOT_NOW: Final = -1


def lanes() -> dict[str, list[Job]]:
    """The jobs of each lane."""
    return {
        "roll": [
            # at a steady pace: a tick takes up to a thousand, and each costs signers the writer's lock for one commit
            Job("roll", 0.5, sequence),
            Job("heads", 5.0, lambda: heads.publish_due(timezone.now())),
            Job("figures", 2.0, lambda: bool(figures.count())),
        ],
        "mail": [Job("recover", float("inf"), recover), Job("mail", 1.0, Mails().send, eager=True)],
        "slow": [
            Job("retention", HOUR, lambda: sum(forget_due(timezone.now()).values())),
            Job("alarms", 300.0, lambda: alarms.look(last_hour())),
            Job("organisations", HOUR, recheck),
        ],
    }


def sequence() -> int:
    """Enter on the roll what waits."""
    return sequencer.tick([SignatureSource(), OrganisationSource()])


class Mails:
    """Sends batches that take a few seconds at most, whatever the speed of the mail server."""

    def __init__(self) -> None:
        self.batch = 5

    def send(self) -> int:
        """Send a batch; below zero where mails are due and none could go."""
        kinds = CONFIRMATIONS if is_on("defer_mail") else None
        begun = time.monotonic()
        sent = deliver_some(self.batch, kinds=kinds)
        each = (time.monotonic() - begun) / max(sent, 1)
        self.batch = max(1, min(LARGEST_BATCH, self.batch * 2, int(BATCH_SECONDS / max(each, 1e-3))))
        return sent or (NOT_NOW if _is_due(kinds) else 0)


def _is_due(kinds: tuple[str, ...] | None) -> bool:
    due = Message.objects.filter(state=MessageState.QUEUED, not_before__lte=timezone.now())
    return (due if kinds is None else due.filter(kind__in=kinds)).exists()


def last_hour() -> Iterator[tuple[str, str]]:
    """What the trending alarm looks at: mail domain, network and name of each form and signature of the last hour."""
    since = timezone.now() - timedelta(hours=1)
    for model in (PendingSignature, Signature):
        rows = model.objects.filter(created_at__gte=since).values_list("email", "address_key", "name")
        for email, network, name in rows.iterator(chunk_size=2000):
            yield "domain", str(email).rpartition("@")[2].lower()
            yield "network", bytes(network).hex() if network else ""
            yield "name", folded(str(name))
