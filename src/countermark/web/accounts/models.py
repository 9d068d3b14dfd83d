"""Accounts of organisers, moderators and representatives; signatories need none."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Organiser(AbstractUser):
    """A person who runs the site or acts for an organisation.

    `is_staff` moderates, `is_superuser` sets up; a representative has a mandate in `organisations.Representative`.
    """

    class Meta:
        verbose_name = _("organiser")


class Role(models.TextChoices):
    """What somebody is invited as."""

    REPRESENTATIVE = "representative", _("representative of an organisation")
    MODERATOR = "moderator", _("moderator")
    ADMINISTRATOR = "administrator", _("administrator")


class Invitation(models.Model):
    """A link to make one account, or to give one that exists another role: once, within its lifetime.

    `subject` is the key of what the role is for; for a representative, the organisation. The link itself is not stored.
    """

    uid = models.BinaryField(max_length=16, unique=True)
    email = models.EmailField(_("mail address"), max_length=150)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    subject = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(_("made"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class Logged(models.Model):
    """What somebody with rights did: never changed, never deleted; without personal data of signatories."""

    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("of what"), max_length=120, blank=True)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("log line")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
