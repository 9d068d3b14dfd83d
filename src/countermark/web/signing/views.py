"""Sign, and confirm: from the form to the number."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from countermark.web.abuse import switches
from countermark.web.config.kept import kept
from countermark.web.config.origin import same_origin_required
from countermark.web.config.tokens import make_token, read_token
from countermark.web.fields.countries import country_name
from countermark.web.signing.actions.confirm import confirm as do_confirm
from countermark.web.signing.actions.confirm import find_pending
from countermark.web.signing.actions.sign import Outcome
from countermark.web.signing.actions.sign import sign as do_sign
from countermark.web.signing.consents import PURPOSES, wording
from countermark.web.signing.entry import read
from countermark.web.signing.forms import SignForm
from countermark.web.signing.models import Display, Signature
from countermark.web.signing.pages import (
    TRAP,
    form_context,
    gone,
    language_of,
    not_now,
    private,
    sender_of,
    signature_of,
    too_many,
)
from countermark.web.signing.trades import trade_name, unpacked
from countermark.web.statement.clock import text as current_text
from countermark.web.statement.texts import in_force

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from countermark.web.signing.models import Signed
    from countermark.web.statement.texts import InForce

CHANGED: Final = 409
INVALID: Final = 422
FORM_SECONDS: Final = 5  # the empty form is the same for everybody


@cache
def _sent_address(language: str) -> str:
    with translation.override(language):
        return reverse("sent")


@kept(FORM_SECONDS)
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
def sign(request: HttpRequest) -> HttpResponse:
    """GET: the statement and the form alone. POST: take it, and say the same whether the address is known or not."""
    if (refusal := not_now(request)) is not None:
        return refusal
    text = current_text(language_of(request))
    if text is None:
        return gone(request)
    if request.method != "POST":
        return _form_page(request, SignForm(), text)
    if request.POST.get(TRAP):
        return HttpResponseRedirect(_sent_address(text.language), status=303)
    return _receive(request, text)


def _receive(request: HttpRequest, text: InForce) -> HttpResponse:
    data = request.POST
    entry, faults = read(data)
    if not faults and entry.text_version != text.version:
        faults[""] = [
            _("The text of the statement has changed meanwhile. Read it above and send the form again.")
        ]
        return _form_page(request, SignForm(data, faults), text, CHANGED)
    if faults:
        return _form_page(request, SignForm(data, faults), text, INVALID)
    if switches.is_on("no_comments"):
        entry.comment = ""
    outcome = do_sign(entry, sender_of(request, data.get("proof_of_work", "")), text)
    if outcome is Outcome.TAKEN:
        return HttpResponseRedirect(_sent_address(text.language), status=303)
    if outcome is Outcome.TOO_MANY:
        return too_many(request)
    faults["email"] = [
        _("The organiser takes no signatures from this address. Write to them if that is wrong.")
    ]
    return _form_page(request, SignForm(data, faults), text, INVALID)


def _form_page(request: HttpRequest, form: SignForm, text: InForce, status: int = 200) -> HttpResponse:
    return render(request, "signing/sign.html", form_context(form, text), status=status)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Look into your mail: the same page for every address."""
    return render(request, "signing/sent.html")


def shown_of(signed: Signed, language: str) -> dict[str, Any]:
    """What the public will read of a signature, in a language."""
    return {
        "unnamed": signed.display == Display.UNNAMED,
        "name": signed.name,
        "full": signed.display == Display.NAME_AND_TRADE,
        "trades": [trade_name(code, language) for code in unpacked(signed.trades)],
        "country": country_name(signed.country, language),
        "organisation": signed.organisation_name,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
@private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what will be signed and published; POST signs. Programs that follow links in mails sign nothing."""
    uid = read_token("confirm", token)
    if uid is None:
        return gone(request)
    if (refusal := not_now(request)) is not None:
        return refusal
    if request.method == "POST":
        standing = do_confirm(uid)
        return _to_signed(standing) if standing else gone(request)
    pending = find_pending(uid)
    if pending is None:
        return _to_signed(uid) if Signature.objects.filter(uid=uid).exists() else gone(request)
    language = language_of(request)
    given = [purpose for purpose in PURPOSES if getattr(pending, purpose)]
    context = {
        "pending": pending,
        "text": in_force(pending.language, pending.text_version),
        "shown": shown_of(pending, language),
        "consents": [wording(purpose, pending.language, pending.consent_version) for purpose in given],
        "act": wording("act", language),
        "mine": make_token("mine", uid),
    }
    return render(request, "signing/confirm.html", context)


def _to_signed(uid: bytes) -> HttpResponse:
    return HttpResponseRedirect(reverse("signed", args=[make_token("mine", uid)]), status=303)


@require_safe
@private
def signed(request: HttpRequest, token: str) -> HttpResponse:
    """The number, or that it is being entered; and what can be done next."""
    signature = signature_of(token)
    if signature is None:
        return gone(request)
    context = {
        "signature": signature,
        "shown": shown_of(signature, language_of(request)),
        "mine": token,
        "text": in_force(signature.language, signature.text_version),
    }
    return render(request, "signing/signed.html", context)
