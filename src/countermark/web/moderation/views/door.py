"""What all moderation pages have in common: who may open them, and that no one keeps a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from countermark.errors import InputError
from countermark.web.accounts.roles import moderator_required

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from countermark.web.accounts.models import Organiser

Arguments = ParamSpec("Arguments")


def page(
    *methods: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Arguments], HttpResponse]],
    Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
]:
    """For moderators only, with these methods, never cached."""

    def opened(
        view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
        return moderator_required(never_cache(require_http_methods(list(methods))(view)))

    return opened


def moderator(request: HttpRequest) -> Organiser:
    """Who moderates; the door let nobody else in."""
    return cast("Organiser", request.user)


def attempt(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Do something, and tell that it is done, or why it could not be."""
    try:
        act()
    except InputError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True
