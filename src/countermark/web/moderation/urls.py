"""Addresses of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from countermark.web.moderation.views import home, invalidation, organisation, review

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.dashboard, name="moderation"),
    path("switches/<str:name>/", home.switch, name="moderation_switch"),
    path("alarms/<int:pk>/seen/", home.alarm_seen, name="moderation_alarm_seen"),
    path("review/", review.review, name="moderation_review"),
    path("review/release/", review.release_all, name="moderation_release_all"),
    path("review/<int:pk>/", review.decide, name="moderation_decide"),
    path("comments/", review.comments, name="moderation_comments"),
    path("organisations/", organisation.waiting, name="moderation_organisations"),
    path("organisations/<int:pk>/", organisation.decide, name="moderation_organisation"),
    path("invalidations/", invalidation.listed, name="moderation_invalidations"),
    path("invalidations/new/", invalidation.new, name="moderation_invalidation_new"),
    path("invalidations/<int:pk>/", invalidation.one, name="moderation_invalidation"),
]
