"""The page of an invitation: GET shows, POST accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from countermark.web.accounts.forms import PasswordForm
from countermark.web.accounts.invitations import accept_as, accept_new, account_of, open_invitation

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from countermark.web.accounts.models import Invitation


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password for a new account, or accept with the account that holds the address."""
    found = open_invitation(token)
    if found is None:
        return _void(request)
    if account_of(found.email):
        return _with_account(request, token, found)
    form = PasswordForm(request.POST if request.method == "POST" else None, email=found.email)
    if request.method == "POST" and form.is_valid():
        if accept_new(token, form.cleaned_data["password"]) is None:
            return _void(request)
        messages.success(request, _("Your account is ready. Please log in, then set up a second factor."))
        return redirect_to_login(reverse("mfa_index"))
    context = {"form": form, "invitation": found}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def _with_account(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    user = request.user
    holder = user.is_authenticated and account_of(found.email) == user
    if request.method == "POST" and user.is_authenticated and holder:
        if not accept_as(token, user):
            return _void(request)
        messages.success(request, _("You accepted the invitation."))
        return redirect("mfa_index")
    context = {"invitation": found, "holder": holder, "elsewhere": user.is_authenticated and not holder}
    return render(request, "accounts/invitation_known.html", context)


def _void(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_void.html", status=404)
