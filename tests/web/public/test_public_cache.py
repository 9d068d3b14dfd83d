"""The page cache: fast, never stale for long, and never with what belongs to one reader."""

from __future__ import annotations

import gzip
import threading
from typing import TYPE_CHECKING, Any

import pytest

from countermark.web.config.kept import HEADER, NAMES_SECONDS, Keeping
from countermark.web.public.cache import STALE_SECONDS, PageCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


class Application:
    """Counts how often it is asked, and answers with the query that reached it."""

    def __init__(self, rule: Keeping | None = Keeping(3, ("page",), ("q",)), **headers: str) -> None:  # noqa: B008
        self.asked: list[str] = []
        self.rule = rule
        self.headers = headers
        self.status = "200 OK"
        self.body = b"<p>a page</p>" * 100

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answer."""
        self.asked.append(environ.get("QUERY_STRING", ""))
        headers = [("Content-Type", "text/html"), ("Content-Security-Policy", "default-src 'none'")]
        headers += [(name.replace("_", "-"), value) for name, value in self.headers.items()]
        if self.rule is not None:
            headers.append((HEADER, self.rule.to_header()))
        start_response(self.status, headers)
        return [self.body, environ.get("QUERY_STRING", "").encode()]


def ask(cache: PageCache, path: str = "/fr/", query: str = "", method: str = "GET", **more: str) -> Any:
    """(status, headers, body) of one request."""
    said: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        said[:] = [status, dict(headers)]
        return bytes

    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, **more}
    body = b"".join(cache(environ, start))
    return said[0], said[1], body


def made(application: Application, **options: Any) -> tuple[PageCache, Clock]:
    clock = Clock()
    return PageCache(application, clock=clock, **options), clock


def test_a_page_is_made_once_while_it_is_fresh() -> None:
    """Within its seconds the application is not asked again; after them it is, once."""
    application = Application()
    cache, clock = made(application)
    for _ in range(5):
        assert ask(cache)[2] == application.body
    assert len(application.asked) == 1
    clock.now += 3
    ask(cache)
    ask(cache)
    assert len(application.asked) == 2


def test_the_rule_never_leaves_the_house() -> None:
    """Neither a kept answer nor one passed on shows the internal header."""
    cache, _ = made(Application())
    for query in ("", "", "q=anna"):
        assert HEADER not in ask(cache, query=query)[1]


def test_security_headers_stay() -> None:
    """What Django sets on a page is on its kept copy, compressed or not, and on its 304."""
    cache, _ = made(Application())
    etag = ask(cache)[1]["ETag"]
    for more in ({}, {"HTTP_ACCEPT_ENCODING": "gzip"}, {"HTTP_IF_NONE_MATCH": etag}):
        assert ask(cache, **more)[1]["Content-Security-Policy"] == "default-src 'none'"


def test_parameters_that_no_page_reads_make_no_copy() -> None:
    """A thousand made-up parameters are one page, and reach nothing."""
    application = Application()
    cache, _ = made(application)
    ask(cache)
    for number in range(1000):
        ask(cache, query=f"utm={number}&x={number}")
    assert application.asked == [""]


def test_variants_are_kept_apart_and_searches_not_at_all() -> None:
    """`page` has its copies; `q` is asked each time."""
    application = Application()
    cache, _ = made(application)
    ask(cache)
    first, second = ask(cache, query="page=2&x=1")[2], ask(cache, query="page=3")[2]
    assert first != second
    for _ in range(3):
        ask(cache, query="q=anna&page=2")
    assert application.asked == ["", "page=2", "page=3", *["q=anna&page=2"] * 3]


def test_a_first_request_with_a_query_is_not_kept_as_the_plain_page() -> None:
    """What was made for `?page=2` is never shown for the address alone."""
    cache, _ = made(Application())
    ask(cache, query="page=2")
    assert b"page=2" not in ask(cache)[2]


@pytest.mark.parametrize("headers", [{"Set_Cookie": "a=b"}, {"Content_Encoding": "br"}])
def test_what_sets_a_cookie_is_never_kept(headers: dict[str, str]) -> None:
    """Such an answer goes to its reader alone."""
    application = Application(None, **headers)
    application.rule = Keeping(3)
    cache, _ = made(application)
    for _ in range(3):
        ask(cache)
    assert len(application.asked) == 3


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
def test_only_reading_is_answered_from_memory(method: str) -> None:
    """A POST to a kept address reaches the application."""
    application = Application()
    cache, _ = made(application)
    ask(cache)
    ask(cache, method=method)
    assert len(application.asked) == 2


def test_no_rule_no_copy() -> None:
    """What no view allows is not kept, nor is a fault, even of a page that is kept otherwise."""
    application = Application(rule=None)
    cache, _ = made(application)
    ask(cache)
    ask(cache)
    assert len(application.asked) == 2
    application = Application()
    cache, clock = made(application)
    ask(cache)
    clock.now += 10
    application.status = "500 Internal Server Error"
    assert ask(cache)[0].startswith("500")
    application.status = "200 OK"
    assert ask(cache)[0].startswith("200")


def test_head_has_the_headers_and_no_body() -> None:
    """HEAD says the length of what GET would send."""
    cache, _ = made(Application())
    _, headers, body = ask(cache)
    status, head_headers, head_body = ask(cache, method="HEAD")
    assert (status, head_body) == ("200 OK", b"")
    assert head_headers["Content-Length"] == str(len(body)) == headers["Content-Length"]


def test_compressed_copies_are_the_same_page() -> None:
    """Gzip where it is taken, with an ETag of its own; and 304 for either."""
    application = Application()
    cache, _ = made(application)
    plain = ask(cache)
    packed = ask(cache, HTTP_ACCEPT_ENCODING="gzip, br")
    assert gzip.decompress(packed[2]) == plain[2]
    assert packed[1]["Content-Encoding"] == "gzip"
    assert packed[1]["ETag"] != plain[1]["ETag"]
    assert packed[1]["Vary"] == "Accept-Encoding"
    for etag in (plain[1]["ETag"], packed[1]["ETag"], f'"x", W/{plain[1]["ETag"]}', "*"):
        assert ask(cache, HTTP_IF_NONE_MATCH=etag)[::2] == ("304 Not Modified", b"")
    assert ask(cache, HTTP_IF_NONE_MATCH='"other"')[0] == "200 OK"


def test_memory_is_bounded() -> None:
    """However many pages there are, the oldest go; one that is too large is never kept."""
    application = Application(rule=Keeping(60))
    cache, _ = made(application, memory_bytes=100_000)
    for number in range(200):
        ask(cache, path=f"/fr/roll/{number}/")
    assert 0 < cache.bytes <= 100_000
    application.body = bytes(200_000)
    ask(cache, path="/large/")
    ask(cache, path="/large/")
    assert len(application.asked) == 202


def test_one_thread_makes_a_page_and_the_others_take_the_former() -> None:
    """While a page is made anew, another reader gets the one before at once."""
    application = Application()
    cache, clock = made(application)
    ask(cache)
    clock.now += 3.1
    inside, go_on = threading.Event(), threading.Event()
    original = Application.__call__

    def slowly(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        inside.set()
        assert go_on.wait(5)
        return original(application, environ, start_response)

    cache.application = slowly
    maker = threading.Thread(target=ask, args=(cache,))
    maker.start()
    assert inside.wait(5)
    assert ask(cache)[2] == application.body  # does not wait
    go_on.set()
    maker.join()
    assert len(application.asked) == 2


def test_names_are_gone_within_five_seconds() -> None:
    """However slow a page is to make, what is shown was read less than five seconds before."""
    assert NAMES_SECONDS + STALE_SECONDS < 5


def test_long_addresses_are_not_remembered() -> None:
    """An address as long as a server takes it fills no memory."""
    application = Application()
    cache, _ = made(application)
    for _ in range(3):
        ask(cache, path="/fr/roll/" + "0" * 5000 + "1/")
    assert len(application.asked) == 3
    assert cache.bytes == 0
