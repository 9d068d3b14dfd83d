"""The forms of the moderation pages."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from countermark.web.abuse.patterns import tidy_pattern
from countermark.web.fields.countries import choices as countries
from countermark.web.moderation.criteria import NAMES
from countermark.web.moderation.models import Reason
from countermark.web.signing.trades import TRADES, trade_name

MOST_NUMBERS: Final = 1000
KEY: Final = re.compile(r"[0-9a-f]{32}")
MINUTES: Final = "%Y-%m-%dT%H:%M"


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        input_formats=[MINUTES, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES),
        help_text=gettext_lazy("in UTC"),
    )


class CriteriaForm(forms.Form):
    """Which signatures are meant, and why; all criteria that are given must hold."""

    domain = forms.CharField(
        label=gettext_lazy("Mail domain"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("example.org, or *.example.org for everything below it"),
    )
    network = forms.CharField(
        label=gettext_lazy("Network key"),
        required=False,
        max_length=32,
        help_text=gettext_lazy("32 hexadecimal digits, from an alarm or a review; it changes each day"),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("the whole name; * stands for anything; accents and capitals do not matter"),
    )
    since = _moment(gettext_lazy("Confirmed since"))
    until = _moment(gettext_lazy("Confirmed before"))
    trade = forms.ChoiceField(label=gettext_lazy("Trade"), required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    comment = forms.CharField(
        label=gettext_lazy("Words in the comment"), required=False, max_length=200, min_length=3
    )
    numbers = forms.CharField(
        label=gettext_lazy("Signatures"),
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "their numbers as the moderation pages show them, with spaces or commas between"
        ),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Public reason"),
        choices=Reason.choices,
        help_text=gettext_lazy("It is written on the roll for each number, and counted in public."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note for moderators"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("without names or mail addresses of signatories"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        trades = sorted(((code, trade_name(code, language)) for code in TRADES), key=lambda pair: pair[1])
        for name, listed in (("trade", trades), ("country", countries(language))):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "–"), *listed]

    def clean_domain(self) -> str:
        """One spelling; `*.` alone of the stars."""
        value: str = self.cleaned_data["domain"]
        if value.startswith("**."):
            value = value[1:]
        return tidy_pattern("domain", value.removeprefix("@")) if value else ""

    def clean_network(self) -> str:
        """32 hexadecimal digits."""
        value: str = self.cleaned_data["network"].lower()
        if value and not KEY.fullmatch(value):
            raise ValidationError(_("A network key has 32 hexadecimal digits."))
        return value

    def clean_name(self) -> str:
        """Not a name that is everybody's."""
        value: str = self.cleaned_data["name"].strip()
        if value and sum(map(str.isalpha, value)) < 2:
            raise ValidationError(_("Give at least two letters of the name."))
        return value

    def clean_numbers(self) -> list[int]:
        """Whole numbers, at most `MOST_NUMBERS`."""
        parts = re.split(r"[\s,;]+", self.cleaned_data["numbers"].strip())
        if any(part and not (part.isdecimal() and len(part) < 15) for part in parts):
            raise ValidationError(_("Accepted are whole numbers with spaces or commas between."))
        if len(parts) > MOST_NUMBERS:
            raise ValidationError(_("At most 1,000 numbers at once."))
        return sorted({int(part) for part in parts if part})

    def clean(self) -> dict[str, Any]:
        """At least one criterion, and an order of the times."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since >= until:
            self.add_error("until", _("This is not after the other time."))
        if not self.errors and not self.criteria():
            raise ValidationError(
                _("Give at least one criterion: an act without any would mean all signatures.")
            )
        return cleaned

    def criteria(self) -> dict[str, Any]:
        """What was given, as JSON values."""
        given = {name: self.cleaned_data.get(name) for name in NAMES}
        return {
            name: value.isoformat() if name in ("since", "until") else value
            for name, value in given.items()
            if value
        }


class RefusalForm(forms.Form):
    """Why a held signature is refused."""

    reason = forms.ChoiceField(label=gettext_lazy("Public reason"), choices=Reason.choices)


class SwitchForm(forms.Form):
    """The words of the message on the home page."""

    message_fr = forms.CharField(label=gettext_lazy("Message in French"), required=False, max_length=300)
    message_en = forms.CharField(label=gettext_lazy("Message in English"), required=False, max_length=300)
