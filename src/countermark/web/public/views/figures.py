"""How many signed, by trade, country and organisation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermark.web.abuse.switches import is_on
from countermark.web.config.kept import FIGURES_SECONDS, kept
from countermark.web.public.figures import figures as newest
from countermark.web.public.templatetags.public_words import country, grouped, trade

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@kept(FIGURES_SECONDS)
def figures(request: HttpRequest) -> HttpResponse:
    """The figures as the worker last counted them."""
    content = newest()
    trades, countries, members = (content[name] for name in ("trades", "countries", "member_of"))
    context: dict[str, Any] = {
        "figures": content,
        "counted_at": datetime.fromisoformat(content["counted_at"]) if content["counted_at"] else None,
        "invalidated": sum(n for _, n in content["invalidated"]),
        "off": is_on("no_figures"),
        "trades": _table(trades, [(trade(code), n, f"trade={code}") for code, n in trades["shown"]]),
        "countries": _table(
            countries, [(country(code), n, f"country={code}") for code, n in countries["shown"]]
        ),
        "member_of": _table(
            members, [(name, n, f"organisation={slug}") for slug, name, n in members["shown"]]
        ),
    }
    return render(request, "public/figures.html", context)


def _table(groups: dict[str, Any], cells: list[tuple[str, int, str]]) -> dict[str, Any]:
    """Rows of (label, count, address on the roll), those put together last; `greatest` is the longest bar."""
    roll = reverse("roll")
    rows = [{"label": label, "count": n, "address": f"{roll}?{query}"} for label, n, query in cells]
    if groups["merged"]:
        together = _("%(groups)s others, put together") % {"groups": grouped(groups["merged_groups"])}
        rows.append({"label": together, "count": groups["merged"], "address": ""})
    return {"rows": rows, "greatest": max([n for _, n, _ in cells] + [groups["merged"], 1])}
