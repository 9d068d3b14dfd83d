"""Every address of the site. Each room lists its own; the pages that people read begin with their language."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from countermark.web.upkeep.health import health

urlpatterns = [
    *i18n_patterns(  # first: at a peak these are asked for most
        path("", include("countermark.web.signing.urls")),
        path("", include("countermark.web.public.urls")),
        path("organisations/", include("countermark.web.organisations.urls")),
        path("members/", include("countermark.web.registry.member_urls")),
    ),
    path("", include("countermark.web.public.machine_urls")),  # /, feeds, embeds, health, the API
    path("health/", health, name="health"),
    path("challenge/", include("countermark.web.abuse.urls")),
    path("roll/", include("countermark.web.roll.urls")),  # what programs fetch: heads, proofs, the export
    path("accounts/", include("countermark.web.accounts.urls")),
    path("organiser/", include("countermark.web.registry.organiser_urls")),
    path("moderation/", include("countermark.web.moderation.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "countermark.web.public.errors.bad_request"
handler403 = "countermark.web.public.errors.forbidden"
handler404 = "countermark.web.public.errors.not_found"
handler500 = "countermark.web.public.errors.fault"
