"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The room `organisations`."""

    name = "countermark.web.organisations"
    label = "organisations"

    def ready(self) -> None:
        """Listen for accepted invitations."""
        from countermark.web.organisations.mandates import listen  # noqa: PLC0415

        listen()
