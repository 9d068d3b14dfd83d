"""What a signatory does with the link in their mails: see, change, take out, withdraw; and ask for the link again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from countermark.web.config.origin import same_origin_required
from countermark.web.config.tokens import read_token
from countermark.web.roll import proofs
from countermark.web.signing.actions.change import change as do_change
from countermark.web.signing.actions.resend import resend as do_resend
from countermark.web.signing.actions.sign import Outcome
from countermark.web.signing.actions.withdraw import withdraw as do_withdraw
from countermark.web.signing.actions.withdraw import withdraw_pending
from countermark.web.signing.consents import PURPOSES
from countermark.web.signing.entry import DISPLAYS, LONGEST, address_of, consent_faults
from countermark.web.signing.erasure import mails_of, signature_document
from countermark.web.signing.forms import ConsentForm, ResendForm, change_form
from countermark.web.signing.models import PendingSignature
from countermark.web.signing.pages import (
    gone,
    language_of,
    not_now,
    private,
    sender_of,
    signature_of,
    too_many,
)
from countermark.web.signing.views import INVALID, shown_of
from countermark.web.statement.clock import text as current_text
from countermark.web.statement.texts import in_force

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from countermark.web.signing.models import Signature


def _page(
    request: HttpRequest, signature: Signature, token: str, form: ConsentForm, status: int = 200
) -> HttpResponse:
    context = {
        "signature": signature,
        "shown": shown_of(signature, language_of(request)),
        "form": form,
        "mine": token,
        "text": in_force(signature.language, signature.text_version),
        "changed": "changed" in request.GET,
    }
    return render(request, "signing/mine.html", context, status=status)


@require_safe
@private
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """All that is held of a signature, and what can be done with it."""
    signature = signature_of(token)
    if signature is None:
        return gone(request)
    return _page(request, signature, token, change_form(signature))


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
@private
def change(request: HttpRequest, token: str) -> HttpResponse:
    """POST: show more or less of a signature, give or take back consents. GET leads to the page with the form."""
    signature = signature_of(token)
    if signature is None:
        return gone(request)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("mine", args=[token]))
    if (refusal := not_now(request, signing=False)) is not None:
        return refusal
    display = DISPLAYS.get(request.POST.get("display", ""), 0)
    given = frozenset(purpose for purpose in PURPOSES if request.POST.get(purpose))
    faults = consent_faults(display, publish="publish" in given)
    if faults:
        return _page(request, signature, token, ConsentForm(request.POST, faults), INVALID)
    do_change(signature.pk, display, given, language_of(request))
    return HttpResponseRedirect(reverse("mine", args=[token]) + "?changed", status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
@private
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what will be deleted; POST deletes it. Also for a form that was never confirmed."""
    uid = read_token("mine", token)
    if uid is None:
        return gone(request)
    signature = signature_of(token)
    pending = None if signature else PendingSignature.objects.filter(uid=uid).first()
    nothing_left = signature is None and pending is None
    if (
        request.method == "POST" and not nothing_left
    ):  # also while the site is only read: taking back is a right
        if signature is not None:
            do_withdraw(signature.pk)
        else:
            withdraw_pending(uid)
        nothing_left = True
    context: dict[str, Any] = {
        "signature": signature,
        "pending": pending,
        "mine": token,
        "done": nothing_left,
    }
    return render(request, "signing/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
def resend(request: HttpRequest) -> HttpResponse:
    """Ask for the mail again, by address; the answer is the same for every address."""
    if request.method != "POST":
        return render(request, "signing/resend.html", {"form": ResendForm()})
    if (refusal := not_now(request, signing=False)) is not None:
        return refusal
    faults: dict[str, list[str]] = {}
    email = address_of(request.POST.get("email", "")[: LONGEST["email"] + 1], faults)
    if faults:
        return render(
            request, "signing/resend.html", {"form": ResendForm(request.POST, faults)}, status=INVALID
        )
    text = current_text(language_of(request))
    if text is None:
        return gone(request)
    if do_resend(email, sender_of(request), text) is Outcome.TOO_MANY:
        return too_many(request)
    return HttpResponseRedirect(reverse("sent") + "?again", status=303)


@require_safe
@private
def mine_data(request: HttpRequest, token: str) -> HttpResponse:
    """What is held of a signature, as JSON to keep (GDPR, articles 15 and 20)."""
    signature = signature_of(token)
    if signature is None:
        return gone(request)
    mails = mails_of(bytes(signature.email_key)) if signature.email_key else []
    document = {**signature_document(signature), "mails": mails}
    return _download(document, "countermark-my-data.json")


@require_safe
@private
def mine_proof(request: HttpRequest, token: str) -> HttpResponse:
    """The proof that this signature is on the roll, with the opening that only its signatory gets."""
    signature = signature_of(token)
    number = signature.roll_number if signature else None
    document = proofs.proof_document(number) if number is not None else None
    if document is None:
        return gone(request)
    return _download(document, f"countermark-proof-{number}.json")


def _download(document: dict[str, Any], name: str) -> HttpResponse:
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
