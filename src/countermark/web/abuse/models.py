"""What keeps a signing page honest under load: limits, lists, alarms, switches."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from countermark.web.abuse.patterns import tidy_pattern


class RateRule(models.Model):
    """At most `limit` of one thing in `seconds`, per key; `name` says of what (see `abuse.limits`)."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    limit = models.PositiveIntegerField(_("limit"))
    seconds = models.PositiveIntegerField(_("seconds"))
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("rate rule")

    def __str__(self) -> str:
        return self.name


class RateCount(models.Model):
    """How often a key was seen in one window; the key is a keyed digest, never an address."""

    rule = models.CharField(max_length=40)
    key = models.BinaryField(max_length=32)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rule", "key", "window"], name="one_count_per_window"),
        )
        indexes = (models.Index(fields=["window"], name="rate_window"),)


class ListEntry(models.Model):
    """A domain, network or mail address and what is done with signatures from it.

    Domains take `*.example.org` for one label and `**.example.org` for any; networks are CIDR.
    """

    class Kind(models.TextChoices):
        """What the pattern is held against."""

        DOMAIN = "domain", _("mail domain")
        NETWORK = "network", _("network")
        EMAIL = "email", _("mail address")

    class Verdict(models.TextChoices):
        """What is done."""

        ALLOW = "allow", _("allow, without limits")
        HOLD = "hold", _("hold for review")
        BLOCK = "block", _("refuse")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    pattern = models.CharField(_("pattern"), max_length=254)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("list entry")
        verbose_name_plural = _("list entries")
        constraints = (models.UniqueConstraint(fields=["kind", "pattern"], name="one_verdict_per_pattern"),)

    def __str__(self) -> str:
        return f"{self.pattern}: {self.verdict}"

    def clean(self) -> None:
        """Give the pattern its one spelling; refuse what means nothing."""
        self.pattern = tidy_pattern(self.kind, self.pattern)


class Alarm(models.Model):
    """Something was seen unusually often within an hour: a mail domain, a network, a name."""

    kind = models.CharField(_("kind"), max_length=10)
    label = models.CharField(_("what"), max_length=254)
    hour = models.DateTimeField(_("hour"))
    count = models.PositiveIntegerField(_("count"))
    seen_by = models.CharField(_("seen by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("alarm")
        constraints = (models.UniqueConstraint(fields=["kind", "label", "hour"], name="one_alarm_an_hour"),)

    def __str__(self) -> str:
        return f"{self.label}: {self.count}"


class Switch(models.Model):
    """A peak switch: turned on, it takes one thing off the site (see `abuse.switches`)."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    on = models.BooleanField(_("on"), default=False)
    message_fr = models.CharField(_("message in French"), max_length=300, blank=True)
    message_en = models.CharField(_("message in English"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("peak switch")
        verbose_name_plural = _("peak switches")

    def __str__(self) -> str:
        return self.name


class UsedChallenge(models.Model):
    """A proof of work that was handed in once, so that it cannot be handed in again."""

    digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField(db_index=True)
