"""Mails in the outbox, and a mail server that answers as a test tells it to."""

from __future__ import annotations

import socketserver
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Server(socketserver.ThreadingTCPServer):
    """A mail server. `answers` maps a command (MAIL, RCPT, DATA, END) to its answer; "hang up" closes instead."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers: dict[str, str] = {}
        self.received: list[bytes] = []
        self.commands: dict[str, int] = defaultdict(int)

    @property
    def options(self) -> dict[str, Any]:
        """What `settings.MAIL_TRANSPORT` says of it."""
        return {"kind": "smtp", "host": "127.0.0.1", "port": self.server_address[1], "ssl": False}


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: Server

    def say(self, words: str) -> None:
        """Answer with a line."""
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self) -> None:
        """Speak SMTP as far as one mail needs it."""
        self.say("220 here")
        while line := self.rfile.readline():
            command = line[:4].decode("ascii", "replace").strip().upper()
            self.server.commands[command] += 1
            if command == "QUIT":
                self.say("221 bye")
                return
            answer = self.server.answers.get(command, "354 go on" if command == "DATA" else "250 fine")
            if answer == "hang up":
                return
            self.say(answer)
            if command == "DATA" and answer.startswith("354") and not self.take():
                return

    def take(self) -> bool:
        """Read the content, and answer for it."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.received.append(b"".join(lines))
        answer = self.server.answers.get("END", "250 taken")
        if answer == "hang up":
            return False
        self.say(answer)
        return True


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    """A mail server on this machine, named in the settings."""
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.MAIL_TRANSPORT = made.options
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def put(db: None) -> Callable[..., Any]:
    """Queue a plain mail and give its row."""

    def put(
        recipient: str = "a@example.org", subject: str = "Bonjour", body: str = "Mot", **options: Any
    ) -> Any:
        from countermark.web.mail.models import Message
        from countermark.web.mail.outbox import queue

        kind = options.pop("kind", "plain")
        queue(kind, recipient, b"k" * 32, "fr", {"subject": subject, "body": body}, **options)
        return Message.objects.latest("pk")

    return put
