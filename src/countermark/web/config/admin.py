"""Kinds of admin pages: those where nothing can be changed, and those that every moderator may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from django.contrib import admin
from django.db import models

if TYPE_CHECKING:
    from django.http import HttpRequest

M = TypeVar("M", bound=models.Model)

if TYPE_CHECKING:

    class _Admin(admin.ModelAdmin[M], Generic[M]):
        """The admin's class as the type checker knows it."""
else:

    class _Admin(admin.ModelAdmin):
        """The admin's class, which at run time has no parameter."""

        def __class_getitem__(cls, model: object) -> type[_Admin]:
            return cls


class RoomAdmin(_Admin[M]):
    """For administrators; without the action that deletes many at once."""

    actions_on_bottom = False
    show_full_result_count = False
    list_per_page = 50

    def get_actions(self, request: HttpRequest) -> dict[str, object]:  # type: ignore[override]
        """All but deleting many at once: what is deleted is named in the log, one by one."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return dict(actions)


class HistoryAdmin(RoomAdmin[M]):
    """Rows that can be read and never changed here."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002
        """Nobody."""
        return False


class ModeratorsAdmin(RoomAdmin[M]):
    """What every moderator may read and change; the door of the admin let nobody else in."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Moderators."""
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002
        """Moderators."""
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Moderators."""
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002
        """Moderators."""
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002
        """Moderators."""
        return self.has_module_permission(request)


class FixedAdmin(ModeratorsAdmin[M]):
    """Rows whose number is given by the program: moderators change them, none is added or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002
        """Nobody."""
        return False
