"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_save

from countermark.web.statement.recent import forget


class StatementConfig(AppConfig):
    """The room `statement`."""

    name = "countermark.web.statement"
    label = "statement"

    def ready(self) -> None:
        """What is saved here is seen at once by this process."""
        for model in ("Statement", "Text"):
            post_save.connect(forget, sender=self.get_model(model), dispatch_uid=f"statement forgets {model}")
