"""Invalidations: prepare, look, do, undo; and the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from countermark.web.fields.countries import country_name
from countermark.web.moderation.criteria import NAMES
from countermark.web.moderation.forms import CriteriaForm
from countermark.web.moderation.invalidations import carry_out, criteria_of, prepare, preview, undo
from countermark.web.moderation.models import Invalidation
from countermark.web.moderation.views.door import attempt, moderator, page
from countermark.web.moderation.views.review import shown
from countermark.web.signing.trades import trade_name

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE: Final = 25


@page("GET", "HEAD")
def listed(request: HttpRequest) -> HttpResponse:
    """All acts, newest first."""
    rows = Paginator(Invalidation.objects.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "moderation/invalidations.html", {"page": rows, "query": ""})


@page("GET", "HEAD", "POST")
def new(request: HttpRequest) -> HttpResponse:
    """The form; an alarm may fill it in by its query. What it prepares is looked at before it is done."""
    if request.method == "POST":
        form = CriteriaForm(request.POST)
        if form.is_valid():
            act = prepare(
                moderator(request), form.criteria(), form.cleaned_data["reason"], form.cleaned_data["note"]
            )
            return redirect("moderation_invalidation", pk=act.pk)
    else:
        form = CriteriaForm(initial={name: request.GET.get(name, "")[:254] for name in NAMES})
    return render(
        request, "moderation/invalidation_new.html", {"form": form}, status=422 if form.errors else 200
    )


@page("GET", "HEAD", "POST")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """An act: its preview while it is not done, then its counts. POST does it or undoes it."""
    act = get_object_or_404(Invalidation, pk=pk)
    if request.method == "POST":
        user = moderator(request)
        if request.POST.get("do") == "undo":
            attempt(request, lambda: undo(pk, user), _("This is undone: the signatures count again."))
        elif request.POST.get("do") == "invalidate":
            attempt(
                request, lambda: carry_out(pk, user), _("The signatures are invalidated. This can be undone.")
            )
        return redirect("moderation_invalidation", pk=pk)
    context: dict[str, Any] = {"act": act, "criteria": _in_words(act)}
    if act.done_at is None:
        found = preview(act)
        highest = max((count for _day, count in found.days), default=1)
        context |= {"preview": found, "sample": [shown(row) for row in found.sample], "highest": highest}
    return render(request, "moderation/invalidation.html", context)


def _in_words(act: Invalidation) -> list[tuple[str, str]]:
    form, language = CriteriaForm(), get_language() or "en"
    words = []
    for name, value in criteria_of(act).items():
        if name == "trade":
            text = trade_name(value, language)
        elif name == "country":
            text = country_name(value, language)
        elif name == "numbers":
            text = ", ".join(map(str, value))
        else:
            text = str(value)
        words.append((str(form.fields[name].label), text))
    return words
