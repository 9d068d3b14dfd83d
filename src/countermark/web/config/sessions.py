"""Cookies only where somebody logs in: those who read or sign get none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

# the first part of the path after the language: accounts, moderation, dashboards and the member space
WITH_SESSION: Final = frozenset({"accounts", "admin", "moderation", "organiser", "members"})


def has_session(path: str) -> bool:
    """Whether pages at `path` may have a session."""
    parts = path.split("/", 3)
    first = parts[2] if len(parts) > 2 and parts[1] in ("fr", "en") else parts[1] if len(parts) > 1 else ""
    return first in WITH_SESSION


class PrivateSessionMiddleware(SessionMiddleware):
    """Django's sessions, but on public pages an empty one that is never read or written."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session; on public pages without its key, whatever cookies came."""
        if has_session(request.path_info):
            super().process_request(request)
        else:
            request.session = self.SessionStore(None)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:  # type: ignore[override]
        """Save the session where there may be one."""
        if has_session(request.path_info):
            return super().process_response(request, response)  # type: ignore[arg-type]
        return response


class PrivateMessageMiddleware(MessageMiddleware):
    """Django's messages, which live in the session; on public pages there are none."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the messages where there is a session."""
        if has_session(request.path_info):
            super().process_request(request)
