"""Addresses of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from countermark.web.signing import own_views, views

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign/", views.sign, name="sign"),
    path("sign/sent/", views.sent, name="sent"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("signed/<str:token>/", views.signed, name="signed"),
    path("mine/", own_views.resend, name="resend"),
    path("mine/<str:token>/", own_views.mine, name="mine"),
    path("mine/<str:token>/data.json", own_views.mine_data, name="mine_data"),
    path("mine/<str:token>/proof.json", own_views.mine_proof, name="mine_proof"),
    path("change/<str:token>/", own_views.change, name="change"),
    path("withdraw/<str:token>/", own_views.withdraw, name="withdraw"),
]
