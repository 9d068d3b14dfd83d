"""Signatures: first pending, then confirmed by the holder of the mail address.

A pending signature may be sent several times with one address; the first that is confirmed becomes the signature, and
the unique `email_key` holds in the database. What is withdrawn is deleted.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from countermark.web.organisations.models import Organisation


class Display(models.IntegerChoices):
    """How much of a signature the public sees; only its signer can raise it."""

    NAME_AND_TRADE = 1, _("my name, my trades, my country and, if I named it, my organisation")
    NAME = 2, _("my name only")
    UNNAMED = 3, _("no name: I am counted as a verified signature")


class State(models.TextChoices):
    """Where a signature stands. A withdrawn one does not exist any more."""

    CONFIRMED = "confirmed", _("confirmed")
    HELD = "held", _("held for review")
    INVALIDATED = "invalidated", _("invalidated")


class Purpose(models.TextChoices):
    """What one may consent to, each on its own (GDPR, articles 6(1)(a) and 9(2)(a))."""

    PUBLISH = "publish", _("publish")
    CONTACT = "contact", _("contact")
    SHARE = "share", _("share with my organisation")


class Signed(models.Model):
    """What a person wrote in the form. `trades` is a sorted list of codes between commas: `,composer,musician,`.

    `email_key` is the keyed digest of the canonical address; `address_key` that of the network it came from, whose key
    changes each day. `text_version` is the version of the statement, `consent_version` that of the consents' wording.
    """

    uid = models.BinaryField(max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=80)
    email = models.CharField(_("mail address"), max_length=254, blank=True)
    trades = models.CharField(_("trades"), max_length=200)
    other_trade = models.CharField(_("other trade"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2)
    organisation_name = models.CharField(_("organisation"), max_length=120, blank=True)
    link = models.CharField(_("link"), max_length=200, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    display = models.SmallIntegerField(_("shown"), choices=Display.choices)
    language = models.CharField(max_length=8)
    text_version = models.PositiveIntegerField()
    consent_version = models.PositiveSmallIntegerField()
    address_key = models.BinaryField(max_length=16, null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class PendingSignature(Signed):
    """A form that was sent and whose mail address is not confirmed; deleted after seven days.

    `held_because` says why a person must look at it once confirmed; empty for nearly all.
    """

    email_key = models.BinaryField(max_length=32)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    publish = models.BooleanField()
    contact = models.BooleanField()
    share = models.BooleanField()
    held_because = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("pending signature")
        indexes = (
            models.Index(fields=["email_key"], name="pending_email"),
            models.Index(fields=["created_at"], name="pending_created"),
        )


class Signature(Signed):
    """A signature whose mail address was confirmed. `roll_number` is its number on the roll, once entered."""

    email_key = models.BinaryField(max_length=32, null=True, blank=True, unique=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="signatures"
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    held_because = models.CharField(max_length=40, blank=True)
    comment_shown = models.BooleanField(_("comment is shown"), default=False)
    confirmed_at = models.DateTimeField(_("confirmed"))
    roll_number = models.PositiveIntegerField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("signature")
        indexes = (
            models.Index(
                fields=["id"], name="to_enter", condition=models.Q(state="confirmed", roll_number=None)
            ),
            models.Index(fields=["id"], name="to_review", condition=models.Q(state="held")),
            models.Index(fields=["confirmed_at"], name="signature_confirmed"),
        )


class Consent(models.Model):
    """One consent that was given: to what, in which wording and language, when; and when it was taken back."""

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    wording = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["signature", "purpose"], name="one_consent_per_purpose"),
        )
