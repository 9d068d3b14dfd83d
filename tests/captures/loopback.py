"""A server on loopback that answers each path with the bytes given, good or bad, and keeps the requests."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answering = bytes | Callable[[socket.socket, bytes], None]


def answer(body: bytes, *fields: str, status: str = "200 OK", media_type: str = "text/plain") -> bytes:
    """A response with a Content-Length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


TLS_HANDSHAKE = 22
NOT_FOUND = answer(b"", status="404 Not Found")


class Loopback:
    """What is served: `paths` may be changed at any time. `requests` are those that came."""

    def __init__(self, paths: dict[str, Answering], context: ssl.SSLContext | None = None) -> None:
        self.paths = paths
        self.requests: list[bytes] = []
        self.stop = threading.Event()
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.origin = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def _serve(self) -> None:
        while not self.stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._answer, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(10)
            if self._context is None:
                self._tell(connection)
            else:
                with self._context.wrap_socket(connection, server_side=True) as secured:
                    self._tell(secured)

    def _tell(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request and (piece := connection.recv(65536)):
            request += piece
            if request[0] == TLS_HANDSHAKE:
                connection.sendall(NOT_FOUND)
                return
        if not request:
            return
        self.requests.append(request)
        told = self.paths.get(request.split(b" ")[1].decode(), NOT_FOUND)
        if callable(told):
            told(connection, request)
        else:
            connection.sendall(told)

    def close(self) -> None:
        """End, and wait for what is being answered."""
        self.stop.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)


@contextmanager
def served(paths: dict[str, Answering], context: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    """A server for the time of a `with`."""
    server = Loopback(paths, context)
    try:
        yield server
    finally:
        server.close()


def by_agent(usual: bytes, **others: bytes) -> Answering:
    """Answer by a word in the User-Agent field."""

    def tell(connection: socket.socket, request: bytes) -> None:
        named = next((body for word, body in others.items() if word.encode() in request), usual)
        connection.sendall(named)

    return tell
