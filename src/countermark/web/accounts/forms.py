"""The form that an invitation leads to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from countermark.web.accounts.models import Organiser


class PasswordForm(forms.Form):
    """A password for the new account; long phrases are welcome."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. A sentence that only you know is a good one."),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """Refuse what is short, common, or like the mail address."""
        password: str = self.cleaned_data["password"]
        validate_password(password, Organiser(username=self.email, email=self.email))
        return password
