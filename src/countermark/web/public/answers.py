"""Answers of the application, and those that are kept: compressed once, with their ETags (RFC 9110, section 8.8.3)."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.web.config.kept import HEADER, Keeping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
SMALLEST_GZIP: Final = 400  # bytes; below, compressing saves no packet
OVERHEAD_BYTES: Final = 3000  # headers and objects of one kept answer, about
REPLACED: Final = frozenset({"content-length", "vary", "date", "etag", "cache-control", HEADER.lower()})
NEVER_KEPT: Final = frozenset({"set-cookie", "content-encoding"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application answered; `rule` is there when a view allows it to be kept."""

    status: str
    headers: Headers
    chunks: Iterable[bytes]
    rule: Keeping | None

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        """Hand it on as it is."""
        start_response(self.status, self.headers)
        return self.chunks

    def keep(self, made_at: float) -> Kept | None:
        """Read it whole, to keep it; None, and nothing read, where it must not be kept."""
        names = {name.lower() for name, _ in self.headers}
        if self.rule is None or not self.status.startswith("200") or names & NEVER_KEPT:
            return None
        try:
            body = b"".join(self.chunks)
        finally:
            close = getattr(self.chunks, "close", None)
            if close is not None:
                close()
        return _kept(self.headers, body, self.rule.seconds, made_at)


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer, ready to send plain or compressed. `made_at` is in seconds of the cache's clock."""

    made_at: float
    seconds: float
    etags: tuple[str, str]
    plain: tuple[Headers, list[bytes]]
    packed: tuple[Headers, list[bytes]]
    unchanged: Headers
    size: int

    def send(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a GET or HEAD: 304 where the reader has it already, compressed where the reader takes that."""
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and (asked.strip() == "*" or any(tag in asked for tag in self.etags)):
            start_response("304 Not Modified", self.unchanged[:])
            return []
        packed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        headers, body = self.packed if packed else self.plain
        start_response("200 OK", headers[:])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body


def ask(application: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Ask the application; its body is not read yet."""
    status, headers = "", Headers()

    def start(
        given_status: str,
        given_headers: Headers,
        exc_info: object = None,  # noqa: ARG001 - WSGI's
    ) -> Callable[[bytes], object]:
        nonlocal status, headers
        status, headers = given_status, given_headers
        return _written_at_once

    chunks = application(environ, start)
    rules = [value for name, value in headers if name.lower() == HEADER.lower()]
    others = [(name, value) for name, value in headers if name.lower() != HEADER.lower()]
    return Answer(status, others, chunks, Keeping.from_header(rules[0]) if rules else None)


def _written_at_once(chunk: bytes) -> object:
    raise TypeError(f"{len(chunk)} bytes were written, and an application of today returns them")


def _kept(headers: Headers, body: bytes, seconds: float, made_at: float) -> Kept:
    common = [(name, value) for name, value in headers if name.lower() not in REPLACED]
    common += [("Vary", "Accept-Encoding"), ("Cache-Control", "public, no-cache")]
    digest = hashlib.sha256(body).hexdigest()[:24]
    etags = (f'"{digest}"', f'"{digest}-gz"')
    plain = ([*common, ("ETag", etags[0]), ("Content-Length", str(len(body)))], [body])
    packed = plain
    if len(body) >= SMALLEST_GZIP:
        smaller = gzip.compress(body, 6, mtime=0)
        length = ("Content-Length", str(len(smaller)))
        packed = ([*common, ("Content-Encoding", "gzip"), ("ETag", etags[1]), length], [smaller])
    unchanged = [pair for pair in common if pair[0].lower() != "content-type"] + [("ETag", etags[0])]
    size = len(body) + len(packed[1][0]) + OVERHEAD_BYTES
    return Kept(made_at, seconds, etags, plain, packed, unchanged, size)
