"""Runs in the admin, to read and to publish. What members bring is theirs and is not listed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from countermark.errors import InputError
from countermark.web.config.admin import HistoryAdmin
from countermark.web.registry.models import Run
from countermark.web.registry.runs import publish_run, unpublish_run

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Run)
class RunAdmin(HistoryAdmin[Run]):
    """Scans of data sets that were imported."""

    list_display = ("data_set", "snapshot", "imported_at", "published_at")
    fields = ("data_set", "snapshot", "digest", "summary", "imported_at", "published_at")
    actions = ("publish", "unpublish")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return request.user.is_active and request.user.is_superuser

    @admin.action(description=_("Show the figures on the public page"), permissions=["publish"])
    def publish(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        """Publish the aggregate of each run that may be."""
        for run in chosen:
            try:
                publish_run(run, request.user.get_username())
            except InputError as error:
                self.message_user(request, str(error), messages.ERROR)

    @admin.action(description=_("Take the figures off the public page"), permissions=["publish"])
    def unpublish(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        """Unpublish each run."""
        for run in chosen:
            unpublish_run(run, request.user.get_username())
