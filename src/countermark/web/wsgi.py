"""The entry point for a WSGI server: the page cache in front, static files, then Django."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

# Django must know where its settings are before anything of it is imported
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countermark.web.config.settings")

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

from countermark.web.config.turns import Turns
from countermark.web.public.cache import PageCache

if TYPE_CHECKING:
    from wsgiref.headers import Headers
    from wsgiref.types import WSGIApplication

STATIC_SECONDS: Final = 600  # names carry no digest: browsers ask again soon, and get 304


def _harmless(headers: Headers, path: str, url: str) -> None:  # noqa: ARG001 - WhiteNoise's arguments
    """A static file is only what its type says, and may be shown in other sites' pages only as an image."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def with_static_files(application: WSGIApplication) -> WSGIApplication:
    """The application with every room's static files in front of it, taken from where they lie."""
    served = WhiteNoise(application, max_age=STATIC_SECONDS, add_headers_function=_harmless)
    for finder in get_finders():
        for path, storage in finder.list([]):
            served.add_file_to_dictionary(f"{settings.STATIC_URL}{path}", storage.path(path))
    return served  # type: ignore[no-any-return]


application = PageCache(with_static_files(Turns(get_wsgi_application())))
