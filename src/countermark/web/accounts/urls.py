"""Addresses of this room, before those of allauth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import include, path

from countermark.web.accounts import views

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("", include("allauth.urls")),
]
