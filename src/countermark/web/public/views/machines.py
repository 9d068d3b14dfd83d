"""What machines and other sites fetch: the root, the feed, counters to embed, robots, sitemap, security contact."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from countermark.web.config import content_policy
from countermark.web.config.kept import FIGURES_SECONDS, WORDS_SECONDS, kept
from countermark.web.config.languages import SUPPORTED, preferred
from countermark.web.public.api.interface import api
from countermark.web.public.context import facts
from countermark.web.public.feed import feed as written_feed
from countermark.web.public.figures import figures

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

THEMES: Final = {  # ink, faded, paper, rule: the colours of the site, which no stylesheet can bring into an <img>
    "light": ("#1d2430", "#474f5b", "#fffdf8", "#d9d2c1", "#8a6d1f"),
    "dark": ("#ece8dd", "#a9adb5", "#1e2127", "#353a43", "#e0c06a"),
}
PAGES: Final = (
    *("home", "statement", "figures", "roll", "organisations", "found", "verify"),
    *("privacy", "about", "accessibility", "share", "embed_help", "api_help"),
)
SECURITY_DAYS: Final = 180  # a security.txt of our own says until when it holds (RFC 9116, section 2.5.5)


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """To the front page in the language that the reader's browser prefers; `LanguageMiddleware` says that it varies."""
    return HttpResponseRedirect(f"/{preferred(request)}/")


@require_safe
@kept(FIGURES_SECONDS)
def feed(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001
    """The Atom feed."""
    if language not in SUPPORTED:
        raise Http404
    return HttpResponse(
        written_feed(language),
        content_type="application/atom+xml; charset=utf-8",
        headers={"Content-Language": language, "Access-Control-Allow-Origin": "*"},
    )


@require_safe
@kept(FIGURES_SECONDS, query=("lang", "theme"))
def embed_counter(request: HttpRequest) -> HttpResponse:
    """The number as a picture (SVG) for other sites; without script, and it sends nobody's data."""
    language = request.GET.get("lang", "")
    language = language if language in SUPPORTED else "en"
    theme = request.GET.get("theme", "")
    with translation.override(language):
        content = render_to_string(
            "public/embed_counter.svg",
            {
                "total": figures()["total"],
                "language": language,
                "colours": THEMES[theme if theme in THEMES else "light"],
                "demonstration": facts().demonstration,
            },
        )
    headers = {"Content-Language": language, "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(content, content_type="image/svg+xml; charset=utf-8", headers=headers)


@require_safe
@xframe_options_exempt
@kept(FIGURES_SECONDS)
def embed_frame(request: HttpRequest, language: str) -> HttpResponse:
    """The number and a link as a small page: the only one that other sites may show in a frame."""
    if language not in SUPPORTED:
        raise Http404
    with translation.override(language):
        context = {"language": language, "total": figures()["total"], "address": settings.SITE_ORIGIN}
        response = render(request, "public/embed_frame.html", context)
    response.headers["Content-Language"] = language
    response.headers[content_policy.HEADER] = content_policy.policy(frame_ancestors="*")
    return response


@require_safe
@kept(WORDS_SECONDS)
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Search engines may read the pages, but collect no names; what trains models is asked to stay out."""
    return HttpResponse(
        render_to_string("public/robots.txt", {"origin": settings.SITE_ORIGIN, "languages": SUPPORTED}),
        content_type="text/plain; charset=utf-8",
    )


@require_safe
@kept(WORDS_SECONDS)
def sitemap(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Every page in each language (https://www.sitemaps.org/protocol.html)."""
    pages = [[(code, _address(name, code)) for code in SUPPORTED] for name in PAGES]
    return HttpResponse(
        render_to_string("public/sitemap.xml", {"pages": pages}),
        content_type="application/xml; charset=utf-8",
    )


def _address(name: str, language: str) -> str:
    with translation.override(language):
        return settings.SITE_ORIGIN + reverse(name)


@require_safe
@kept(WORDS_SECONDS)
def security_txt(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Whom to tell of a weakness (RFC 9116)."""
    lines = (
        f"Contact: mailto:{facts().contact_email}",
        f"Expires: {_end_of_month_after(timezone.now()):%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_ORIGIN}{reverse('security_txt')}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _end_of_month_after(now: datetime) -> datetime:
    """About `SECURITY_DAYS` ahead, on the first of a month, so that the file changes once a month."""
    return (now + timedelta(days=SECURITY_DAYS)).replace(day=1)


@require_safe
@kept(WORDS_SECONDS)
def web_manifest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """What a telephone shows when the site is put on its screen."""
    icon = {"src": static("public/mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    content = {
        "name": "Countermark",
        "short_name": "Countermark",
        "start_url": "/",
        "display": "browser",
        "background_color": "#f7f4ec",
        "theme_color": "#f7f4ec",
        "icons": [icon],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Browsers that ask for /favicon.ico are shown the mark."""
    return HttpResponseRedirect(static("public/mark.svg"))


@require_safe
@kept(WORDS_SECONDS)
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The description of the interface (OpenAPI 3.1)."""
    response = JsonResponse(api.get_openapi_schema())
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def api_root(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The interface begins with its description."""
    return HttpResponseRedirect(reverse("openapi"))
