"""The pages of the member space: every object is looked up among those of the session's member, never by key alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermark.web.registry import caps, members, spaces, storage
from countermark.web.registry.deposits import remove_deposit
from countermark.web.registry.forms import LettersForm
from countermark.web.registry.results import searched_for, searched_for_work
from countermark.web.registry.spaces import for_members
from countermark.web.registry.texts import remove_work

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from countermark.web.registry.models import Member

_SHOWN = 200


@for_members
@require_safe
def space(request: HttpRequest, member: Member) -> HttpResponse:
    """The member's works, deposits and findings."""
    works = member.works.filter(deposit=None).order_by("title", "pk")
    context = {
        "name": member.signature.name,
        "works": works,
        "most": caps.WORKS,
        "deposits": member.deposits.order_by("pk"),
        "searched": searched_for(member),
        "shown": _SHOWN,
        "letters_form": LettersForm(initial={"wants_letters": member.wants_letters}),
        "wants_letters": member.wants_letters,
    }
    return render(request, "registry/space.html", context)


@for_members
@require_safe
def work(request: HttpRequest, member: Member, uid: str) -> HttpResponse:
    """One work, and what was found of it in each data set."""
    mine = get_object_or_404(member.works, uid=uid)
    return render(request, "registry/work.html", {"work": mine, "searched": searched_for_work(mine)})


@for_members
@require_safe
def work_file(request: HttpRequest, member: Member, uid: str) -> HttpResponseBase:  # noqa: ARG001
    """The uploaded file, for its member alone, as a download that no browser opens as a page."""
    mine = get_object_or_404(member.works.exclude(file_sha256=""), uid=uid)
    try:
        stream = storage.work_path(mine).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = mine.file_name or f"{mine.uid}.{mine.format}"
    response = FileResponse(
        stream, as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def work_remove(request: HttpRequest, member: Member, uid: str) -> HttpResponse:
    """GET asks, POST deletes an uploaded work."""
    mine = get_object_or_404(member.works.filter(deposit=None), uid=uid)
    if request.method == "POST":
        remove_work(mine)
        return redirect("member_space")
    return render(request, "registry/work_remove.html", {"work": mine})


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def deposit_remove(request: HttpRequest, member: Member, uid: str) -> HttpResponse:
    """GET asks, POST deletes a deposit."""
    mine = get_object_or_404(member.deposits, uid=uid)
    if request.method == "POST":
        remove_deposit(mine)
        return redirect("member_space")
    return render(request, "registry/deposit_remove.html", {"deposit": mine})


@for_members
@require_POST
def letters(request: HttpRequest, member: Member) -> HttpResponse:
    """Keep whether the member wants letters later."""
    form = LettersForm(request.POST)
    if form.is_valid():
        member.wants_letters = form.cleaned_data["wants_letters"]
        member.save(update_fields=["wants_letters"])
    return redirect("member_space")


@for_members
@require_safe
def my_data(request: HttpRequest, member: Member) -> HttpResponse:  # noqa: ARG001
    """All that is kept of the member, as JSON."""
    response = JsonResponse(
        members.personal_data(member), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="countermark-member.json"'
    return response


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, member: Member) -> HttpResponse:
    """GET asks, POST deletes the member space with all its files."""
    if request.method == "POST":
        members.close_member(member)
        spaces.leave(request)
        return render(request, "registry/left.html", {"deleted": True})
    context = {"works": member.works.count(), "deposits": member.deposits.count()}
    return render(request, "registry/close.html", context)
