"""Pages of prose, one template in each language: how to verify, privacy, about, accessibility, share, embed, API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import qrcode
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from qrcode.image.svg import SvgPathFillImage

from countermark.web.config.kept import FIGURES_SECONDS, WORDS_SECONDS, kept
from countermark.web.public.api.interface import api
from countermark.web.public.retention import RETENTION
from countermark.web.roll.heads import latest
from countermark.web.roll.key import log_id
from countermark.web.signing.pages import language_of
from countermark.web.statement.texts import in_force

if TYPE_CHECKING:
    from django.http import HttpRequest


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    prose = f"public/prose/{name}.{language_of(request)}.html"
    return render(request, f"public/{name}.html", {"prose": prose, **context})


@require_safe
@kept(FIGURES_SECONDS)
def verify(request: HttpRequest) -> HttpResponse:
    """How anyone verifies the roll, with the newest head."""
    head = latest()
    context = {"head": head, "root": bytes(head.root).hex() if head else "", "log": log_id()}
    return _page(request, "verify", **context)


@require_safe
@kept(WORDS_SECONDS)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is asked for, why, on what ground in law, for how long, and how to have it deleted."""
    return _page(request, "privacy", retention=RETENTION)


@require_safe
@kept(WORDS_SECONDS)
def about(request: HttpRequest) -> HttpResponse:
    """Who runs this, and with what."""
    return _page(request, "about")


@require_safe
@kept(WORDS_SECONDS)
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested, and what was not."""
    return _page(request, "accessibility")


@require_safe
@kept(FIGURES_SECONDS)
def share(request: HttpRequest) -> HttpResponse:
    """Plain links to hand the statement on: nothing of the networks is loaded before somebody follows one."""
    address = settings.SITE_ORIGIN + reverse("home")
    text = in_force(language_of(request))
    words = _("I have signed: “%(title)s”.") % {"title": text.title} if text else ""
    both = f"{words} {address}"
    links = [
        (_("Mail"), f"mailto:?subject={quote(text.title if text else '')}&body={quote(both)}"),
        ("Mastodon", f"https://mastodonshare.com/?text={quote(both)}"),
        ("Bluesky", f"https://bsky.app/intent/compose?text={quote(both)}"),
        ("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={quote(address, safe='')}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={quote(address, safe='')}"),
        ("WhatsApp", f"https://wa.me/?text={quote(both)}"),
    ]
    return render(request, "public/share.html", {"address": address, "words": both, "links": links})


@require_safe
@kept(WORDS_SECONDS)
def share_code(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The address of the front page as a QR code, drawn here (SVG)."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, image_factory=SvgPathFillImage)
    code.add_data(settings.SITE_ORIGIN + reverse("home"))
    drawing = code.make_image().to_string(encoding="utf-8")
    return HttpResponse(drawing, content_type="image/svg+xml")


@require_safe
@kept(WORDS_SECONDS)
def embed_help(request: HttpRequest) -> HttpResponse:
    """The counter for other sites, with previews."""
    origin, language = settings.SITE_ORIGIN, language_of(request)
    image = f"{origin}{reverse('embed_counter')}?lang={language}"
    frame = f"{origin}{reverse('embed_frame', args=[language])}"
    home = origin + reverse("home")
    alternative = _("Number of signatures")
    snippets = {
        "image": f'<a href="{home}"><img src="{image}" width="320" height="96" alt="{alternative}"></a>',
        "frame": f'<iframe src="{frame}" width="360" height="220" title="{alternative}"></iframe>',
    }
    context = {"snippets": snippets, "frame": reverse("embed_frame", args=[language]), "language": language}
    return render(request, "public/embed_help.html", context)


@require_safe
@kept(WORDS_SECONDS)
def api_help(request: HttpRequest) -> HttpResponse:
    """The read-only interface for programs, listed from its own description."""
    paths = api.get_openapi_schema()["paths"]
    calls = [
        {
            "path": path,
            "summary": operation.get("summary", ""),
            "description": operation.get("description", ""),
        }
        for path, operations in paths.items()
        for operation in operations.values()
    ]
    return render(request, "public/api_help.html", {"calls": calls})
