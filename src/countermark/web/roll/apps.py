"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class RollConfig(AppConfig):
    """The room `roll`."""

    name = "countermark.web.roll"
    label = "roll"
