"""The site's WSGI application called in this process: to count SQL statements and to profile, not to time."""

from __future__ import annotations

import cProfile
import io
import pstats
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOUNDARIES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Application:
    """Requests to the application at `origin`, without a server between."""

    def __init__(self, host: str, port: int) -> None:
        from countermark.web.wsgi import application  # noqa: PLC0415  after the environment

        self._application, self._host, self._port = application, host, port

    def __call__(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by lower-case name, body."""
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": f"{self._host}:{self._port}",
            "SERVER_NAME": self._host,
            "SERVER_PORT": str(self._port),
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
        }
        for name, value in (headers or {}).items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        setup_testing_defaults(environ)
        answered: list[Any] = []

        def start(status: str, given: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], Any]:
            answered[:] = [int(status[:3]), {name.lower(): value for name, value in given}]
            return lambda _: None

        content = self._application(environ, start)
        try:
            whole = b"".join(content)
        finally:
            if hasattr(content, "close"):
                content.close()
        return answered[0], answered[1], whole


def statements(work: Callable[[], Any]) -> tuple[list[str], int]:
    """The SQL statements that `work` sends, and how many transaction boundaries beside them."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as captured:
        work()
    sent = [query["sql"] for query in captured.captured_queries]
    kept = [sql for sql in sent if not sql.lstrip().upper().startswith(BOUNDARIES)]
    return kept, len(sent) - len(kept)


def profile(work: Callable[[], Any], path: Path) -> None:
    """Write what `work` spends its time with, by own time and with what it calls."""
    profiler = cProfile.Profile()
    profiler.runcall(work)
    with path.open("w", encoding="utf-8") as stream:
        for order in ("tottime", "cumtime"):
            pstats.Stats(profiler, stream=stream).sort_stats(order).print_stats(60)
    print(f"written: {path}")
