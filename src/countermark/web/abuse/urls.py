"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from countermark.web.abuse.views import challenge_json

urlpatterns = [
    path("challenge.json", challenge_json, name="challenge_json"),
]
