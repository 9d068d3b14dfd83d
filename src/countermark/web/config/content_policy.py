"""The Content-Security-Policy of every page (W3C CSP level 3): our own files only, no script or style inline.

A view that must differ sets the header itself, as the counter does that other sites show in a frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

HEADER: Final = "Content-Security-Policy"
DIRECTIVES: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "frame-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
}


def policy(**changed: str) -> str:
    """The policy, with directives changed; an underscore in a name stands for a hyphen."""
    directives = DIRECTIVES | {name.replace("_", "-"): value for name, value in changed.items()}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class ContentPolicyMiddleware:
    """Sets the policy where the view has not set its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.value = policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the policy."""
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.value)
        return response
