"""Addresses of this room that begin with a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from countermark.web.public.views.figures import figures
from countermark.web.public.views.found import found
from countermark.web.public.views.home import home
from countermark.web.public.views.organisations import organisations
from countermark.web.public.views.roll import roll, roll_entry
from countermark.web.public.views.statement import statement, statement_text
from countermark.web.public.views.words import (
    about,
    accessibility,
    api_help,
    embed_help,
    privacy,
    share,
    share_code,
    verify,
)

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("statement/", statement, name="statement"),
    path("statement/<int:version>.txt", statement_text, name="statement_text"),
    path("figures/", figures, name="figures"),
    path("roll/", roll, name="roll"),
    path("roll/<int:number>/", roll_entry, name="roll_entry"),
    path("verify/", verify, name="verify"),
    path("organisations/", organisations, name="organisations"),
    path("found/", found, name="found"),
    path("privacy/", privacy, name="privacy"),
    path("about/", about, name="about"),
    path("accessibility/", accessibility, name="accessibility"),
    path("share/", share, name="share"),
    path("share/code.svg", share_code, name="share_code"),
    path("embed/", embed_help, name="embed_help"),
    path("api/", api_help, name="api_help"),
]
