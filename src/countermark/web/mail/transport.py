"""Ways out: SMTP, the console, memory. A transport says of each mail whether it went, may go later, or never.

With SMTP, whatever goes wrong after the content began to flow leaves it unknown whether the server took the mail.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import sys
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.conf import settings
from django.core import mail as django_mail
from django.core.mail import EmailMessage as DjangoMessage

if TYPE_CHECKING:
    from email.message import EmailMessage

TIMEOUT_SECONDS: Final = 20.0
DOTS: Final = re.compile(rb"(?m)^\.")  # RFC 5321, section 4.5.2
CONTINUE: Final = 354
DONE: Final = 250


class LaterError(Exception):
    """The mail was not taken, and may be later: a 4xx answer (RFC 5321, section 4.2.1), or no connection."""


class NeverError(Exception):
    """The mail was refused for good: a 5xx answer."""


class UnknownError(Exception):
    """The connection broke after the content began to flow: perhaps the server took it."""


class Transport(Protocol):
    """A way out, opened for one batch."""

    def open(self) -> None:
        """Connect; raises LaterError."""
        ...

    def send(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Hand over one mail; raises LaterError, NeverError or UnknownError."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...


class Smtp:
    """One SMTP connection for a batch."""

    def __init__(self, options: dict[str, Any], timeout: float = TIMEOUT_SECONDS) -> None:
        self.options, self.timeout = options, timeout
        self.server: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect, and log in where there is a user."""
        host, port = self.options["host"], self.options["port"]
        try:
            if self.options.get("ssl"):
                context = ssl.create_default_context()
                self.server = smtplib.SMTP_SSL(host, port, timeout=self.timeout, context=context)
            else:
                self.server = smtplib.SMTP(host, port, timeout=self.timeout)
            if self.options.get("starttls"):
                self.server.starttls(context=ssl.create_default_context())
            if self.options.get("user"):
                self.server.login(self.options["user"], self.options["password"])
            self.server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise LaterError(_said(error)) from error

    def send(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Hand over one mail, each step by itself, so that it is known how far it got."""
        if self.server is None:
            self.open()
        server = self.server
        if server is None:
            raise LaterError("no connection")
        try:
            _expect(server.mail(sender), DONE)
            _expect(server.rcpt(recipient), DONE, 251)
            _expect(server.docmd("DATA"), CONTINUE)
        except (LaterError, NeverError):
            self._reset()
            raise
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise LaterError(_said(error)) from error
        self._content(server, DOTS.sub(b"..", mail.as_bytes()))

    def _content(self, server: smtplib.SMTP, content: bytes) -> None:
        end = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            server.send(content + end)
            answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise UnknownError(_said(error)) from error
        _expect(answer, DONE)

    def _reset(self) -> None:
        try:
            if self.server is not None:
                self.server.rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def close(self) -> None:
        """End the connection, politely if it can be."""
        server, self.server = self.server, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()


def _expect(answer: tuple[int, bytes], *accepted: int) -> None:
    code, words = answer
    if code in accepted:
        return
    said = f"{code} {words.decode('ascii', 'replace')}"
    if 500 <= code < 600:
        raise NeverError(said)
    raise LaterError(said)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


class Console:
    """Prints mails so that a person can read them and follow their links."""

    def open(self) -> None:
        """There is nothing to connect to."""

    def send(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Print one mail."""
        rule = "─" * 72
        lines = (f"From: {sender}", f"To: {recipient}", f"Subject: {mail['Subject']}", "")
        sys.stdout.write("\n".join((rule, *lines, mail.get_content().replace("\r\n", "\n"), rule, "")))
        sys.stdout.flush()

    def close(self) -> None:
        """There is nothing to end."""


class Memory:
    """Keeps mails in `django.core.mail.outbox`, for tests."""

    def open(self) -> None:
        """Make the list where there is none."""
        if not hasattr(django_mail, "outbox"):
            django_mail.outbox = []

    def send(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Keep one mail."""
        body = mail.get_content().replace("\r\n", "\n")
        headers = {name: mail[name] for name in ("Message-ID", "Content-Language", "Auto-Submitted")}
        kept = DjangoMessage(str(mail["Subject"]), body, sender, [recipient], headers=headers)
        django_mail.outbox.append(kept)

    def close(self) -> None:
        """There is nothing to end."""


def transport_of_settings() -> Transport:
    """The way out that `settings.MAIL_TRANSPORT` names."""
    options: dict[str, Any] = settings.MAIL_TRANSPORT
    if options["kind"] == "smtp":
        return Smtp(options)
    return Console() if options["kind"] == "console" else Memory()
