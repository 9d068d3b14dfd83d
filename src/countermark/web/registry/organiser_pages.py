"""The dashboards of organisations, for their representatives; each is looked up among those of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from countermark.web.accounts.log import record
from countermark.web.accounts.roles import mfa_required
from countermark.web.organisations.roles import organisations_of, representative_required
from countermark.web.registry import dashboards, sheets
from countermark.web.registry.results import GRADES, SHAPES
from countermark.web.registry.runs import smallest_cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from countermark.web.organisations.models import Organisation

_PER_PAGE = 50


@never_cache
@mfa_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The organisations that this account may act for."""
    return render(request, "registry/organiser_home.html", {"organisations": organisations_of(request.user)})


@never_cache
@representative_required
@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Signatures that are shared with one organisation, and counts of its members' works."""
    mine = _mine(request, slug)
    language, smallest = get_language() or "en", smallest_cell()
    page = Paginator(dashboards.shared_signatures(mine), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": mine,
        "page": page,
        "rows": [dashboards.row_of(signature, language) for signature in page],
        "tables": [_table(counts) for counts in dashboards.counts_of(mine, smallest)],
        "smallest": smallest,
        "fewest": max(dashboards.FEWEST_MEMBERS, smallest),
    }
    return render(request, "registry/organiser_organisation.html", context)


def _mine(request: HttpRequest, slug: str) -> Organisation:
    return get_object_or_404(organisations_of(request.user), slug=slug)


def _table(counts: dashboards.DataSetCounts) -> dict[str, object]:
    rows = [
        {"cell": cell, "shape": SHAPES.get(cell, ""), "label": GRADES.get(cell, ""), "count": count}
        for cell, count in (counts.shown.cells.items() if counts.shown else ())
    ]
    return {"data_set": counts.data_set, "snapshot": counts.snapshot, "shown": counts.shown, "rows": rows}


@never_cache
@representative_required
@require_safe
def signatures_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The shared signatures as a table."""
    mine = _mine(request, slug)
    rows = dashboards.signature_rows(mine, get_language() or "en")
    return _download(
        request, mine, "csv", "text/csv; charset=utf-8", sheets.csv_lines(dashboards.FIELDS, rows)
    )


@never_cache
@representative_required
@require_safe
def signatures_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The shared signatures as JSON."""
    mine = _mine(request, slug)
    head = {"organisation": mine.name, "made_at": timezone.now().isoformat()}
    pieces = sheets.json_pieces(head, dashboards.signature_rows(mine, get_language() or "en"))
    return _download(request, mine, "json", "application/json", pieces)


def _download(
    request: HttpRequest, mine: Organisation, suffix: str, kind: str, pieces: Iterable[str]
) -> HttpResponse:
    """A file, and in the log who took it."""
    if request.user.is_authenticated:
        record(request.user, "signatures downloaded", mine.slug, format=suffix)
    response = HttpResponse("".join(pieces), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="signatures-{mine.slug}.{suffix}"'
    return response
