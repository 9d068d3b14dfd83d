"""The two pages that take files: a text, or a sealed index with its salt."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from countermark.web.registry import caps
from countermark.web.registry.deposits import register_deposit
from countermark.web.registry.forms import DepositForm, WorkForm
from countermark.web.registry.readers import RefusedError
from countermark.web.registry.refusals import sentence
from countermark.web.registry.texts import register_text
from countermark.web.registry.uploading import require_turn, taking

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest, HttpResponse

    from countermark.web.registry.models import Member

Kept = TypeVar("Kept")
logger = logging.getLogger(__name__)


@taking(caps.FILE_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_work(request: HttpRequest, member: Member) -> HttpResponse:
    """Register an uploaded text."""
    form = WorkForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        facts, file = form.facts(), form.cleaned_data["file"]
        work = _kept(form, "file", member, lambda: register_text(member, file, facts))
        if work is not None:
            return redirect("work", uid=work.uid)
    return _page(request, "registry/work_add.html", form)


@taking(caps.ARCHIVE_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_deposit(request: HttpRequest, member: Member) -> HttpResponse:
    """Register the works of a sealed index."""
    form = DepositForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        archive, salt = form.cleaned_data["archive"], form.cleaned_data["salt"]
        if _kept(form, "archive", member, lambda: register_deposit(member, archive, salt)) is not None:
            return redirect("member_space")
    return _page(request, "registry/deposit_add.html", form)


def _kept(form: forms.Form, field: str, member: Member, keep: Callable[[], Kept]) -> Kept | None:
    """What was kept, or None with the reason in the form."""
    try:
        require_turn(member)
        return keep()
    except RefusedError as error:
        logger.info("an upload was refused", extra={"reason": error.reason, "kind": field})
        form.add_error(
            "salt" if error.reason in ("index-salt", "salt-size") else field, sentence(error.reason)
        )
    except OSError as error:
        logger.exception("an upload cannot be kept", extra={"reason": error.strerror or "", "kind": field})
        form.add_error(field, sentence("disk"))
    return None


def _page(request: HttpRequest, template: str, form: forms.Form) -> HttpResponse:
    return render(request, template, {"form": form, "caps": caps}, status=422 if form.errors else 200)
