"""The front page: the statement, the number, the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from countermark.web.abuse.switches import is_on
from countermark.web.public.figures import figures
from countermark.web.public.kept import FIGURES_SECONDS, kept
from countermark.web.signing.affiliations import offered
from countermark.web.signing.consents import wording
from countermark.web.signing.forms import SignForm
from countermark.web.signing.pages import language_of
from countermark.web.signing.trades import families
from countermark.web.signing.views import TRAP
from countermark.web.statement.clock import is_open, text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@kept(FIGURES_SECONDS)
def home(request: HttpRequest) -> HttpResponse:
    """The statement in force, how many signed, and the form, which is sent to `sign`."""
    language = language_of(request)
    context: dict[str, Any] = {
        "text": text(language),
        "figures": figures(),
        "read_only": is_on("read_only"),
        "open": is_open(timezone.now()),
    }
    if context["text"] and context["open"] and not context["read_only"]:
        context |= {
            "form": SignForm(),
            "families": families(language),
            "organisations": offered(),
            "act": wording("act", language),
            "trap": TRAP,
        }
    return render(request, "public/home.html", context)
