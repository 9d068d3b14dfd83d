"""The page cache: public pages are answered from memory, before Django is asked and without SQL.

It stands in front of the whole application, one in each process. It keeps what views allow with `public.kept`, for
seconds; a page that names people is gone from it five seconds after a withdrawal at the latest. While one thread makes
a page anew, the others get the former one for `STALE_SECONDS` at most, then wait.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from countermark.web.public.answers import Answer, Kept, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from countermark.web.config.kept import Keeping

MEMORY_BYTES: Final = 48 * 2**20
RULES: Final = 20_000  # addresses whose rule is remembered
STALE_SECONDS: Final = 1.5
LONGEST_PATH: Final = 300  # characters; longer ones are never remembered
LONGEST_VALUE: Final = 80  # characters of a parameter; longer ones are answered apart
Key = tuple[str, str]


class PageCache:
    """A WSGI application that answers from memory, or asks `application`. `clock` gives seconds; tests set it."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        memory_bytes: int = MEMORY_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.application = application
        self.memory_bytes = memory_bytes
        self.clock = clock
        self.bytes = 0
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._rules: OrderedDict[str, Keeping] = OrderedDict()
        self._flights: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.application(environ, start_response)
        path = environ.get("PATH_INFO", "/")
        rule = self._rules.get(path)
        if rule is None:
            return self._learn(path, environ, start_response)
        key = _key(path, rule, environ)
        if key is None:
            return ask(self.application, environ).send(start_response)
        page = self._pages.get(key)
        if page is None or self.clock() - page.made_at >= page.seconds:
            renewed = self._renew(key, page, environ)
            if isinstance(renewed, Answer):
                return renewed.send(start_response)
            page = renewed
        return page.send(environ, start_response)

    def forget(self) -> None:
        """Forget every page and rule."""
        with self._lock:
            self._pages.clear()
            self._rules.clear()
            self.bytes = 0

    def _learn(self, path: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Ask about an address that was not seen yet, and remember its rule; its page too, without a query."""
        made_at = self.clock()
        answer = ask(self.application, environ)
        if answer.rule is None or len(path) > LONGEST_PATH:
            return answer.send(start_response)
        with self._lock:
            self._rules[path] = answer.rule
            while len(self._rules) > RULES:
                self._rules.popitem(last=False)
        if environ.get("QUERY_STRING"):
            return answer.send(start_response)
        page = answer.keep(made_at)
        if page is None:
            return answer.send(start_response)
        self._store((path, ""), page)
        return page.send(environ, start_response)

    def _renew(self, key: Key, former: Kept | None, environ: WSGIEnvironment) -> Kept | Answer:
        """Make a page anew, in one thread at a time; or give the former one while another thread does."""
        with self._lock:
            flight = self._flights.setdefault(key, threading.Lock())
        if former is not None and self.clock() - former.made_at < former.seconds + STALE_SECONDS:
            if not flight.acquire(blocking=False):
                return former
        else:
            flight.acquire()
        try:
            newer = self._pages.get(key)
            if newer is not None and self.clock() - newer.made_at < newer.seconds:
                return newer
            return self._make(key, environ)
        finally:
            with self._lock:
                self._flights.pop(key, None)
            flight.release()

    def _make(self, key: Key, environ: WSGIEnvironment) -> Kept | Answer:
        made_at = self.clock()
        answer = ask(self.application, {**environ, "REQUEST_METHOD": "GET"})
        page = answer.keep(made_at)
        if page is None:
            self._store(key, None)
            return answer
        self._store(key, page)
        return page

    def _store(self, key: Key, page: Kept | None) -> None:
        """Put a page in the place of its former one, or only take that away; the oldest go where memory is full."""
        with self._lock:
            former = self._pages.pop(key, None)
            self.bytes -= former.size if former else 0
            if page is None or page.size > self.memory_bytes // 8:
                return
            self._pages[key] = page
            self.bytes += page.size
            while self.bytes > self.memory_bytes:
                self.bytes -= self._pages.popitem(last=False)[1].size


def _key(path: str, rule: Keeping, environ: WSGIEnvironment) -> Key | None:
    """The key of a request, None where it is answered apart; leaves in the query only what the page reads."""
    query = environ.get("QUERY_STRING", "")
    if not query:
        return path, ""
    try:
        given = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=20))
    except ValueError:
        given = {}
    if any(given.get(name) for name in rule.apart):
        return None
    read = [(name, given[name]) for name in rule.query if name in given]
    if any(len(value) > LONGEST_VALUE for _, value in read):
        return None
    query = environ["QUERY_STRING"] = urlencode(read)
    return path, query
