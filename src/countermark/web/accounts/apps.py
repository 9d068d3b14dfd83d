"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room `accounts`."""

    name = "countermark.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Put our door before the admin."""
        from django.contrib import admin  # noqa: PLC0415

        from countermark.web.accounts.door import guard  # noqa: PLC0415

        guard(admin.site)
