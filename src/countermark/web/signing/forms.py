"""The forms as pages show them. The rules of the signing form are in `entry`; these hold labels, hints and faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from countermark.web.fields.countries import choices as country_choices
from countermark.web.signing.consents import PURPOSES, wording
from countermark.web.signing.entry import LONGEST
from countermark.web.signing.models import Display

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise

    from countermark.web.signing.models import Signature

FIRST_COUNTRY = ("", "—")


class ShownForm(forms.Form):
    """A form whose faults were found elsewhere: `faults` is {field: messages}; of no field, under ""."""

    required_css_class = "required"

    def __init__(
        self,
        data: QueryDict | None = None,
        faults: Mapping[str, list[str]] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.faults = dict(faults or {})

    def full_clean(self) -> None:
        """Take over the faults."""
        self.cleaned_data = {}
        self._errors = ErrorDict()
        for name, messages in self.faults.items():
            self._errors[name if name in self.fields else "__all__"] = self.error_class(messages)


class ConsentForm(ShownForm):
    """What is shown of a signature, and the three consents, none of them ticked in advance."""

    display = forms.TypedChoiceField(
        label=_("What the public sees"),
        choices=Display.choices,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("Only you can show more of it later; you can show less at any time."),
    )
    publish = forms.BooleanField(label=_("Publish my name"), required=False)
    contact = forms.BooleanField(label=_("Write to me"), required=False)
    share = forms.BooleanField(label=_("Tell my organisation"), required=False)

    @property
    def consents(self) -> list[tuple[forms.BoundField, str]]:
        """The three consents with their words, to be shown together."""
        language = get_language() or "en"
        return [(self[purpose], wording(purpose, language)) for purpose in PURPOSES]


def _line(
    label: StrOrPromise, name: str, hint: StrOrPromise = "", *, required: bool = False, **attributes: str
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST[name],
        widget=forms.TextInput(attrs=attributes),
    )


class SignForm(ConsentForm):
    """The signing form."""

    name = _line(
        _("Name"),
        "name",
        _("As it shall be read. A pen name is welcome; we never ask for a legal name."),
        required=True,
        autocomplete="name",
    )
    email = forms.CharField(
        label=_("Mail address"),
        max_length=LONGEST["email"],
        help_text=_("We send you a link to confirm. It is never published."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    trades = forms.MultipleChoiceField(label=_("Trades"), help_text=_("From one to five."))
    other_trade = _line(
        _("Other trade, in words"), "other_trade", _("The roll says “other”; the organiser reads your words.")
    )
    country = forms.ChoiceField(
        label=_("Country where you work"), widget=forms.Select(attrs={"autocomplete": "country"})
    )
    organisation = _line(
        _("Organisation"),
        "organisation",
        _("Your union, society, label, publisher or paper, if you wish to name it."),
        autocomplete="organization",
        list="organisations",
    )
    link = _line(
        _("Link to your work"),
        "link",
        _("A page about you or your work. It helps to know you; it is not published."),
        autocomplete="url",
        inputmode="url",
    )
    comment = forms.CharField(
        label=_("A word on why you sign"),
        required=False,
        max_length=LONGEST["comment"],
        help_text=_("At most 500 characters. A moderator reads it before it may be shown."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = (
        *("name", "email", "trades", "other_trade", "country", "organisation", "link", "comment"),
        *("display", "publish", "contact", "share"),
    )

    def __init__(self, data: QueryDict | None = None, faults: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(data, faults)
        countries = (FIRST_COUNTRY, *country_choices(get_language() or "en"))
        self.fields["country"].widget.choices = countries
        self.chosen_trades = frozenset(data.getlist("trades") if data is not None else ())


class ResendForm(ShownForm):
    """One mail address, to which we send again what there is."""

    email = forms.CharField(
        label=_("Mail address"),
        max_length=LONGEST["email"],
        help_text=_("The one that you signed with, or meant to."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


def change_form(signature: Signature) -> ConsentForm:
    """What a signatory chose, to be changed."""
    given = set(
        signature.consents.filter(withdrawn_at=None).values_list("purpose", flat=True)  # what holds now
    )
    return ConsentForm(
        initial={"display": signature.display, **{purpose: purpose in given for purpose in PURPOSES}}
    )
