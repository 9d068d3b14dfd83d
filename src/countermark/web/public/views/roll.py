"""The roll: names in the order in which they came, to search and to read page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from countermark.web.abuse.address import address_key
from countermark.web.abuse.limits import allowed
from countermark.web.abuse.switches import is_on
from countermark.web.config.kept import NAMES_SECONDS, kept
from countermark.web.fields.countries import COUNTRIES, choices
from countermark.web.public.figures import figures
from countermark.web.public.roll_pages import FILTERS, Asked, comment_of, known_entry, page_of
from countermark.web.signing.pages import language_of
from countermark.web.signing.trades import TRADES, families

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

RETRY_SECONDS: Final = "60"


@require_safe
@kept(NAMES_SECONDS, query=("page", "trade", "country", "organisation"), apart=("q",))
def roll(request: HttpRequest) -> HttpResponse:
    """Fifty entries, of one trade, country or organisation if asked; what is not in memory is limited."""
    if is_on("no_roll"):
        return render(request, "public/roll.html", {"off": True})
    asked = _asked(request)
    if asked.name and is_on("no_search"):
        return render(request, "public/roll.html", {**_form(request, asked), "search_off": True})
    if _asks_too_often(request, asked):
        answer = render(request, "public/error.html", {"status": 429}, status=429)
        answer.headers["Retry-After"] = RETRY_SECONDS
        return answer
    page = page_of(asked)
    if page is None:  # no such page: the first one, with the same filters
        return redirect(f"{request.path}?{asked.query}" if asked.query else request.path)
    context = {**_form(request, asked), "page": page, "figures": figures()}
    return render(request, "public/roll.html", context)


@require_safe
@kept(NAMES_SECONDS)
def roll_entry(request: HttpRequest, number: int) -> HttpResponse:
    """One number: who it stands for, if they show it, or that it was withdrawn or invalidated."""
    entry = known_entry(number)
    if entry is None:
        raise Http404
    comment = "" if is_on("no_comments") else comment_of(entry)
    return render(request, "public/roll_entry.html", {"entry": entry, "comment": comment})


def _asks_too_often(request: HttpRequest, asked: Asked) -> bool:
    """Whether a network asks for more than its share of what is not in memory; the first page is free."""
    rule = "search" if asked.name else "api" if asked.query or asked.page > 1 else ""
    return bool(rule and allowed((rule, address_key(request))))


def _asked(request: HttpRequest) -> Asked:
    """What the address asks for; values that are none of ours are left out."""
    given = {
        name: request.GET.get(name, "").replace("\0", "").strip()[:80] for name in ("q", "page", *FILTERS)
    }
    return Asked(
        page=_page_number(given["page"]),
        name=given["q"],
        trade=given["trade"] if given["trade"] in TRADES else "",
        country=given["country"] if given["country"] in COUNTRIES else "",
        organisation=given["organisation"],
    )


def _page_number(text: str) -> int:
    """0, which is no page, for what is not a number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0 if text else 1


def _form(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    language = language_of(request)
    return {
        "asked": asked,
        "query": asked.query,
        "countries": choices(language),
        "families": families(language),
        "search_off": is_on("no_search"),
    }
