"""Pages that are one person's: no cache keeps them, and no search engine lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.web.config.sessions import has_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class PrivateMiddleware:
    """Pages with a session are never kept; those, and all others that must not be kept, are never listed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say so."""
        response = self.get_response(request)
        if has_session(request.path_info):
            response.headers["Cache-Control"] = "no-store"
        if "no-store" in response.headers.get("Cache-Control", ""):
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response
