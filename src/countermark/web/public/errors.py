"""The pages that say that something is not possible, in the reader's language and without details of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


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
    """500: a fault of ours; it is in the log."""
    return render(request, "public/error.html", {"status": 500}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: the form does not come from this site, or is too old."""
    context: dict[str, Any] = {"status": 403, "form_expired": True}
    return render(request, "public/error.html", context, status=403)
