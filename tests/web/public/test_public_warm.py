"""The whole application, cache in front: warm pages ask no database, and a withdrawal is seen at once after."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from countermark.web.config.kept import NAMES_SECONDS
from countermark.web.public.cache import PageCache
from countermark.web.public.figures import count
from countermark.web.roll.models import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.web.roll.models import Entry


class Clock:
    """Seconds that pass when a test says so."""

    now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def served(site: None) -> Iterator[PageCache]:
    """The site behind the cache; the test's connection to the database stays open."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield PageCache(WSGIHandler(), clock=Clock())
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def read(cache: PageCache, path: str, query: str = "", method: str = "GET", **more: str) -> Any:
    """(status, headers, body) of one request."""
    said: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        said[:] = [status, dict(headers)]
        return bytes

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        **more,
    }
    chunks = cache(environ, start)
    body = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
    return said[0], said[1], body


WARM = [
    *("/fr/", "/en/", "/fr/statement/", "/fr/figures/", "/fr/roll/", "/fr/roll/1/", "/fr/organisations/"),
    *("/fr/verify/", "/fr/found/", "/fr/feed.atom", "/embed/counter.svg", "/embed/fr/"),
    *("/api/v1/count", "/api/v1/figures", "/api/v1/roll", "/api/v1/heads"),
]


@pytest.mark.parametrize("path", WARM)
def test_warm_pages_ask_no_database(served: PageCache, enter: Callable[..., Entry], path: str) -> None:
    """The second reader costs no query and gets no cookie, whatever cookies come."""
    enter()
    status, headers, _ = read(served, path)
    assert status.startswith("200")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        status, headers, body = read(served, path, HTTP_COOKIE="sessionid=x; csrftoken=y")
    assert (status, len(queries)) == ("200 OK", 0)
    assert body
    assert "Set-Cookie" not in headers
    assert "Content-Security-Policy" in headers
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/fr/roll/", "/fr/roll/1/", "/api/v1/roll", "/api/v1/roll/1"])
def test_a_withdrawal_leaves_the_pages(served: PageCache, enter: Callable[..., Entry], path: str) -> None:
    """A name is gone from every page as soon as the copy is older than it may be."""
    entry = enter(name="Zoé Ferrand", folded="zoe ferrand")
    needle = ("Zoé Ferrand".encode(), b"Zo\\u00e9 Ferrand")
    assert any(name in read(served, path)[2] for name in needle)
    entry.standing, entry.name, entry.folded, entry.salt = Standing.WITHDRAWN, "", "", None
    entry.save()
    served.clock.now += NAMES_SECONDS  # type: ignore[attr-defined]
    assert not any(name in read(served, path)[2] for name in needle)


def test_a_search_is_not_kept_and_is_limited(served: PageCache, enter: Callable[..., Entry]) -> None:
    """Each search asks the database, until the network has searched too often."""
    from countermark.web.abuse.limits import DEFAULTS

    enter(name="Anna Weiss", folded="anna weiss")
    answers = [
        read(served, "/fr/roll/", f"q=anna&x={number}") for number in range(DEFAULTS["search"].limit + 1)
    ]
    assert "Anna Weiss" in answers[0][2].decode()
    assert answers[-1][0].startswith("429")
    assert answers[-1][1]["Retry-After"] == "60"


def test_the_counter_follows_the_worker(served: PageCache, enter: Callable[..., Entry]) -> None:
    """What the worker counts is what the API says."""
    for _ in range(7):
        enter()
    count()
    assert b'"total": 7' in read(served, "/api/v1/count")[2]


def test_static_files_come_from_every_room(served: PageCache) -> None:
    """The entry point serves them without a collecting step, and only as what they are."""
    from countermark.web.wsgi import application

    for path, kind in (("site.css", "text/css"), ("mark.svg", "image/svg+xml"), ("embed.css", "text/css")):
        status, headers, body = read(application, f"/static/public/{path}")
        assert status == "200 OK"
        assert headers["Content-Type"].startswith(kind)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert body
    assert read(application, "/static/../config/settings.py")[0].startswith("404")


def test_requests_are_answered_within_microseconds(served: PageCache) -> None:
    """A warm page takes so little that the server around it is what costs: 1,500 a second and core are easy."""
    read(served, "/fr/")
    begun = time.process_time()
    for _ in range(1000):
        read(served, "/fr/")
    assert time.process_time() - begun < 0.2
