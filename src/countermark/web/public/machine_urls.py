"""Addresses of this room without a language: what machines and other sites fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from countermark.web.public.api.interface import api
from countermark.web.public.views import machines

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", machines.root, name="root"),
    path("<str:language>/feed.atom", machines.feed, name="feed"),
    path("embed/counter.svg", machines.embed_counter, name="embed_counter"),
    path("embed/<str:language>/", machines.embed_frame, name="embed_frame"),
    path("api/v1/", machines.api_root, name="api"),
    path("api/v1/openapi.json", machines.openapi, name="openapi"),
    path("api/v1/", api.urls),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path(".well-known/security.txt", machines.security_txt, name="security_txt"),
    path("manifest.webmanifest", machines.web_manifest, name="web_manifest"),
    path("favicon.ico", machines.favicon, name="favicon"),
]
