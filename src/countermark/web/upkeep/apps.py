"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    """The room `upkeep`."""

    name = "countermark.web.upkeep"
    label = "upkeep"
