"""Who may act for an organisation: accounts with a mandate, and a second factor."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied

from countermark.web.accounts.roles import mfa_required
from countermark.web.organisations.models import Organisation, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from countermark.web.accounts.models import Organiser

Arguments = ParamSpec("Arguments")


def organisations_of(user: Organiser | AnonymousUser) -> QuerySet[Organisation]:
    """The verified organisations that an account has a mandate of, by name."""
    if not user.is_authenticated:
        return Organisation.objects.none()
    return Organisation.objects.filter(state=State.VERIFIED, representatives__user=user).order_by("name")


def representative_required(
    view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """Only for accounts with a mandate of some organisation and a second factor.

    Which organisation a page is about is for the page to look up in `organisations_of(request.user)`.
    """

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not organisations_of(request.user).exists():
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return mfa_required(checked)
