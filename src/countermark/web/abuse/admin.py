"""Limits, lists, alarms and switches in the admin, for every moderator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from countermark.web.abuse.limits import write_defaults
from countermark.web.abuse.models import Alarm, ListEntry, RateRule, Switch
from countermark.web.abuse.switches import NAMES, write_missing
from countermark.web.config.admin import FixedAdmin, HistoryAdmin, ModeratorsAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

MEANING: Final[dict[str, StrOrPromise]] = {
    "sign_burst": _("signatures from one network"),
    "sign_sustained": _("signatures from one network"),
    "email_daily": _("confirmation mails to one address"),
    "resend": _("links sent again to one address"),
    "search": _("searches of the roll from one network"),
    "upload": _("works or deposits of one member"),
    "organisation": _("organisations from one network"),
    "member_link": _("links to the member space to one address"),
    "api": _("requests of programs from one network"),
    "challenge": _("signatures on the whole site, from which on a proof of work is asked"),
    "alarm_domain": _("signatures from one mail domain, then an alarm"),
    "alarm_network": _("signatures from one network, then an alarm"),
    "alarm_name": _("signatures in one name, then an alarm"),
}


@admin.register(RateRule)
class RateRuleAdmin(FixedAdmin[RateRule]):
    """How much of what in which time."""

    list_display = ("name", "meaning", "limit", "seconds", "enabled")
    readonly_fields = ("name", "meaning")
    ordering = ("name",)

    @admin.display(description=_("what is counted"))
    def meaning(self, rule: RateRule) -> str:
        """What the rule counts, in words."""
        return str(MEANING.get(rule.name, ""))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The rules, all of them."""
        write_defaults()
        return super().changelist_view(request, extra_context)


@admin.register(ListEntry)
class ListEntryAdmin(ModeratorsAdmin[ListEntry]):
    """Domains, networks and mail addresses, and what is done with them."""

    list_display = ("pattern", "kind", "verdict", "note")
    list_filter = ("kind", "verdict")
    search_fields = ("pattern", "note")


@admin.register(Switch)
class SwitchAdmin(FixedAdmin[Switch]):
    """The peak switches."""

    list_display = ("name", "meaning", "on")
    readonly_fields = ("name", "meaning")
    ordering = ("name",)

    @admin.display(description=_("when it is on"))
    def meaning(self, switch: Switch) -> str:
        """What the switch does, in words."""
        return str(NAMES.get(switch.name, ""))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The switches, all of them."""
        write_missing()
        return super().changelist_view(request, extra_context)


@admin.register(Alarm)
class AlarmAdmin(HistoryAdmin[Alarm]):
    """What was seen unusually often."""

    list_display = ("hour", "kind", "label", "count", "seen_by")
    list_filter = ("kind",)
    date_hierarchy = "hour"
