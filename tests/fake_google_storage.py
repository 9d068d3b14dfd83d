"""As much of Google's JSON API as reading needs, over a folder whose folders are buckets: a stand-in, not a server."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = 3
"""Objects a page, fewer than are asked for, as a server may."""


class _Api(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Any

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        bucket, _, name = parts.path.partition("/storage/v1/b/")[2].partition("/o")
        folder = self.server.folder / unquote(bucket)
        if not folder.is_dir():
            self._say(404, b"{}")
        elif not name:
            self._list(folder, asked)
        elif not (path := folder / unquote(name[1:])).is_file():
            self._say(404, b"{}")
        elif asked.get("alt") == "media":
            self._send(path, asked)
        else:
            self._say(200, json.dumps(_said(folder, path)).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _list(self, folder: Path, asked: dict[str, str]) -> None:
        names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        names = [name for name in names if name.startswith(asked.get("prefix", ""))]
        begin = int(asked.get("pageToken", "0"))
        items = [_said(folder, folder / name) for name in names[begin : begin + PAGE]]
        more = {"nextPageToken": str(begin + PAGE)} if begin + PAGE < len(names) else {}
        self._say(200, json.dumps({"items": items, **more} if items else {}).encode())

    def _send(self, path: Path, asked: dict[str, str]) -> None:
        generation = str(path.stat().st_mtime_ns)
        if asked.get("ifGenerationMatch") not in (None, generation):
            self._say(412, b"{}")
            return
        data = path.read_bytes()
        first, _, last = self.headers["Range"].removeprefix("bytes=").partition("-")
        begin, end = int(first), min(int(last) + 1, len(data))
        self._say(206, data[begin:end], f"bytes {begin}-{end - 1}/{len(data)}", generation)

    def _say(self, status: int, body: bytes, span: str = "", generation: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if span:
            self.send_header("Content-Range", span)
            self.send_header("x-goog-generation", generation)
        self.end_headers()
        self.wfile.write(body)


def _said(folder: Path, path: Path) -> dict[str, str]:
    status = path.stat()
    name = path.relative_to(folder).as_posix()
    return {"name": name, "size": str(status.st_size), "generation": str(status.st_mtime_ns)}


@contextmanager
def google_storage(folder: Path) -> Iterator[int]:
    """Serve a folder; yields the port."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Api)
    server.folder, server.daemon_threads = folder, True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
