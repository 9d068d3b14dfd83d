"""Notable names in the admin; invalidations to read, as they are done and undone on the moderation pages."""

from __future__ import annotations

from django.contrib import admin

from countermark.web.config.admin import HistoryAdmin, ModeratorsAdmin
from countermark.web.moderation.models import Invalidation, NotableName


@admin.register(NotableName)
class NotableNameAdmin(ModeratorsAdmin[NotableName]):
    """Names that are held for review."""

    list_display = ("name", "domain", "note")
    search_fields = ("name", "domain")


@admin.register(Invalidation)
class InvalidationAdmin(HistoryAdmin[Invalidation]):
    """What was invalidated, and undone."""

    list_display = ("id", "reason", "prepared_by", "prepared_at", "done_at", "undone_at")
    list_filter = ("reason",)
    fields = ("criteria", "reason", "note", "counts", "prepared_by", "prepared_at", "done_at", "undone_at")
