"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


def _forget(**_: object) -> None:
    from countermark.web.moderation import notable  # noqa: PLC0415 models are loaded by now

    notable.forget()


class ModerationConfig(AppConfig):
    """The room `moderation`."""

    name = "countermark.web.moderation"
    label = "moderation"

    def ready(self) -> None:
        """Offer the check of notable names to the signing room; a change of the names counts at once."""
        from countermark.web.moderation import notable  # noqa: PLC0415 models are loaded by now
        from countermark.web.signing import review  # noqa: PLC0415

        review.register(notable.check)
        for signal in (post_save, post_delete):
            signal.connect(_forget, sender=self.get_model("NotableName"), dispatch_uid="forget notable names")
