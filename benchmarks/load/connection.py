"""A small HTTP/1.1 client that keeps its connections; loopback addresses only."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_HEAD = 64 * 1024


class BrokenConnectionError(ConnectionError):
    """The server closed the connection, or answered with what is no HTTP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: status, headers by lower-case name (the last of several), and the body."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """A server on this machine."""

    host: str
    port: int

    @property
    def origin(self) -> str:
        """The origin as browsers send it."""
        return f"http://{self.host}:{self.port}"


def target(origin: str) -> Target:
    """The server at `http://127.0.0.1:PORT`. Raises ValueError for any address that is not loopback."""
    parts = urlsplit(origin)
    try:
        loopback = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        loopback = False
    if parts.scheme != "http" or not loopback or not parts.port:
        raise ValueError(
            f"{origin!r} is refused: load is sent to this machine only, as http://127.0.0.1:8000"
        )
    return Target(parts.hostname or "", parts.port)


class Connection:
    """One connection that is opened at the first request and kept as long as the server keeps it."""

    def __init__(self, server: Target) -> None:
        self._server = server
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def request(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send one request and read its answer. Raises OSError (as BrokenConnectionError) where there is none."""
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(self._server.host, self._server.port)
        if self._reader is None:
            raise BrokenConnectionError("no connection")
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._server.host}:{self._server.port}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        try:
            answer = await _read(self._reader, method)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, IndexError) as error:
            self.close()
            raise BrokenConnectionError(str(error)) from None
        except OSError:
            self.close()
            raise
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        """Drop the connection; the next request opens another."""
        if self._writer is not None:
            with contextlib.suppress(OSError):
                self._writer.close()
        self._reader = self._writer = None


async def _read(reader: asyncio.StreamReader, method: str) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ", 2)[1])
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    if method == "HEAD" or status in (204, 304):
        return Answer(status, headers, b"")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return Answer(status, headers, await _chunks(reader))
    return Answer(status, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
        if size == 0:
            return b"".join(parts)
