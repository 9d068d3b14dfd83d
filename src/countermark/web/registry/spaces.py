"""Who is in a member space: the session says which member, for two hours, and nothing else does."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from countermark.web.abuse.switches import is_on
from countermark.web.registry.models import Member
from countermark.web.signing.models import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    P = ParamSpec("P")

LASTS: Final = timedelta(hours=2)
_MEMBER, _UNTIL = "member", "member_until"


def enter(request: HttpRequest, member: Member) -> None:
    """Begin a session of this member; the session gets a new key, so that one set beforehand is worth nothing."""
    request.session.cycle_key()
    request.session[_MEMBER] = bytes(member.uid).hex()
    request.session[_UNTIL] = (timezone.now() + LASTS).timestamp()
    if not request.user.is_authenticated:
        request.session.set_expiry(int(LASTS.total_seconds()))


def leave(request: HttpRequest) -> None:
    """End the member's session; an organiser who is logged in stays so, with a new key."""
    if request.user.is_authenticated:
        request.session.pop(_MEMBER, None)
        request.session.pop(_UNTIL, None)
        request.session.cycle_key()
    else:
        request.session.flush()


def member_of(request: HttpRequest) -> Member | None:
    """The member of this session, while it lasts and the signature stands."""
    uid, until = request.session.get(_MEMBER), request.session.get(_UNTIL)
    if not isinstance(uid, str) or not isinstance(until, float) or until < timezone.now().timestamp():
        return None
    return (
        Member.objects.select_related("signature")
        .filter(uid=bytes.fromhex(uid), signature__state=State.CONFIRMED)
        .first()
    )


def for_members(
    view: Callable[Concatenate[HttpRequest, Member, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view that gets the member of the session; without one, a page says how to come in. Never cached."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_on("no_member_space"):
            return render(request, "registry/closed.html", {"paused": True}, status=503)
        member = member_of(request)
        if member is None:
            return render(request, "registry/closed.html", status=403)
        return view(request, member, *args, **kwargs)

    return never_cache(guarded)
