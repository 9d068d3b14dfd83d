"""The roll in the admin: to read only."""

from __future__ import annotations

from django.contrib import admin

from countermark.web.config.admin import HistoryAdmin
from countermark.web.roll.models import Change, Entry, Head, Leaf


@admin.register(Entry)
class EntryAdmin(HistoryAdmin[Entry]):
    """What each number stands for."""

    list_display = ("number", "kind", "standing", "name", "country", "entered_on")
    list_filter = ("kind", "standing")
    search_fields = ("=number", "folded")
    fields = (
        "number",
        "position",
        "kind",
        "standing",
        "name",
        "trades",
        "country",
        "organisation_name",
        "entered_on",
    )


@admin.register(Head)
class HeadAdmin(HistoryAdmin[Head]):
    """Signed tree heads."""

    list_display = ("size", "at", "published", "root_hex")
    fields = ("size", "root_hex", "at", "published", "document")

    @admin.display(description="root")
    def root_hex(self, head: Head) -> str:
        """The root in hexadecimal."""
        return bytes(head.root).hex()


@admin.register(Leaf)
class LeafAdmin(HistoryAdmin[Leaf]):
    """The lines of the log."""

    list_display = ("position", "line")
    fields = ("position", "line")
    ordering = ("-position",)

    @admin.display(description="content")
    def line(self, leaf: Leaf) -> str:
        """The bytes that are hashed, as text."""
        return bytes(leaf.content).decode("utf-8", "replace")


@admin.register(Change)
class ChangeAdmin(HistoryAdmin[Change]):
    """Withdrawals, amendments, invalidations and reinstatements, and whether they are appended."""

    list_display = ("number", "kind", "reason", "created_at", "leaf")
    list_filter = ("kind",)
