"""Held signatures, one by one or all that are held for one reason; and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from countermark.web.abuse.emails import masked
from countermark.web.fields.countries import country_name
from countermark.web.moderation import reviews
from countermark.web.moderation.forms import RefusalForm
from countermark.web.moderation.notable import notable, proves
from countermark.web.moderation.views.door import attempt, moderator, page
from countermark.web.signing.models import Signature, State
from countermark.web.signing.trades import trade_name, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

PER_PAGE: Final = 20


def shown(signature: Signature) -> dict[str, Any]:
    """What a moderator sees of a signature: never its mail address in full."""
    language = get_language() or "en"
    return {
        "pk": signature.pk,
        "name": signature.name,
        "email": masked(signature.email),
        "trades": [trade_name(code, language) for code in unpacked(signature.trades)],
        "other_trade": signature.other_trade,
        "country": country_name(signature.country, language),
        "organisation": signature.organisation_name,
        "link": signature.link,
        "comment": signature.comment,
        "comment_shown": signature.comment_shown,
        "because": reviews.BECAUSE.get(signature.held_because, signature.held_because),
        "network": bytes(signature.address_key).hex() if signature.address_key else "",
        "confirmed_at": signature.confirmed_at,
        "number": signature.roll_number,
    }


def _with_proof(signature: Signature) -> dict[str, Any]:
    name = notable(signature.name)
    if name is None:
        return shown(signature)
    proof = {
        "notable": name,
        "proved": proves(signature.email, name.domain),
        "code": reviews.code_of(signature),
        "can_ask": bool(signature.email),
    }
    return {**shown(signature), **proof}


@page("GET", "HEAD")
def review(request: HttpRequest) -> HttpResponse:
    """The held signatures, oldest first; `?because=` keeps those of one reason."""
    held = Signature.objects.filter(state=State.HELD)
    because = request.GET.get("because", "")[:40]
    reasons = [
        {"code": code, "title": reviews.BECAUSE.get(code, code), "count": count}
        for code, count in held.values_list("held_because")
        .annotate(count=Count("pk"))
        .order_by("held_because")
    ]
    chosen = held.filter(held_because=because) if because else held
    rows = Paginator(chosen.order_by("pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": rows,
        "signatures": [_with_proof(row) for row in rows],
        "reasons": reasons,
        "because": because,
        "form": RefusalForm(),
        "query": f"because={because}&" if because in {row["code"] for row in reasons} and because else "",
    }
    return render(request, "moderation/review.html", context)


@page("POST")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Release, refuse, or ask for proof."""
    user, verb = moderator(request), request.POST.get("do", "")
    if verb == "release":
        attempt(request, lambda: reviews.release(pk, user), _("The signature counts."))
    elif verb == "ask":
        attempt(request, lambda: reviews.ask_for_proof(pk, user), _("A mail asks for proof."))
    elif verb == "refuse":
        form = RefusalForm(request.POST)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            attempt(
                request,
                lambda: reviews.refuse(pk, reason, user),
                _("The signature is refused. Under “Invalidations” this can be undone."),
            )
        else:
            messages.error(request, _("Choose the public reason of the refusal."))
    else:
        raise Http404
    return redirect("moderation_review")


@page("GET", "HEAD", "POST")
def release_all(request: HttpRequest) -> HttpResponse:
    """Look at how many are held for one reason, then release them all."""
    given = request.POST if request.method == "POST" else request.GET
    because = given.get("because", "")[:40]
    held = Signature.objects.filter(state=State.HELD, held_because=because)
    if not because or not held.exists():
        raise Http404
    if request.method == "POST":
        up_to = given.get("up_to", "")
        if not (up_to.isdecimal() and len(up_to) < 15):
            raise Http404
        count = reviews.release_all(because, int(up_to), moderator(request))
        messages.success(
            request,
            ngettext("%(n)d signature counts now.", "%(n)d signatures count now.", count) % {"n": count},
        )
        return redirect("moderation_review")
    context = {
        "because": because,
        "title": reviews.BECAUSE.get(because, because),
        "count": held.count(),
        "up_to": held.aggregate(newest=Max("pk"))["newest"],
        "signatures": _sample(held.order_by("-pk")[:PER_PAGE]),
    }
    return render(request, "moderation/release_all.html", context)


def _sample(rows: Iterable[Signature]) -> list[dict[str, Any]]:
    return [shown(row) for row in rows]


@page("GET", "HEAD", "POST")
def comments(request: HttpRequest) -> HttpResponse:
    """Comments that wait, or that are shown (`?shown=1`); several at once."""
    listing_shown = request.GET.get("shown") == "1"
    if request.method == "POST":
        return _change_comments(request)
    found = (
        Signature.objects.filter(state=State.CONFIRMED, comment_shown=listing_shown)
        .exclude(comment="")
        .order_by("-pk")
    )
    rows = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": rows,
        "signatures": [shown(row) for row in rows],
        "shown": listing_shown,
        "query": "shown=1&" if listing_shown else "",
    }
    return render(request, "moderation/comments.html", context)


def _change_comments(request: HttpRequest) -> HttpResponse:
    picked = [int(text) for text in request.POST.getlist("pick") if text.isdecimal() and len(text) < 15]
    verb = request.POST.get("do")
    if verb not in ("show", "hide"):
        raise Http404
    if not picked:
        messages.error(request, _("Tick at least one comment."))
    else:
        count = reviews.show_comments(picked, moderator(request), shown=verb == "show")
        words = (
            ngettext("%(n)d comment is shown.", "%(n)d comments are shown.", count)
            if verb == "show"
            else ngettext("%(n)d comment is hidden.", "%(n)d comments are hidden.", count)
        )
        messages.success(request, words % {"n": count})
    return redirect(request.get_full_path())
