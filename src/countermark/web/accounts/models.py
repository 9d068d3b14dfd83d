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
