"""What was found: the published summaries of scans, in the aggregate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.views.decorators.http import require_safe

from countermark.web.config.kept import WORDS_SECONDS, kept
from countermark.web.public.runs import published_runs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_SHOWN: Final = 200


@require_safe
@kept(WORDS_SECONDS)
def found(request: HttpRequest) -> HttpResponse:
    """Every published run, newest first; no work and no author is named here."""
    context: dict[str, Any] = {"runs": published_runs(MOST_SHOWN)}
    return render(request, "public/found.html", context)
