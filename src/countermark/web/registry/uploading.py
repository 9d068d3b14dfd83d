"""Requests that carry files: nothing of the body is read before it is known who sends it and how much.

Django's protection against forged forms reads the form, and with it the files; here it runs after both questions.
"""

from __future__ import annotations

import hashlib
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from countermark.web.abuse.limits import allowed
from countermark.web.abuse.switches import is_on
from countermark.web.registry.caps import MIB
from countermark.web.registry.readers import RefusedError
from countermark.web.registry.refusals import sentence
from countermark.web.registry.spaces import for_members

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponseBase

    from countermark.web.registry.models import Member

    P = ParamSpec("P")
    View = Callable[Concatenate[HttpRequest, Member, P], HttpResponseBase]


def taking(most: int) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """For members only, and with a body of at most `most` bytes and a little for the other fields."""

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        protected = csrf_protect(view)

        @wraps(view)
        def sized(
            request: HttpRequest, member: Member, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if _stated_length(request) > most + MIB:
                told = {"sentence": sentence("too-large" if most < 32 * MIB else "archive-large")}
                return render(request, "registry/refused.html", told, status=413)
            return protected(request, member, *args, **kwargs)

        return csrf_exempt(for_members(sized))

    return decorate


def _stated_length(request: HttpRequest) -> int:
    """How many bytes the body has, as the request says; Django reads no more than that."""
    stated = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(stated) if stated.isascii() and stated.isdigit() else 0


def require_turn(member: Member) -> None:
    """Count one upload; raises RefusedError when there were too many, or uploads are switched off."""
    if is_on("no_uploads"):
        raise RefusedError("no-uploads")
    if allowed(("upload", bytes(member.uid))) is not None:
        raise RefusedError("often")


def store(upload: UploadedFile[bytes], target: Path, most: int) -> str:
    """Copy an upload to `target`, which must not exist, at most `most` bytes; return its SHA-256 in hexadecimal."""
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as stream:
        for chunk in upload.chunks():
            size += len(chunk)
            if size > most:
                raise RefusedError("too-large")
            digest.update(chunk)
            stream.write(chunk)
    return digest.hexdigest()
