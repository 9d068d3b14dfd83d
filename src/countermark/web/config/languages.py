"""The language of a page stands in its address: /fr/… and /en/…; elsewhere the reader's browser says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

SUPPORTED: Final = ("fr", "en")


def preferred(request: HttpRequest) -> str:
    """The language that the reader's browser prefers, of those there are; English where it names neither.

    Accept-Language is RFC 9110, section 12.5.4.
    """
    weighed = []
    for position, part in enumerate(request.headers.get("Accept-Language", "")[:200].split(",")):
        name, _, quality = part.strip().partition(";q=")
        code = name.strip().lower().split("-")[0]
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if code in SUPPORTED and weight > 0:
            weighed.append((-weight, position, code))
    return min(weighed)[2] if weighed else "en"


class LanguageMiddleware:
    """Activates the language of the address, or the reader's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language that was found."""
        prefix = request.path_info[1:3]
        in_address = prefix in SUPPORTED and request.path_info[3:4] in ("", "/")
        language = prefix if in_address else preferred(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not in_address:
            response.headers["Vary"] = ", ".join(
                filter(None, [response.headers.get("Vary"), "Accept-Language"])
            )
        return response
