"""What moderators decided, in rows that can be counted and undone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from countermark.web.abuse.emails import MAILBOXES
from countermark.web.abuse.patterns import tidy_pattern
from countermark.web.moderation.names import skeleton
from countermark.web.signing.models import Signature


class Reason(models.TextChoices):
    """Why signatures were invalidated, as the public sees it in the aggregate."""

    AUTOMATED = "automated", _("sent by a program")
    NOT_THE_PERSON = "not_the_person", _("not the person named")
    NO_NAME = "no_name", _("no name")
    DUPLICATE = "duplicate", _("signed before with another address")
    OTHER = "other", _("other")


class Invalidation(models.Model):
    """One act of invalidating all signatures that meet `criteria`; prepared, then done, and perhaps undone.

    `counts` holds how many were matched, invalidated and reinstated.
    """

    criteria = models.JSONField()
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    counts = models.JSONField(default=dict)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    prepared_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invalidation")

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.prepared_at:%Y-%m-%d}"


class Invalidated(models.Model):
    """A signature that an act invalidated."""

    invalidation = models.ForeignKey(Invalidation, on_delete=models.CASCADE, related_name="invalidated")
    signature = models.OneToOneField(Signature, on_delete=models.CASCADE, related_name="invalidated")


class NotableName(models.Model):
    """A name that is held for review before it is listed, because others may sign in it.

    `domain` is where its bearer can prove it: a mail address on it, or a token on its site.
    """

    name = models.CharField(_("name"), max_length=120)
    folded = models.CharField(max_length=160, unique=True, editable=False)
    domain = models.CharField(_("domain"), max_length=253, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("notable name")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Give the domain its one spelling; refuse those where anybody may have a mailbox."""
        self.folded = skeleton(self.name)
        if not self.folded:
            raise ValidationError({"name": _("A name has letters.")})
        if self.domain:
            self.domain = tidy_pattern("domain", self.domain.removeprefix("www."))
            if self.domain in MAILBOXES or "*" in self.domain:
                raise ValidationError(
                    {"domain": _("A mail address on this domain proves nothing: anybody may have one.")}
                )
        others = NotableName.objects.filter(folded=self.folded).exclude(pk=self.pk)
        if others.exists():
            raise ValidationError({"name": _("This name is listed already, perhaps in another spelling.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded name with the name."""
        self.folded = skeleton(self.name)
        super().save(*args, **kwargs)
