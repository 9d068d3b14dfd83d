"""Organisations that wait for the proof of a mandate, and a moderator's word where there is no other proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from countermark.web.abuse.emails import masked
from countermark.web.fields.countries import country_name
from countermark.web.moderation.views.door import moderator, page
from countermark.web.organisations.actions import refuse, verify_by_hand
from countermark.web.organisations.models import Organisation, State

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE: Final = 20


def _shown(row: Organisation) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "name": row.name,
        "kind": row.get_kind_display(),
        "domain": row.domain,
        "country": country_name(row.country, get_language() or "en"),
        "members_stated": row.members_stated,
        "representative": row.representative,
        "role": row.role,
        "email": masked(row.email),
        "created_at": row.created_at,
    }


@page("GET", "HEAD")
def waiting(request: HttpRequest) -> HttpResponse:
    """The organisations without proof, oldest first."""
    found = Organisation.objects.filter(state=State.PENDING).order_by("pk")
    rows = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": rows, "organisations": [_shown(row) for row in rows], "query": ""}
    return render(request, "moderation/organisations.html", context)


@page("GET", "HEAD", "POST")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that an organisation is verified by hand or refused, and do it."""
    row = get_object_or_404(Organisation, pk=pk, state=State.PENDING)
    verb = (request.POST if request.method == "POST" else request.GET).get("do", "")
    if verb not in ("verify", "refuse"):
        raise Http404
    if request.method == "POST":
        _carry_out(request, row, verb)
        return redirect("moderation_organisations")
    return render(request, "moderation/organisation.html", {"organisation": _shown(row), "verb": verb})


def _carry_out(request: HttpRequest, row: Organisation, verb: str) -> None:
    if verb == "refuse":
        refuse(row, moderator(request), request.POST.get("reason", ""))
        messages.success(request, _("The organisation is refused."))
    elif verify_by_hand(row, moderator(request)):
        messages.success(request, _("The organisation is verified."))
    else:
        messages.error(request, _("Another organisation with this domain is verified already."))
