"""Addresses of the member space, under /<language>/members/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from countermark.web.registry import doors, member_pages, upload_pages

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", member_pages.space, name="member_space"),
    path("open/<str:token>/", doors.open_space, name="member_open"),
    path("enter/<str:token>/", doors.enter_space, name="member_enter"),
    path("leave/", doors.leave_space, name="member_leave"),
    path("works/add/", upload_pages.add_work, name="work_add"),
    path("works/<str:uid>/", member_pages.work, name="work"),
    path("works/<str:uid>/file/", member_pages.work_file, name="work_file"),
    path("works/<str:uid>/remove/", member_pages.work_remove, name="work_remove"),
    path("fingerprints/add/", upload_pages.add_deposit, name="deposit_add"),
    path("fingerprints/<str:uid>/remove/", member_pages.deposit_remove, name="deposit_remove"),
    path("letters/", member_pages.letters, name="letters"),
    path("data/", member_pages.my_data, name="member_data"),
    path("close/", member_pages.close, name="member_close"),
]
