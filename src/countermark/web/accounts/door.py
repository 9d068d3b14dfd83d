"""The door of Django's admin: the site's own login, with its limits and second factor, in place of the admin's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect

from countermark.web.accounts.roles import may_moderate, moderator_required

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse


def _may_enter(request: HttpRequest) -> bool:
    return may_moderate(request.user)


def _log_in(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG001
    return redirect("admin:index")


def guard(site: AdminSite) -> None:
    """Let in moderators with a second factor only; lead others to the login, or to what they miss."""
    site.has_permission = _may_enter  # type: ignore[method-assign]
    site.login = moderator_required(_log_in)  # type: ignore[method-assign,assignment]
