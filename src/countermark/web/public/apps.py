"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """The room `public`."""

    name = "countermark.web.public"
    label = "public"
