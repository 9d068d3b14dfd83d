"""The front page: the statement, the number, the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from countermark.web.abuse.switches import is_on
from countermark.web.config.kept import FIGURES_SECONDS, kept
from countermark.web.public.figures import figures
from countermark.web.signing.forms import SignForm
from countermark.web.signing.pages import form_context, language_of
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
        context |= form_context(SignForm(), context["text"])
    return render(request, "public/home.html", context)
