"""Servers on the loopback: a real S3 server (rclone), a real web server (rclone), and a proxy that makes faults."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY, SECRET = "countermark-test-key", "countermark-test-secret"  # of a server that lives for one test


def rclone() -> str | None:
    """The program, from the environment's folder or the path."""
    beside = Path(sys.executable).with_name("rclone")
    return str(beside) if beside.exists() else shutil.which("rclone")


def free_port() -> int:
    """A port of the loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(kind: str, folder: Path, *options: str) -> Iterator[int]:
    """Run `rclone serve KIND` over a folder, whose folders are buckets; yields the port."""
    program, port = rclone(), free_port()
    assert program is not None
    command = [program, "serve", kind, "--addr", f"127.0.0.1:{port}", *options, str(folder)]
    environment = {**os.environ, "RCLONE_CONFIG": "/dev/null"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.kill()
        process.wait()


@contextmanager
def s3_server(folder: Path) -> Iterator[int]:
    """An S3 server that asks for a signature, and looks at the folder anew for each request."""
    with serving("s3", folder, "--auth-key", f"{KEY},{SECRET}", "--dir-cache-time", "0s") as port:
        yield port


def environment_of(port: int) -> dict[str, str]:
    """What the environment of a process holds that reads from the server at a port."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def _wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("the server does not start")


@dataclass
class Faults:
    """What a proxy does to requests for parts of objects; counts go down with each request that was spoiled.

    `status` is answered `refuse` times; bodies are cut after `cut_after` bytes `cut` times; `announce` is added to the
    length that is announced; `hang` requests are never answered; -1 stands for ever. `whole` is answered for any part.
    """

    latency: float = 0.0
    refuse: int = 0
    status: int = 503
    cut: int = 0
    cut_after: int = 1000
    announce: int = 0
    hang: int = 0
    whole: bytes = b""
    no_versions: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    sent: int = 0

    def take(self, name: str) -> bool:
        """Whether this request is to be spoiled so."""
        left = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return bool(left)

    @property
    def parts(self) -> list[str]:
        """The ranges that were asked for."""
        return [span for _, _, span in self.asked if span]


class _Relay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet: no acknowledgement is waited for
    server: Any

    def do_GET(self) -> None:
        self._relay()

    def do_HEAD(self) -> None:
        self._relay()

    def do_PUT(self) -> None:
        self._relay()

    def do_POST(self) -> None:
        self._relay()

    def do_DELETE(self) -> None:
        self._relay()

    def handle_expect_100(self) -> bool:
        """Let who asks first send the body at once: the answer must not wait for that of the request."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _relay(self) -> None:
        faults: Faults = self.server.faults
        span = self.headers.get("Range") or ""
        faults.asked.append((self.command, self.path, span))
        time.sleep(faults.latency)
        if span and faults.take("hang"):
            self.server.over.wait(60)
            self.close_connection = True
        elif span and faults.take("refuse"):
            self._say(faults.status, b"")
        elif span and faults.whole:
            self._say(200, faults.whole)
        else:
            self._answer(faults, span)

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, faults: Faults, span: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=60)
        try:
            upstream.request(self.command, self.path, self.rfile.read(length) if length else None, sent)
            answer = upstream.getresponse()
            data = answer.read()
        finally:
            upstream.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            dropped = ("content-length", "transfer-encoding", "connection", "date", "server")
            if name.lower() in dropped or (faults.no_versions and name.lower() in ("etag", "last-modified")):
                continue
            self.send_header(name, value)
        announced = answer.getheader("Content-Length") or str(len(data))
        announced = str(int(announced) + faults.announce) if span else announced
        self.send_header("Content-Length", announced)
        self.end_headers()
        if self.command == "HEAD":
            return
        if span and faults.take("cut"):
            data = data[: faults.cut_after]
            self.close_connection = True
        if span and faults.announce:
            self.close_connection = True
        self.wfile.write(data)
        faults.sent += len(data)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever hangs up has had enough."""


@contextmanager
def proxy(upstream: int) -> Iterator[tuple[int, Faults]]:
    """A proxy before a server; yields its port, and the faults that it makes, which may be changed at any time."""
    server: Any = _Server(("127.0.0.1", 0), _Relay)
    server.upstream, server.faults, server.over = upstream, Faults(), threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], server.faults
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
