"""The statement in every version, each to download as the text that was hashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from countermark.web.config.kept import WORDS_SECONDS, kept
from countermark.web.signing.pages import language_of
from countermark.web.statement.models import Text
from countermark.web.statement.texts import canonical, in_force, rendered

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
@kept(WORDS_SECONDS)
def statement(request: HttpRequest) -> HttpResponse:
    """The text in force, and the earlier ones below it."""
    language = language_of(request)
    current = in_force(language)
    published = Text.objects.filter(published_at__isnull=False)
    earlier = [
        {"text": text, "html": rendered(text.body)}
        for text in published.filter(language=language)
        if current is None or text.version != current.version
    ]
    others = published.filter(version=current.version).exclude(language=language) if current else []
    context = {"text": current, "earlier": earlier, "in_other_languages": others}
    return render(request, "public/statement.html", context)


@require_safe
@kept(WORDS_SECONDS)
def statement_text(request: HttpRequest, version: int) -> HttpResponse:
    """The exact bytes whose SHA-256 is published: `sha256sum` of the download says the same."""
    text = in_force(language_of(request), version) if 0 < version < 2**31 else None
    if text is None:
        raise Http404
    name = f"countermark-statement-{version}-{text.language}.txt"
    return HttpResponse(
        canonical(text.title, text.body).encode(),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
