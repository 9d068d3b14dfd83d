"""Addresses of organisations' dashboards, under /organiser/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from countermark.web.registry import organiser_pages

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", organiser_pages.home, name="organiser_home"),
    path("<slug:slug>/", organiser_pages.organisation, name="organiser_organisation"),
    path("<slug:slug>/signatures.csv", organiser_pages.signatures_csv, name="organiser_signatures_csv"),
    path("<slug:slug>/signatures.json", organiser_pages.signatures_json, name="organiser_signatures_json"),
]
