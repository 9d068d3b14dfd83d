"""How Django knows this room."""

from __future__ import annotations

from django.apps import AppConfig


class MailConfig(AppConfig):
    """The room `mail`."""

    name = "countermark.web.mail"
    label = "mail"
