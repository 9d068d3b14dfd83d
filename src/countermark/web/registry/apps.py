"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The room `registry`."""

    name = "countermark.web.registry"
    label = "registry"

    def ready(self) -> None:
        """Whatever deletes a member, a deposit or a work deletes its files too."""
        from countermark.web.registry import deletion  # noqa: PLC0415 - models are ready only now

        deletion.connect()
