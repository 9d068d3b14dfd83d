"""Addresses of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from countermark.web.roll import views

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("key.json", views.key, name="roll_key"),
    path("head.json", views.head, name="roll_head"),
    path("heads.json", views.published_heads, name="roll_heads"),
    path("export.json", views.export, name="roll_export"),
    path("proof/<int:number>.json", views.proof, name="roll_proof"),
    path("consistency.json", views.consistency, name="roll_consistency"),
    path("verify_roll.py", views.verifier, name="roll_verifier"),
]
