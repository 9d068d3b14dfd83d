"""The form that an organisation signs with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

from countermark.web.fields.countries import choices
from countermark.web.fields.names import has_letter, is_clean, mixes_scripts, tidy
from countermark.web.mail.addresses import is_deliverable
from countermark.web.organisations import domains
from countermark.web.organisations.models import Kind

MOST_MEMBERS = 100_000_000


class LineField(forms.CharField):
    """One line of clean text with at least one letter, without letters that pretend to be others."""

    def to_python(self, value: Any) -> str:
        """Compose, and take spaces out of the ends."""
        return tidy(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """Refuse what cannot be read as it looks."""
        super().validate(value)
        if value and not is_clean(value):
            raise ValidationError(_("There are characters here that cannot be seen. Please type it again."))
        if value and not has_letter(value):
            raise ValidationError(_("There is no letter in this."))
        if mixes_scripts(value):
            raise ValidationError(_("One word here mixes letters of two alphabets. Please use one."))


class OrganisationForm(forms.Form):
    """What an organisation says of itself and who signs for it. No box is ticked beforehand."""

    name = LineField(label=_("Name of the organisation"), max_length=160)
    kind = forms.ChoiceField(label=_("What it is"), choices=[("", "–"), *Kind.choices])
    domain = forms.CharField(
        label=_("Its domain on the internet"),
        max_length=253,
        help_text=_("The one that its site or its mail uses, such as example.org. It proves who you are."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "inputmode": "url", "autocomplete": "off"}
        ),
    )
    country = forms.ChoiceField(label=_("Country"), choices=())
    members_stated = forms.IntegerField(
        label=_("Number of members"),
        required=False,
        min_value=1,
        max_value=MOST_MEMBERS,
        help_text=_("Shown as stated by the organisation. Leave it empty if you have no members."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    representative = LineField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Not published."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    role = LineField(
        label=_("Your role in it"),
        max_length=120,
        help_text=_("For example: chair, director, general secretary. Not published."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = forms.CharField(
        label=_("Your mail address"),
        max_length=150,
        help_text=_("Best one on the organisation’s domain: it can then be verified at once. Not published."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    mandate = forms.BooleanField(
        label=_("I am entitled to sign the statement in the name of this organisation.")
    )
    publish = forms.BooleanField(
        label=_(
            "Name, kind, domain, country and members of the organisation are published and entered on the roll."
        )
    )
    contact = forms.BooleanField(
        label=_("The organiser may write to me about this statement."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 said for the type checker
        country.choices = [("", "–"), *choices(get_language() or "en")]

    def clean_domain(self) -> str:
        """The domain as it stands in DNS."""
        return domains.normalised(self.cleaned_data["domain"])

    def clean_email(self) -> str:
        """A plain address, as it can be delivered to; whether it exists is not looked up."""
        try:
            found = validate_email(
                self.cleaned_data["email"].strip(), check_deliverability=False, test_environment=True
            )
            address = found.ascii_email or found.normalized
        except EmailNotValidError:
            address = ""
        if not is_deliverable(address):
            raise ValidationError(_("This is not a mail address. Accepted is name@example.org."))
        return address
