"""One HTTP/1.1 response read to its end (RFC 9112): every byte as it came, and what it carries.

The standard library's client hands over neither the header block nor the chunks as they were sent, and a proof is what
was sent. Nothing here knows of a network: `read` gives bytes, from a socket or from a capture that was kept.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.reservations.response import MAX_BODY, Headers

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_HEAD: Final = 256 << 10
"""Bytes of status line and header fields that are read."""
MAX_INTERIM: Final = 8
"""Interim responses (1xx) before the final one."""
_PIECE: Final = 1 << 16
_LONGEST_CHUNK_LINE: Final = 4096
_CODINGS_MOST: Final = 3
_MEMBERS_MOST: Final = 16
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n")
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_DIGITS: Final = re.compile(r"[0-9]{1,15}")
_WITHOUT_BODY: Final = frozenset({204, 304})


class MessageError(ValueError):
    """A response that cannot be read; `reason` is `bad-http`, `too-large` or `cut-short`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """A response: `head` and `body` as they were sent, `payload` without chunks, `content` without codings.

    `problems` are things that leave a doubt about what was said: a broken header line, a coding that is not known.
    """

    head: bytes
    body: bytes
    status: int
    headers: Headers
    payload: bytes
    content: bytes
    problems: tuple[str, ...] = ()

    @property
    def raw(self) -> bytes:
        """The response as it was sent."""
        return self.head + self.body


def read_message(read: Callable[[int], bytes], limit: int = MAX_BODY) -> Message:
    """Read one response; `read(n)` gives up to n bytes, none at the end.

    `limit` bounds the body as it was sent and as it is decoded. Raises MessageError.
    """
    wire = _Wire(read)
    for _ in range(MAX_INTERIM):
        start = wire.at
        status = _status(wire)
        lines = _field_lines(wire, start)
        if status >= 200:
            break
    else:
        raise MessageError("bad-http", f"more than {MAX_INTERIM} interim responses")
    head = bytes(wire.data[start : wire.at])
    fields, problems = _fields(lines)
    headers = Headers(fields)
    begin = wire.at
    payload = _payload(wire, status, headers, limit)
    content, wrong = decoded(payload, headers, limit)
    return Message(
        head, bytes(wire.data[begin : wire.at]), status, headers, payload, content, (*problems, *wrong)
    )


class _Wire:
    """Bytes as they arrive; all are kept, `at` is how far they were understood."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self.data = bytearray()
        self.at = 0

    def more(self) -> bool:
        """Whether there was more."""
        piece = self._read(_PIECE)
        self.data += piece
        return bool(piece)

    def line(self, longest: int, what: str) -> bytes:
        """The next line with its end; b"" at the end of the stream. Raises MessageError."""
        looked = self.at
        while (end := self.data.find(b"\n", looked)) < 0:
            looked = len(self.data)
            if looked - self.at > longest:
                raise MessageError("bad-http", f"{what} is longer than {longest:,} bytes")
            if not self.more():
                if looked == self.at:
                    return b""
                raise MessageError("cut-short", f"the connection ended within {what}")
        line = bytes(self.data[self.at : end + 1])
        if len(line) > longest:
            raise MessageError("bad-http", f"{what} is longer than {longest:,} bytes")
        self.at = end + 1
        return line

    def exactly(self, size: int) -> bytes:
        """The next `size` bytes. Raises MessageError where the stream ends before."""
        while len(self.data) - self.at < size:
            if not self.more():
                had = len(self.data) - self.at
                raise MessageError("cut-short", f"the connection ended after {had:,} of {size:,} bytes")
        piece = bytes(self.data[self.at : self.at + size])
        self.at += size
        return piece

    def rest(self, limit: int) -> bytes:
        """All that comes. Raises MessageError where it is too much."""
        begin = self.at
        while len(self.data) - begin <= limit:
            if not self.more():
                self.at = len(self.data)
                return bytes(self.data[begin:])
        raise _too_large(limit)


def _too_large(limit: int) -> MessageError:
    return MessageError("too-large", f"the body is larger than the {limit:,} bytes that are accepted")


def _status(wire: _Wire) -> int:
    line = wire.line(MAX_HEAD, "the status line")
    if not line:
        raise MessageError("cut-short", "the connection ended without an answer")
    found = _STATUS.fullmatch(line)
    if not found:
        raise MessageError(
            "bad-http", f"the answer begins with {line[:40]!r}, which is no HTTP/1.1 status line"
        )
    return int(found[1])


def _field_lines(wire: _Wire, start: int) -> list[bytes]:
    lines = []
    while (line := wire.line(MAX_HEAD, "a header field")) not in {b"\r\n", b"\n"}:
        if not line:
            raise MessageError("cut-short", "the connection ended within the header fields")
        if wire.at - start > MAX_HEAD:
            raise MessageError("too-large", f"the header fields are larger than {MAX_HEAD:,} bytes")
        lines.append(line)
    return lines


def _fields(lines: list[bytes]) -> tuple[list[tuple[str, str]], list[str]]:
    fields: list[tuple[str, list[str]]] = []
    problems = []
    for line in lines:
        text = line.decode("latin-1").rstrip("\r\n")
        if text[:1] in {" ", "\t"} and fields:
            fields[-1][1].append(text.strip())  # a folded line (RFC 9112, section 5.2)
            continue
        name, colon, value = text.partition(":")
        if colon and name.strip():
            fields.append((name.strip(), [value]))
        else:
            problems.append(f"a header line without a name: {text[:60]!r}")
    return [(name, " ".join(values)) for name, values in fields], problems[:_CODINGS_MOST]


def _payload(wire: _Wire, status: int, headers: Headers, limit: int) -> bytes:
    if status in _WITHOUT_BODY:
        return b""
    codings = [one.strip().lower() for value in headers.all("transfer-encoding") for one in value.split(",")]
    if codings:
        if codings != ["chunked"]:
            said = ", ".join(codings)[:60]
            raise MessageError("bad-http", f"the transfer coding {said!r} is not known; chunked is")
        return _chunks(wire, limit)
    lengths = {one.strip() for value in headers.all("content-length") for one in value.split(",")}
    if not lengths:
        return wire.rest(limit)
    said = lengths.pop()
    if lengths or not _DIGITS.fullmatch(said):
        raise MessageError("bad-http", "Content-Length is no number, or two that differ")
    if int(said) > limit:
        raise _too_large(limit)
    return wire.exactly(int(said))


def _chunks(wire: _Wire, limit: int) -> bytes:
    payload, begin = bytearray(), wire.at
    while True:
        line = wire.line(_LONGEST_CHUNK_LINE, "a chunk's size")
        found = _SIZE.fullmatch(line)
        if not found:
            reason = "bad-http" if line else "cut-short"
            raise MessageError(reason, f"a chunk begins with {line[:40]!r}, which is no size")
        size = int(found[1], 16)
        if wire.at - begin + size > limit:
            raise _too_large(limit)
        if size == 0:
            _field_lines(wire, wire.at)  # trailers, up to the empty line
            return bytes(payload)
        payload += wire.exactly(size)
        if wire.line(2, "a chunk's end") not in {b"\r\n", b"\n"}:
            raise MessageError("bad-http", "a chunk is longer than it says")


def decoded(payload: bytes, headers: Headers, limit: int = MAX_BODY) -> tuple[bytes, tuple[str, ...]]:
    """The payload without its content codings, and what stands against it. Never raises."""
    codings = [one.strip().lower() for value in headers.all("content-encoding") for one in value.split(",")]
    codings = [one for one in codings if one not in {"", "identity"}]
    if not payload or not codings:
        return payload, ()
    if len(codings) > _CODINGS_MOST:
        return b"", (f"{len(codings)} content codings, one within the other",)
    data = payload
    for coding in reversed(codings):
        try:
            data = _inflated(data, coding, limit)
        except (zlib.error, ValueError) as error:
            return b"", (f"the content coding {coding[:20]!r} could not be undone: {error}",)
    return data, ()


def _inflated(data: bytes, coding: str, limit: int) -> bytes:
    if coding in {"gzip", "x-gzip"}:
        return _members(data, limit)
    if coding != "deflate":
        raise ValueError("it is not known here")
    try:
        return _stream(zlib.decompressobj(), data, limit)[0]
    except zlib.error:
        return _stream(zlib.decompressobj(-zlib.MAX_WBITS), data, limit)[0]  # what some servers mean by it


def _members(data: bytes, limit: int) -> bytes:
    whole = b""
    for _ in range(_MEMBERS_MOST):
        piece, data = _stream(zlib.decompressobj(16 + zlib.MAX_WBITS), data, limit - len(whole))
        whole += piece
        if not data:
            return whole
    raise ValueError(f"it has more than {_MEMBERS_MOST} gzip members")


def _stream(inflating: zlib._Decompress, data: bytes, limit: int) -> tuple[bytes, bytes]:
    inflated = inflating.decompress(data, limit + 1)
    if len(inflated) > limit:
        raise ValueError(f"it holds more than the {limit:,} bytes that are accepted")
    if not inflating.eof:
        raise ValueError("it is cut short")
    return inflated, inflating.unused_data
