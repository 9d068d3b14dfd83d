"""What programs fetch of the roll: the key, heads, proofs, the export and the verifier. Open to every site (CORS)."""

from __future__ import annotations

import json
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from countermark.roll.joined import verifier_source
from countermark.web.roll import heads
from countermark.web.roll.export import export_document
from countermark.web.roll.key import log_id, public_key
from countermark.web.roll.proofs import consistency_document, public_proof

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

HEADS_A_PAGE: Final = 500
LARGEST_NUMBER: Final = 2**31 - 1
NO_HEAD: Final = "the roll has no head yet"


def _open(seconds: int) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """GET and HEAD only; any site may read the answer, and anybody keep it for `seconds`."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @require_safe
        @wraps(view)
        def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            response = view(request, *arguments, **named)
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            response.headers["Cache-Control"] = (
                f"public, max-age={seconds if response.status_code == 200 else 0}"
            )
            return response

        return answer

    return decorate


def _json(value: Any, status: int = 200) -> HttpResponse:
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    return HttpResponse(text, content_type="application/json; charset=utf-8", status=status)


def _refused(message: str, status: int) -> HttpResponse:
    return _json({"error": message}, status)


def _count(text: str | None, default: int | None) -> int | None:
    """A whole number from the query; None where it is none."""
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None


@_open(300)
def key(_request: HttpRequest) -> HttpResponse:
    """The public key of the log, and its fingerprint."""
    return _json({"algorithm": "Ed25519", "key": public_key().hex(), "log": log_id()})


@_open(2)
def head(_request: HttpRequest) -> HttpResponse:
    """The newest signed head."""
    newest = heads.latest()
    return _refused(NO_HEAD, 404) if newest is None else _json(heads.document(newest))


@_open(30)
def published_heads(request: HttpRequest) -> HttpResponse:
    """Published heads, the smallest first; `after` is the size that the page begins behind."""
    after = _count(request.GET.get("after"), 0)
    if after is None:
        return _refused("after should be a whole number, the size of a head", 400)
    found = heads.published_after(after, HEADS_A_PAGE + 1)
    page = found[:HEADS_A_PAGE]
    more = page[-1].size if len(found) > HEADS_A_PAGE else None
    return _json({"heads": [heads.document(one) for one in page], "next_after": more})


@_open(10)
def export(_request: HttpRequest) -> HttpResponseBase:
    """The whole roll, streamed."""
    newest = heads.latest()
    if newest is None:
        return _refused(NO_HEAD, 404)
    response = StreamingHttpResponse(export_document(newest), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="roll-{newest.size}.json"'
    return response


@_open(2)
def proof(_request: HttpRequest, number: int) -> HttpResponse:
    """The public proof of one number."""
    found = public_proof(number) if number <= LARGEST_NUMBER else None
    return _refused("there is no such number on the roll", 404) if found is None else _json(found)


@_open(30)
def consistency(request: HttpRequest) -> HttpResponse:
    """The proof that the tree of `first` lines begins that of `second`, by default the newest."""
    newest = heads.latest()
    if newest is None:
        return _refused(NO_HEAD, 404)
    first = _count(request.GET.get("first"), None)
    second = _count(request.GET.get("second"), newest.size)
    if first is None or second is None or not 1 <= first <= second <= newest.size:
        return _refused(f"accepted are whole numbers, 1 ≤ first ≤ second ≤ {newest.size}", 400)
    later = newest if second == newest.size else heads.at_size(second)
    if later is None:
        return _refused("second should be the size of a published head, or of the newest", 404)
    return _json(consistency_document(first, later))


@_open(300)
def verifier(_request: HttpRequest) -> HttpResponse:
    """The program that verifies all of this, as one file."""
    response = HttpResponse(verifier_source(), content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="verify_roll.py"'
    return response
