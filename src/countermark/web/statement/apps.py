"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class StatementConfig(AppConfig):
    """The room `statement`."""

    name = "countermark.web.statement"
    label = "statement"
