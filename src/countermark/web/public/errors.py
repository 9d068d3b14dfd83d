"""The pages that say that something is not possible, in the reader's language and without details of the machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest

WITHOUT_DATABASE: Final = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Countermark</title></head><body><main>
<h1>Ce n’est pas possible en ce moment</h1>
<p>Rien n’a été pris. Veuillez revenir dans quelques minutes : ce qui est déjà signé est en sûreté.</p>
<div lang="en"><h2>This is not possible now</h2>
<p>Nothing was taken. Please come back in some minutes: what is signed already is safe.</p></div>
</main></body></html>
"""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400: the request cannot be read."""
    return render(request, "public/error.html", {"status": 400}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403: not for this reader."""
    return render(request, "public/error.html", {"status": 403}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: nothing at this address."""
    return render(request, "public/error.html", {"status": 404}, status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours; it is in the log. 503 where the database refuses, as it does when the disk is full."""
    status = 503 if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)) else 500
    try:
        answer = render(request, "public/error.html", {"status": status}, status=status)
    except DatabaseError:
        answer = HttpResponse(WITHOUT_DATABASE, status=503)
    if answer.status_code == 503:
        answer.headers["Retry-After"] = "60"
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: the form does not come from this site, or is too old."""
    context: dict[str, Any] = {"status": 403, "form_expired": True}
    return render(request, "public/error.html", context, status=403)
