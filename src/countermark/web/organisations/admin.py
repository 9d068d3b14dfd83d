"""Organisations in the admin, to read; mandates of accounts. They are verified on the moderation pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from countermark.web.abuse.emails import masked
from countermark.web.config.admin import HistoryAdmin, RoomAdmin
from countermark.web.organisations.models import Organisation, Representative

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(Organisation)
class OrganisationAdmin(HistoryAdmin[Organisation]):
    """Organisations that signed or want to."""

    list_display = ("name", "kind", "domain", "country", "state", "proof", "roll_number")
    list_filter = ("state", "kind")
    search_fields = ("name", "domain")
    fields = (
        *("name", "kind", "domain", "country", "members_stated", "representative", "role", "mail"),
        *("state", "proof", "created_at", "verified_at", "roll_number"),
    )

    @admin.display(description=_("mail"))
    def mail(self, organisation: Organisation) -> str:
        """The address of the representative, masked."""
        return masked(organisation.email)


@admin.register(Representative)
class RepresentativeAdmin(RoomAdmin[Representative]):
    """Which account has a mandate of which organisation; given by invitation, taken back here."""

    list_display = ("user", "organisation", "granted_at")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody: an invitation gives it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Representative | None = None) -> bool:  # noqa: ARG002
        """Nobody: it is taken back and given anew."""
        return False
