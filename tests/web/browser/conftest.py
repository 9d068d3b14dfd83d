"""A whole site on the loopback, as `countermark serve` runs it, a mail server beside it, and Debian's Chromium."""

from __future__ import annotations

import email
import email.policy
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller

from web.browser.looking import look
from web.browser.organiser_journey import make_account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, StorageState

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 30.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder, skip it without Chromium, and run it last: Playwright keeps an event loop."""
    items.sort(key=lambda item: "web/browser" in item.path.as_posix())
    for item in items:
        if "web/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@dataclass
class Mailbox:
    """What the site sent."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        """Take a mail."""
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def wait_for(self, recipient: str, number: int = 1) -> EmailMessage:
        """The `number`-th mail to `recipient`, waiting for it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            theirs = [mail for mail in self.mails if recipient in str(mail["To"])]
            if len(theirs) >= number:
                return theirs[number - 1]
            time.sleep(0.05)
        raise AssertionError(f"no mail number {number} to {recipient} within {PATIENCE} s")

    def link(self, recipient: str, part: str, number: int = 1) -> str:
        """The address with `part` in its path, in the `number`-th mail to `recipient`."""
        text = self.wait_for(recipient, number).get_content()
        found: list[str] = [
            url for url in re.findall(r"https?://\S+", text) if part in url and url.endswith("/")
        ]
        assert found, f"no link with {part!r} in:\n{text}"
        return found[0]


@dataclass
class Site:
    """A running site."""

    origin: str
    data: Path
    environment: dict[str, str]
    mailbox: Mailbox

    @property
    def named(self) -> str:
        """The same site by name: security keys are for names, never for addresses of machines."""
        return self.origin.replace("127.0.0.1", "localhost")

    def command(self, *arguments: str) -> str:
        """Run `countermark …` on this site and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "countermark", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A mail server on the loopback."""
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, mailbox: tuple[Mailbox, int]) -> Iterator[Site]:
    """The site, started as a new user starts it; stopped at the end."""
    box, mail_port = mailbox
    data = tmp_path_factory.mktemp("live-site")
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "COUNTERMARK_DATA": str(data),
        "COUNTERMARK_ORIGIN": origin,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
    }
    environment.pop("DATABASE_URL", None)
    with (data / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "countermark", "serve", "--listen", f"127.0.0.1:{port}"],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            _await_answer(f"{origin}/en/", server, data / "serve.log")
            yield Site(origin, data, environment, box)
        finally:
            server.terminate()
            server.wait(20)


def _await_answer(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the site does not answer:\n" + log.read_text(errors="replace")[-3000:])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a network of its own.

    One a file: while it is driven a loop runs in this thread, and Django's queries are refused to all other tests.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic", "--disable-gpu"]
        )
        yield browser
        browser.close()


@dataclass
class Watched:
    """Opens pages, and writes down errors on them, refusals of their own policy, and requests to anywhere else."""

    browser: Browser
    live: Site
    wrong: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        language: str = "en",
        width: int = 1200,
        *,
        scripts: bool = True,
        kept: StorageState | None = None,
    ) -> Page:
        """A page in a browser of its own; with the cookies `kept`, on the site's name."""
        context = self.browser.new_context(
            base_url=self.live.named if kept is not None else self.live.origin,
            locale=language,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            storage_state=kept,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: self._look_at(request.url))
        page.on("console", lambda said: self._listen_to(said.text))
        return page

    def _look_at(self, url: str) -> None:
        if not url.startswith((self.live.origin, self.live.named, "data:", "blob:")):
            self.wrong.append(url)

    def _listen_to(self, said: str) -> None:
        if "Content Security Policy" in said:
            self.wrong.append(said)

    def close(self) -> None:
        """Close everything; fails where anything was written down."""
        for context in self.contexts:
            context.close()
        assert self.wrong == []


@pytest.fixture
def open_page(chromium: Browser, live: Site) -> Iterator[Callable[..., Page]]:
    """Opens pages that are watched."""
    watched = Watched(chromium, live)
    yield watched
    watched.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One page on a desk, in English."""
    return open_page()


@dataclass(frozen=True)
class Account:
    """Somebody who runs the site: cookies of a login, and what was wrong on the way to it."""

    email: str
    kept: StorageState
    wrong: list[str]


@pytest.fixture(scope="module")
def administrator(chromium: Browser, live: Site) -> Account:
    """An account made by the command's invitation, in French on a narrow screen, with an authenticator app."""
    email = "claire@guild.example.net"
    address = live.command("site", "create-organiser", email, "--superuser").split()[0]
    watched = Watched(chromium, live)
    page = watched("fr", 320, kept={"cookies": [], "origins": []})
    wrong = make_account(page, address.replace(live.origin, live.named), look)
    kept = page.context.storage_state()
    watched.close()
    return Account(email, kept, wrong)
