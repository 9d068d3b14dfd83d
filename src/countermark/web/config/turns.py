"""Whose turn it is: few requests are worked on at a time, but whoever is slow outside keeps nobody waiting.

Work on a request holds a turn, of which each process has a few: with more at once, threads would only fight for the
interpreter and for SQLite's one writer. While a thread waits for something outside (a body that drips in over a slow
line, another site's server, a reader process), it gives its turn to others. So the server has many more threads than
turns: a slow upload costs a thread that sleeps, and not the site.
"""

from __future__ import annotations

import io
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

VARIABLE: Final = "COUNTERMARK_TURNS"
SHORT: Final = 256 * 1024  # bytes: every form but uploads
WAITING: Final = 24  # threads beyond the turns, for those who wait
_held = threading.local()


class Turns:
    """A WSGI application that works on `turns` requests of `application` at a time."""

    def __init__(self, application: WSGIApplication, turns: int | None = None) -> None:
        self.application = application
        self.free = threading.BoundedSemaphore(turns or turns_of_environment())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; what streams is made after its turn, piece by piece, as its reader takes it."""
        environ["wsgi.input"] = _body_of(environ)
        with self.free:
            _held.by = self.free
            try:
                return self.application(environ, start_response)
            finally:
                _held.by = None


def turns_of_environment() -> int:
    """How many the environment says; `countermark serve --threads` sets it. One where it says nothing."""
    text = os.environ.get(VARIABLE, "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 4 else 1


@contextmanager
def aside() -> Iterator[None]:
    """Wait for something outside without a turn, if this thread has one. Not within a transaction that has written."""
    turn: threading.BoundedSemaphore | None = getattr(_held, "by", None)
    if turn is None:
        yield
        return
    _held.by = None
    turn.release()
    try:
        yield
    finally:
        turn.acquire()
        _held.by = turn


def _body_of(environ: WSGIEnvironment) -> Any:
    """A short body, read before a turn is asked for; one that is long, or does not say how long, is read in turns."""
    body, stated = environ["wsgi.input"], environ.get("CONTENT_LENGTH") or ""
    if stated.isdecimal() and len(stated) < 9 and int(stated) <= SHORT:
        return io.BytesIO(body.read(int(stated)) if int(stated) else b"")
    return _Patient(body)


class _Patient:
    """The body of a request; whoever reads it stands aside meanwhile."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, *size: int) -> bytes:
        """The next bytes."""
        with aside():
            return bytes(self._body.read(*size))

    def readline(self, *size: int) -> bytes:
        """The next line."""
        with aside():
            return bytes(self._body.readline(*size))

    def readlines(self, *hint: int) -> list[bytes]:
        """The lines that are left."""
        with aside():
            return list(self._body.readlines(*hint))

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line
