"""Into the member space and out of it: consent, a link by mail, one button, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from countermark.web.abuse.limits import allowed
from countermark.web.abuse.switches import is_on
from countermark.web.registry import members, spaces
from countermark.web.registry.forms import OpenForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@csrf_exempt  # signatories have no cookies; the token in the address is what only they have
@require_http_methods(["GET", "HEAD", "POST"])
def open_space(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what a member space is and asks for consent; POST makes it and mails a link."""
    if is_on("no_member_space"):
        return render(request, "registry/closed.html", {"paused": True}, status=503)
    signature = members.signature_of(token)
    if signature is None:
        return render(request, "registry/closed.html", {"unknown": True}, status=404)
    already = hasattr(signature, "member")  # who consented before only asks for a new link
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not (already or form.is_valid()):
        context = {"form": form, "token": token, "name": signature.name, "already": already}
        return render(request, "registry/open.html", context, status=200 if request.method != "POST" else 422)
    if allowed(("member_link", bytes(signature.uid))) is not None:
        return render(request, "registry/link_sent.html", {"often": True}, status=429)
    sent = members.open_member(signature, get_language() or "en")
    return render(request, "registry/link_sent.html", {"no_address": not sent})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_space(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows one button, since programs that check mails follow links; POST opens the session."""
    if is_on("no_member_space"):
        return render(request, "registry/closed.html", {"paused": True}, status=503)
    member = members.member_of_link(token) if request.method != "POST" else members.use_link(token)
    if member is None:
        return render(request, "registry/closed.html", {"spent": True}, status=404)
    if request.method != "POST":
        return render(request, "registry/enter.html", {"token": token, "name": member.signature.name})
    spaces.enter(request, member)
    return redirect("member_space")


@never_cache
@require_POST
def leave_space(request: HttpRequest) -> HttpResponse:
    """End the session."""
    spaces.leave(request)
    return render(request, "registry/left.html")
