"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room `accounts`."""

    name = "countermark.web.accounts"
    label = "accounts"
