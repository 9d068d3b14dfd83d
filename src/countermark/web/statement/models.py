"""The statement of this site, and the versions of its text in each language."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

LANGUAGES = (("fr", "français"), ("en", "English"))


class Statement(models.Model):
    """What people sign here. A site has one, in the row with the key 1.

    The organiser is the controller of the data (GDPR, article 4(7)); whoever runs the machine is the processor.
    """

    organiser = models.CharField(_("organiser"), max_length=200)
    organiser_address = models.CharField(_("address of the organiser"), max_length=400, blank=True)
    contact_email = models.EmailField(_("contact"), max_length=254)
    demonstration = models.BooleanField(_("demonstration"), default=False)
    opened_at = models.DateTimeField(_("opened"))
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    retention_months = models.PositiveSmallIntegerField(
        _("months that mail addresses are kept after the close"), default=6
    )
    smallest_cell = models.PositiveSmallIntegerField(_("smallest count that is shown"), default=5)

    class Meta:
        verbose_name = _("statement")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_statement"),)

    def __str__(self) -> str:
        return self.organiser


class Text(models.Model):
    """One version of the statement in one language; once published, it never changes.

    `sha256` is the digest of `canonical()`, in hexadecimal.
    """

    version = models.PositiveIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=8, choices=LANGUAGES)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text (Markdown)"))
    sha256 = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("text")
        constraints = (
            models.UniqueConstraint(fields=["version", "language"], name="one_text_per_version_and_language"),
        )
        ordering = ("-version", "language")

    def __str__(self) -> str:
        return f"{self.title} ({self.language}, {self.version})"
