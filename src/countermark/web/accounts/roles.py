"""Who may open which page: a second factor stands before everything that shows what signatories wrote."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from countermark.web.config.environment import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest, HttpResponse

    from countermark.web.accounts.models import Organiser

Arguments = ParamSpec("Arguments")


def has_second_factor(user: Organiser | AnonymousUser) -> bool:
    """Whether an account has an authenticator app or a security key; recovery codes alone do not count."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))


def may_skip_second_factor() -> bool:
    """Whether moderators may do without one: only on a loopback origin, and only where the settings say so."""
    host = urlsplit(settings.SITE_ORIGIN).hostname or ""
    loopback = host in LOOPBACK or f"[{host}]" in LOOPBACK
    return loopback and settings.MODERATORS_MAY_SKIP_SECOND_FACTOR is True


def may_moderate(user: Organiser | AnonymousUser) -> bool:
    """Whether somebody moderates here, with a second factor."""
    return user.is_active and user.is_staff and (may_skip_second_factor() or has_second_factor(user))


def _second_factor_page(request: HttpRequest) -> HttpResponse:
    messages.warning(
        request,
        _("This page shows data of signatories. Set up an authenticator app or a security key first."),
    )
    return redirect("mfa_index")


def mfa_required(
    view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """Only for those who logged in and have a second factor; others are led to the page that they miss."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not has_second_factor(request.user):
            return _second_factor_page(request)
        return view(request, *args, **kwargs)

    return checked


def moderator_required(
    view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """Only for moderators with a second factor; anybody else who logged in gets 403."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied
        if not may_moderate(request.user):
            return _second_factor_page(request)
        return view(request, *args, **kwargs)

    return checked
