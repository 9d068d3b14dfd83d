"""The outbox: every mail is a row, written in the same transaction as what it tells of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    """Where a mail stands; `uncertain` was being sent when the worker died, and is never sent again by itself."""

    QUEUED = "queued", _("queued")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNCERTAIN = "uncertain", _("uncertain")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("dropped")


class Message(models.Model):
    """One mail. `context` holds what its template needs; it is erased with the recipient once it is not needed.

    `kind` names the template (`mail/<kind>.txt`), `recipient_key` the keyed digest of the canonical address.
    Lower `priority` goes first.
    """

    kind = models.CharField(max_length=32)
    recipient = models.CharField(max_length=254, blank=True)
    recipient_key = models.BinaryField(max_length=32)
    language = models.CharField(max_length=8)
    context = models.JSONField(default=dict)
    priority = models.SmallIntegerField(default=5)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.SmallIntegerField(default=0)
    not_before = models.DateTimeField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["priority", "not_before", "id"],
                name="mail_waiting",
                condition=models.Q(state="queued"),
            ),
            models.Index(fields=["recipient_key"], name="mail_recipient"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
