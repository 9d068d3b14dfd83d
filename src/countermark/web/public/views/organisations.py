"""The organisations that signed as such."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from countermark.web.config.kept import FIGURES_SECONDS, kept
from countermark.web.organisations.models import Kind, Organisation, State

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE: int = 100


@require_safe
@kept(FIGURES_SECONDS, query=("page", "kind"))
def organisations(request: HttpRequest) -> HttpResponse:
    """Verified ones by name, of one kind if asked, a hundred on a page."""
    kind = request.GET.get("kind", "")
    found = Organisation.objects.filter(state=State.VERIFIED).order_by("name", "pk")
    if kind in Kind.values:
        found = found.filter(kind=kind)
    pages = Paginator(
        found.only("slug", "name", "kind", "country", "members_stated", "proof", "roll_number"), PAGE
    )
    page = pages.get_page(request.GET.get("page", "1")[:6])
    if request.GET.get("page") and str(page.number) != request.GET["page"]:
        return redirect(request.path)
    context = {"page": page, "kind": kind, "kinds": Kind.choices}
    return render(request, "public/organisations.html", context)
