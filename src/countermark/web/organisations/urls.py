"""Addresses of this room, below /<language>/organisations/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from countermark.web.organisations import views

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign/", views.sign, name="organisation_sign"),
    path("sent/", views.sent, name="organisation_sent"),
    path("mandate/<str:token>/", views.mandate, name="organisation_confirm"),
    path("mandate/<str:token>/withdraw/", views.withdraw, name="organisation_withdraw"),
    path("<slug:slug>/", views.organisation, name="organisation"),
]
