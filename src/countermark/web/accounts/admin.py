"""The admin's pages of accounts and of the log; and every change in the admin goes to that log."""

from __future__ import annotations

import json
from typing import Any, Final

from allauth.account import admin as _account_admin  # noqa: F401 it registers its pages first, then ours replace them
from allauth.account.models import EmailAddress
from allauth.mfa import admin as _mfa_admin  # noqa: F401
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from countermark.web.accounts.log import record
from countermark.web.accounts.models import Invitation, Logged, Organiser
from countermark.web.config.admin import HistoryAdmin

VERBS: Final = {ADDITION: "admin added", CHANGE: "admin changed", DELETION: "admin deleted"}

admin.site.site_title = "Countermark"
admin.site.site_header = "Countermark"
for model in (Group, EmailAddress, Authenticator):  # whatever other packages would show of them
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@receiver(pre_save, sender=LogEntry, dispatch_uid="admin names nobody")
def _name_nobody(instance: LogEntry, **_: Any) -> None:
    """The admin's own journal keeps the number of a row instead of what it says, which may be a person's name."""
    instance.object_repr = f"{_subject(instance)}"[:200]


@receiver(post_save, sender=LogEntry, dispatch_uid="admin is logged")
def _log(instance: LogEntry, *, created: bool, **_: Any) -> None:
    """Write what the admin did into the log that nobody can change."""
    if created:
        fields = _changed(instance.change_message)
        record(instance.user, VERBS.get(instance.action_flag, "admin"), _subject(instance), fields=fields)


def _subject(entry: LogEntry) -> str:
    kind = entry.content_type.model if entry.content_type else "row"
    return f"{kind} {entry.object_id}"


def _changed(message: str) -> list[str]:
    """The names of the fields that were changed; or the words of an action."""
    try:
        parts = json.loads(message) if message else []
    except ValueError:
        return [message[:100]]
    if not isinstance(parts, list):
        return []
    return [str(field) for part in parts for field in part.get("changed", {}).get("fields", [])]


@admin.register(Organiser)
class OrganiserAdmin(UserAdmin):  # type: ignore[type-arg]
    """Accounts; made by invitation, never here."""

    list_display = ("username", "email", "is_active", "is_staff", "is_superuser", "last_login")

    def has_add_permission(self, request: Any) -> bool:  # noqa: ARG002
        """Nobody: an invitation makes the account."""
        return False


@admin.register(Invitation)
class InvitationAdmin(HistoryAdmin[Invitation]):
    """Invitations that were sent."""

    list_display = ("role", "created_at", "accepted_at")
    fields = ("role", "email", "created_at", "accepted_at")


@admin.register(Logged)
class LoggedAdmin(HistoryAdmin[Logged]):
    """The log."""

    list_display = ("at", "actor", "action", "subject")
    list_filter = ("action",)
    search_fields = ("actor", "subject")
    date_hierarchy = "at"


@admin.register(Authenticator)
class AuthenticatorAdmin(HistoryAdmin[Authenticator]):
    """Second factors, without their secrets; a lost one is deleted here, so that its holder can set up another."""

    list_display = ("user", "type", "created_at", "last_used_at")
    fields = ("user", "type", "created_at", "last_used_at")

    def has_delete_permission(self, request: Any, obj: Authenticator | None = None) -> bool:  # noqa: ARG002
        """Administrators."""
        return bool(request.user.is_active and request.user.is_superuser)
