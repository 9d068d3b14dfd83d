"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """The room `moderation`."""

    name = "countermark.web.moderation"
    label = "moderation"
