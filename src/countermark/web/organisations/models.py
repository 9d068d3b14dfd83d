"""Organisations that sign as such, and the people who may act for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from countermark.web.config.tokens import make_token
from countermark.web.organisations.domains import shown


class Kind(models.TextChoices):
    """What an organisation is."""

    UNION = "union", _("union")
    COLLECTING_SOCIETY = "collecting_society", _("collecting society")
    LABEL = "label", _("label")
    PUBLISHER = "publisher", _("publisher")
    NEWSPAPER = "newspaper", _("newspaper")
    GUILD = "guild", _("guild")
    ASSOCIATION = "association", _("association")
    OTHER = "other", _("other")


class State(models.TextChoices):
    """Where an organisation stands; only `verified` ones are listed."""

    PENDING = "pending", _("waiting for proof of mandate")
    VERIFIED = "verified", _("verified")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Proof(models.TextChoices):
    """How the mandate was shown: a mail read on the domain, or a token in DNS or at a well-known address."""

    MAIL = "mail", _("mail on the domain")
    DNS = "dns", _("record in DNS")
    WELL_KNOWN = "well-known", _("file on the site")
    BY_HAND = "by-hand", _("checked by a moderator")


class Organisation(models.Model):
    """An organisation. `members_stated` is what it says of itself, and is always labelled so.

    `domain` is as in DNS (`xn--…` where it has letters beyond ASCII); pending ones may share it, verified ones not.
    `slug` means nothing until it is verified. `contact` is the consent to be written to, in the wording
    `consent_version`; to publish is what signing consists of. `checked_at` and `outcome` tell of the newest look at
    DNS and site. `roll_number` is its number on the roll, once verified and entered. A withdrawn one keeps no
    person's data.
    """

    uid = models.BinaryField(max_length=16, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    domain = models.CharField(_("domain"), max_length=253)
    country = models.CharField(_("country"), max_length=2)
    members_stated = models.PositiveIntegerField(_("members, as stated"), null=True, blank=True)
    representative = models.CharField(_("representative"), max_length=120)
    role = models.CharField(_("role"), max_length=120)
    email = models.EmailField(_("mail of the representative"), max_length=254)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    proof = models.CharField(_("proof"), max_length=10, choices=Proof.choices, blank=True)
    language = models.CharField(max_length=8)
    text_version = models.PositiveIntegerField()
    contact = models.BooleanField(_("may be written to"), default=False)
    consent_version = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    roll_number = models.PositiveIntegerField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("organisation")
        constraints = (
            models.UniqueConstraint(
                fields=["domain"], name="one_verified_per_domain", condition=models.Q(state="verified")
            ),
        )
        indexes = (
            models.Index(
                fields=["id"], name="org_to_enter", condition=models.Q(state="verified", roll_number=None)
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def proof_token(self) -> str:
        """What the domain has to show: public, and of no use anywhere else."""
        return make_token("mandate", bytes(self.uid))

    @property
    def domain_shown(self) -> str:
        """The domain for readers, with its spelling in DNS beside it where the two differ."""
        return shown(self.domain)


class Representative(models.Model):
    """An account that may see what members of an organisation share with it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mandates")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="representatives")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "organisation"], name="one_mandate_each"),)
