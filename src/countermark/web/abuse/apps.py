"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


def _forget(**_: object) -> None:
    from countermark.web.abuse.memory import forget  # noqa: PLC0415 models are loaded by now

    forget()


class AbuseConfig(AppConfig):
    """The room `abuse`."""

    name = "countermark.web.abuse"
    label = "abuse"

    def ready(self) -> None:
        """What is remembered of limits, lists and switches is read again when this process changes them."""
        for name in ("RateRule", "ListEntry", "Switch"):
            model = self.get_model(name)
            for signal in (post_save, post_delete):
                signal.connect(_forget, sender=model, dispatch_uid=f"forget {name}")
