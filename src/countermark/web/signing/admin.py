"""Signatures in the admin: to read, without mail addresses; to delete one is to withdraw it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from countermark.web.abuse.emails import masked
from countermark.web.accounts.log import record
from countermark.web.config.admin import HistoryAdmin
from countermark.web.signing.actions.withdraw import withdraw
from countermark.web.signing.models import PendingSignature, Signature, Signed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.admin.models import LogEntry
    from django.http import HttpRequest

S = TypeVar("S", bound=Signed)
FIELDS: Final = (
    *("name", "mail", "trades", "other_trade", "country", "organisation_name", "link", "comment"),
    *("display", "language", "text_version", "created_at"),
)


class SignedAdmin(HistoryAdmin[S]):
    """Without mail addresses, keys and tokens."""

    readonly_fields = ("mail",)

    @admin.display(description=_("mail"))
    def mail(self, signed: S) -> str:
        """The mail address, masked."""
        return masked(signed.email)


@admin.register(Signature)
class SignatureAdmin(SignedAdmin[Signature]):
    """Signatures. Nobody adds or changes one; administrators can withdraw one on request of its holder."""

    list_display = ("name", "mail", "state", "country", "confirmed_at", "roll_number")
    list_filter = ("state", "display", "language")
    search_fields = ("name", "=roll_number")
    fields = (*FIELDS, "state", "confirmed_at", "roll_number")
    date_hierarchy = "confirmed_at"

    def has_delete_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:  # noqa: ARG002
        """Administrators."""
        return request.user.is_active and request.user.is_superuser

    def get_deleted_objects(
        self,
        objs: Iterable[Signature],
        request: HttpRequest,  # noqa: ARG002
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """What the page asks about: the signature itself; its consents and its member space go with it."""
        names = [str(row) for row in objs]
        return names, {str(_("signatures")): len(names)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Signature) -> None:
        """Withdraw it, and log who did."""
        record(request.user, "signature withdrawn", f"signature {obj.pk}", roll_number=obj.roll_number)
        withdraw(obj.pk)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:  # noqa: ARG002
        """Nothing: the admin's own journal would keep the name; `delete_model` writes the log."""
        return []


@admin.register(PendingSignature)
class PendingSignatureAdmin(SignedAdmin[PendingSignature]):
    """Forms that were sent and are not confirmed."""

    list_display = ("name", "mail", "country", "created_at", "held_because")
    fields = (*FIELDS, "held_because")
