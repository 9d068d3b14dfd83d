"""The statement in the admin: its organiser, drafts of its text, and their publication, which cannot be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from countermark.web.config.admin import RoomAdmin
from countermark.web.statement.models import LANGUAGES, Statement, Text
from countermark.web.statement.texts import digest_of, rendered

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Statement)
class StatementAdmin(RoomAdmin[Statement]):
    """Who organises, until when; there is one."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only while there is none."""
        return super().has_add_permission(request) and not Statement.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:  # noqa: ARG002
        """Nobody."""
        return False


@admin.register(Text)
class TextAdmin(RoomAdmin[Text]):
    """Texts; drafts can be changed, published ones never."""

    list_display = ("version", "language", "title", "published_at")
    list_filter = ("language",)
    fields = ("version", "language", "title", "body", "sha256", "published_at")
    readonly_fields = ("sha256", "published_at")
    actions = ("publish",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new draft belongs to the next version."""
        newest = Text.objects.filter(published_at__isnull=False).order_by("-version").first()
        return {
            **super().get_changeform_initial_data(request),
            "version": newest.version + 1 if newest else 1,
        }

    def has_change_permission(self, request: HttpRequest, obj: Text | None = None) -> bool:
        """Administrators, and drafts only."""
        return super().has_change_permission(request, obj) and (obj is None or obj.published_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Text | None = None) -> bool:
        """Administrators, and drafts only."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)

    @admin.action(description=gettext_lazy("Publish this version in all languages…"), permissions=["change"])
    def publish(self, request: HttpRequest, chosen: QuerySet[Text]) -> TemplateResponse | None:
        """Show what would be published; once that is confirmed, publish it for ever."""
        version = chosen.order_by("version").values_list("version", flat=True).first() or 0
        if fault := self._fault(version, chosen):
            self.message_user(request, fault, messages.ERROR)
            return None
        if "confirmed" not in request.POST:
            drafts = [(row, rendered(row.body)) for row in Text.objects.filter(version=version)]
            context = {
                **self.admin_site.each_context(request),
                "title": _("Publish"),
                "drafts": drafts,
                "version": version,
            }
            return TemplateResponse(request, "admin/statement/text/publish.html", context)
        self._publish(request, version)
        self.message_user(request, _("The text is published."), messages.SUCCESS)
        return None

    def _fault(self, version: int, chosen: QuerySet[Text]) -> str:
        if chosen.exclude(version=version).exists():
            return _("Choose texts of one version.")
        drafts = Text.objects.filter(version=version, published_at=None)
        missing = [name for code, name in LANGUAGES if not drafts.filter(language=code).exists()]
        if missing:
            return _(
                "This version has no draft in: %(languages)s. A version is published in all languages at once."
            ) % {"languages": ", ".join(missing)}
        if Text.objects.filter(published_at__isnull=False, version__gt=version).exists():
            return _("A newer version is published already.")
        return ""

    def _publish(self, request: HttpRequest, version: int) -> None:
        with transaction.atomic():
            for row in Text.objects.select_for_update().filter(version=version, published_at=None):
                row.title = row.title.strip()
                row.sha256, row.published_at = digest_of(row.title, row.body), timezone.now()
                row.save()
                self.log_change(request, row, [{"changed": {"fields": ["published_at"]}}])
