"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class SigningConfig(AppConfig):
    """The room `signing`."""

    name = "countermark.web.signing"
    label = "signing"
