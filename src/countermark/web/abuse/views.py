"""What the signing form asks for: whether a proof of work is needed, and the challenge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from countermark.web.abuse import challenge

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_safe
def challenge_json(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """`{"needed": false}`, or true with the challenge to solve."""
    if not challenge.needed():
        return JsonResponse({"needed": False})
    return JsonResponse({"needed": True, "challenge": challenge.issue()})
