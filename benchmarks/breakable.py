"""A site that may be broken on purpose: its parts as processes, and a mail server that may be slow or away."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from load.processes import children, family
from load.server import free_port

TOKEN = re.compile(rb"/(?:en|fr)/confirm/([A-Za-z0-9_-]{43})/")


class Mails:
    """A mail server: counts what it accepted by recipient and subject, keeps links; may be slow or away."""

    def __init__(self) -> None:
        self.port = free_port()
        self.accepted: Counter[tuple[str, str]] = Counter()
        self.links: list[tuple[str, str]] = []
        self.slow_s = 0.0
        self._controller: Controller | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802
        """Take a mail."""
        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        content = envelope.content.replace(b"=\r\n", b"").replace(b"=3D", b"=")
        subject = re.search(rb"(?mi)^subject: (.*)$", content)
        recipient = envelope.rcpt_tos[0]
        self.accepted[recipient, subject.group(1).decode(errors="replace").strip() if subject else ""] += 1
        if (link := TOKEN.search(content)) is not None:
            self.links.append((recipient, link.group(1).decode()))
        return "250 OK"

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Be away."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


class Site:
    """A site in `folder` under `countermark serve`, told to send its mails to `mails`."""

    def __init__(self, folder: Path, mails: Mails) -> None:
        self.folder, self.port, self.mails = folder, free_port(), mails
        self.environment = os.environ | {
            "COUNTERMARK_DATA": str(folder),
            "COUNTERMARK_ORIGIN": f"http://127.0.0.1:{self.port}",
            "COUNTERMARK_PROXIES": "1",
            "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}",
        }
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait for the first page."""
        with (self.folder.parent / "server.log").open("ab") as log:
            words = [sys.executable, "-m", "countermark", "serve", "--listen", f"127.0.0.1:{self.port}"]
            self.process = subprocess.Popen(
                words, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + 40
        while self.get("/en/sign/")[0] != 200:
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit(f"the site did not start; {self.folder.parent / 'server.log'} says why")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop politely."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def part(self, word: bytes) -> int:
        """The process of a part: `granian`, or `worker`; 0 while there is none."""
        for pid in children(self.process.pid) if self.process else []:
            with suppress(OSError):
                if word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:5]:
                    return pid
        return 0

    def kill(self, word: bytes) -> None:
        """Kill a part, with SIGKILL and with all that belongs to it."""
        for pid in family(found) if (found := self.part(word)) else []:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def get(
        self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body of an answer; 0 where there was none."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET" if body is None else "POST", path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            connection.close()

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`countermark site …` on this site."""
        command = [sys.executable, "-m", "countermark", "site", *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )

    def rows(self, query: str) -> list[Any]:
        """What the database answers, from outside."""
        url = os.environ.get("DATABASE_URL", "")
        if url:
            import psycopg  # noqa: PLC0415

            with psycopg.connect(url) as session:
                return list(session.execute(query.encode()))
        with closing(sqlite3.connect(self.folder / "site.sqlite3", timeout=20)) as database:
            return list(database.execute(query))
