"""Forms without cookies: a browser says which page sent a form, and only pages of this site may send ours.

Nobody is logged in on these pages, so there is no session that another site could borrow; what is refused is that
another site makes its visitors sign. `Sec-Fetch-Site` is W3C Fetch Metadata, `Origin` RFC 6454; a page cannot forge
them. See docs/decisions/0017.
"""

from __future__ import annotations

import logging
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
Arguments = ParamSpec("Arguments")
logger = logging.getLogger(__name__)


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a form was sent by a page of this site, or by its reader directly; what says nothing is refused."""
    fetch_site = request.META.get("HTTP_SEC_FETCH_SITE")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    origin = request.META.get("HTTP_ORIGIN")
    if origin is None:
        origin = _origin_of(request.META.get("HTTP_REFERER", ""))
    return origin in (settings.SITE_ORIGIN, own_origin(request))


def own_origin(request: HttpRequest) -> str:
    """The origin that this request was sent to; its host is one of ALLOWED_HOSTS."""
    return f"{request.scheme}://{request.get_host()}"


def _origin_of(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def same_origin_required(
    view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """Refuse (403) what another site's page sends to `view`; Django's token would need a cookie."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if request.method not in SAFE and not is_same_origin(request):
            logger.warning("form of another site refused", extra={"method": request.method})
            return render(request, "public/error.html", {"status": 403, "form_expired": True}, status=403)
        return view(request, *args, **kwargs)

    return csrf_exempt(checked)
