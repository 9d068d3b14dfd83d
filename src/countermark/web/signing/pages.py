"""What the pages of this room share: links that nobody else may read or keep, and pages that say why not."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, cast

from django.shortcuts import render
from django.utils import timezone

from countermark.web.abuse import switches
from countermark.web.abuse.address import client_address, key_of
from countermark.web.config.tokens import read_token
from countermark.web.signing.actions.sign import Sender
from countermark.web.signing.affiliations import offered
from countermark.web.signing.consents import wording
from countermark.web.signing.models import Signature
from countermark.web.signing.trades import families
from countermark.web.statement.clock import is_open, statement

Arguments = ParamSpec("Arguments")
if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from countermark.web.signing.forms import SignForm
    from countermark.web.statement.texts import InForce

    View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]

RETRY_SECONDS: Final = "300"
TRAP: Final = "reference"  # a field that people neither see nor reach; programs fill it in


def language_of(request: HttpRequest) -> str:
    """The language of the page."""
    return "fr" if request.LANGUAGE_CODE == "fr" else "en"


def sender_of(request: HttpRequest, proof: str = "") -> Sender:
    """Where a form came from."""
    ip = client_address(request)
    return Sender(ip, key_of(ip), language_of(request), proof)


def form_context(form: SignForm, text: InForce) -> dict[str, Any]:
    """What `signing/form.html` needs, on whichever page it stands."""
    return {
        "form": form,
        "text": text,
        "families": families(text.language),
        "organisations": offered(),
        "act": wording("act", text.language),
        "trap": TRAP,
        "no_comments": switches.is_on("no_comments"),
    }


def private(
    view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """Pages behind a link of a mail: never kept by a cache, never listed by a search engine."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return cast("View[Arguments]", guarded)


def not_now(request: HttpRequest, *, signing: bool = True) -> HttpResponse | None:
    """The page that says why nothing can be done now: the site is only read, or the statement cannot be signed."""
    if switches.is_on("read_only"):
        response = render(request, "signing/not_now.html", {"paused": True}, status=503)
        response.headers["Retry-After"] = RETRY_SECONDS
        return response
    now = timezone.now()
    if signing and not is_open(now):
        found = statement()
        context = {"opens_at": found.opened_at if found and now < found.opened_at else None}
        return render(request, "signing/not_now.html", context, status=403)
    return None


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many forms from one network."""
    response = render(request, "signing/not_now.html", {"too_many": True}, status=429)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """404: a link that leads to nothing, whether it was wrong, is too old, or what it led to was taken back."""
    return render(request, "signing/gone.html", status=404)


def signature_of(token: str) -> Signature | None:
    """The signature that a link leads to; None where the link is not ours or the signature is gone."""
    uid = read_token("mine", token)
    return Signature.objects.filter(uid=uid).first() if uid else None
