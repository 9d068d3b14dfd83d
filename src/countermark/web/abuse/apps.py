"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class AbuseConfig(AppConfig):
    """The room `abuse`."""

    name = "countermark.web.abuse"
    label = "abuse"
