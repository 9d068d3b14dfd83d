"""A server under measurement: a command that is started, kept to some cores, waited for and stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from load.connection import Target
from load.processes import cpu_seconds, family, pin

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

READY_WITHIN_S = 60.0
STOPS_WITHIN_S = 15.0


def free_port() -> int:
    """A port of the loopback address that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """`with Server(command, port, …) as server:` — in a session of its own, so that all of it can be stopped."""

    def __init__(
        self,
        command: list[str],
        port: int,
        *,
        env: dict[str, str],
        folder: Path,
        log: Path,
        ready: str = "/",
        cores: set[int] | None = None,
    ) -> None:
        self.target = Target("127.0.0.1", port)
        self._command, self._env, self._folder, self._log = command, env, folder, log
        self._ready, self._cores = ready, cores or {0}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            own = os.sched_getaffinity(0)
            pin(self._cores)  # what is started inherits it, threads too
            try:
                self._process = subprocess.Popen(
                    self._command,
                    cwd=self._folder,
                    env=self._env,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            finally:
                os.sched_setaffinity(0, own)
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process that was started."""
        if self._process is None:
            raise RuntimeError("the server was not started")
        return self._process.pid

    def cpu_seconds(self) -> float:
        """CPU seconds of the server and all that it started, so far."""
        return cpu_seconds(self.pid)

    def stop(self) -> None:
        """Ask it to end, and end what is left of its session after STOPS_WITHIN_S."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        members = family(process.pid)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            for member in members:
                if os.path.exists(f"/proc/{member}") and os.getsid(member) == process.pid:  # noqa: PTH110
                    os.kill(member, signal.SIGKILL)
            process.wait(STOPS_WITHIN_S)

    def _wait(self) -> None:
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until:
            if self._process is not None and self._process.poll() is not None:
                break
            connection = HTTPConnection(self.target.host, self.target.port, timeout=5)
            try:
                connection.request("GET", self._ready)
                if connection.getresponse().status < 500:
                    return
            except (OSError, HTTPException):
                time.sleep(0.1)
            finally:
                connection.close()
        self.stop()
        raise SystemExit(f"the server did not begin; {self._log} says why")
