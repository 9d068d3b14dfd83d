"""The pages of organisations: the form, the steps of the mandate, withdrawal, and what the public sees.

Pages that a mail leads to show on GET and act on POST: mail scanners follow links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from countermark.web.abuse.address import address_key, client_address
from countermark.web.abuse.emails import email_key
from countermark.web.abuse.limits import allowed
from countermark.web.abuse.lists import verdict
from countermark.web.abuse.switches import is_on
from countermark.web.config.origin import same_origin_required
from countermark.web.config.tokens import read_token
from countermark.web.fields.countries import country_name
from countermark.web.organisations import actions, proofs
from countermark.web.organisations.domains import speaks_for
from countermark.web.organisations.figures import naming
from countermark.web.organisations.forms import OrganisationForm
from countermark.web.organisations.models import Organisation, State
from countermark.web.statement.models import Statement
from countermark.web.statement.texts import in_force

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@page
@same_origin_required
def sign(request: HttpRequest) -> HttpResponse:
    """The form. After it, everybody sees the same page, whatever is known already."""
    text = in_force(_language())
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "text": text, "closed": text is None or _closed()}
    if context["closed"] or text is None or request.method != "POST":
        return render(request, "organisations/sign.html", context)
    if not form.is_valid():
        return render(request, "organisations/sign.html", context, status=422)
    if not _take(request, _application(form.cleaned_data, text.version)):
        return render(request, "organisations/sign.html", context | {"limited": True}, status=429)
    return redirect("organisation_sent")


@transaction.atomic
def _take(request: HttpRequest, application: actions.Application) -> bool:
    """Sign, unless there were too many; what a list blocks is dropped without a word."""
    email = application.email
    exceeded = allowed(("organisation", address_key(request)), ("email_daily", email_key(email)))
    if exceeded is not None:
        # of an address nothing is told, not even that it had its mails of today
        return exceeded == "email_daily"
    if verdict(email, client_address(request)) != "block":
        actions.sign(application)
    return True


def _application(data: dict[str, Any], version: int) -> actions.Application:
    fields = (
        "name",
        "kind",
        "domain",
        "country",
        "members_stated",
        "representative",
        "role",
        "email",
        "contact",
    )
    return actions.Application(
        **{field: data[field] for field in fields}, language=_language(), text_version=version
    )


def _language() -> str:
    return get_language() or "en"


def _closed() -> bool:
    statement = Statement.objects.filter(pk=1).first()
    now = timezone.now()
    if statement is None or statement.opened_at > now or is_on("read_only"):
        return True
    return statement.closes_at is not None and statement.closes_at <= now


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """After the form: a mail is on its way."""
    return render(request, "organisations/sent.html")


@never_cache
@page
@same_origin_required
def mandate(request: HttpRequest, token: str) -> HttpResponse:
    """The state of an organisation and the ways to prove its mandate; each button is a POST."""
    row = _of_token(token)
    if row is None or row.state == State.WITHDRAWN:
        return render(request, "organisations/gone.html", status=404)
    if request.method != "POST":
        return render(request, "organisations/mandate.html", _standing(row, token))
    done = _act(row, request.POST.get("action", ""))
    row.refresh_from_db()
    context = _standing(row, token) | {"done": done}
    return render(request, "organisations/mandate.html", context)


def _act(row: Organisation, action: str) -> str:
    """Do what a button says; return a word for the page."""
    if is_on("read_only"):
        return "closed"
    if action == "mail":
        return "" if actions.verify_by_mail(row) else "not-by-mail"
    if action == "check":
        return "" if actions.check_domain(row) else "not-found"
    if action == "invite":
        return "invited" if _invite(row) else "not-invited"
    return ""


def _invite(row: Organisation) -> bool:
    with transaction.atomic():
        if row.state != State.VERIFIED or allowed(("member_link", email_key(row.email))):
            return False
        return actions.invite_representative(row)


def _standing(row: Organisation, token: str) -> dict[str, Any]:
    in_dns, _, in_file = row.outcome.partition(",")
    return {
        "organisation": row,
        "token": token,
        "country": country_name(row.country, _language()),
        "by_mail": speaks_for(row.email, row.domain),
        "taken": row.state == State.PENDING and actions.taken(row),
        "record_name": proofs.record_name(row.domain),
        "record_value": proofs.record_value(row.proof_token),
        "file_address": proofs.file_address(row.domain),
        "in_dns": proofs.REASONS.get(in_dns, ""),
        "in_file": proofs.REASONS.get(in_file, ""),
        "mandates": row.representatives.count(),
        "statement": Statement.objects.filter(pk=1).first(),
    }


@never_cache
@page
@same_origin_required
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then withdraw; a link that was used already leads to the same end."""
    row = _of_token(token)
    if row is None or row.state == State.WITHDRAWN:
        return render(request, "organisations/gone.html", status=404)
    if request.method == "POST":  # also while the site is only read: taking back is a right
        actions.withdraw(row)
        return render(request, "organisations/withdrawn.html")
    context = {"organisation": row, "token": token}
    return render(request, "organisations/withdraw.html", context)


def _of_token(token: str) -> Organisation | None:
    uid = read_token(actions.PURPOSE, token)
    return Organisation.objects.filter(uid=uid).first() if uid else None


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """What the public sees of a verified organisation."""
    row = Organisation.objects.filter(slug=slug, state=State.VERIFIED).first()
    if row is None:
        raise Http404
    context = {"organisation": row, "country": country_name(row.country, _language()), "naming": naming(row)}
    return render(request, "organisations/organisation.html", context)
