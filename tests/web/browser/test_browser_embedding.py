"""Another site's page shows the counter, as a picture and in a frame, and can frame nothing else of ours."""

from __future__ import annotations

import functools
import http.server
import threading
from typing import TYPE_CHECKING

import pytest

from web.browser.looking import look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from web.browser.conftest import Site

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A guild's own page</title></head>
<body><main><h1>Our guild</h1>{body}</main></body></html>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[str]:
    """The origin of another site, which serves the test's folder."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path))
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def reader(chromium: Browser, live: Site) -> Iterator[Page]:
    """The browser of somebody who reads the other site."""
    context = chromium.new_context(base_url=live.origin, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_counter_stands_on_another_site(
    reader: Page, foreign: str, tmp_path: Path, language: str
) -> None:
    """The two pieces of HTML that we offer, pasted as they are: both show the number, and leave no cookie."""
    reader.goto(f"/{language}/embed/")
    pieces = reader.locator("main pre code").all_inner_texts()
    assert len(pieces) == 2
    (tmp_path / "index.html").write_text(PAGE.format(body="\n".join(pieces)), encoding="utf-8")
    reader.goto(f"{foreign}/index.html")
    assert reader.locator("img").first.evaluate("image => image.complete && image.naturalWidth") == 320
    frame = reader.frame_locator("iframe")
    assert any(mark.isdigit() for mark in frame.locator(".number strong").inner_text())
    assert frame.locator("html").get_attribute("lang") == language
    assert frame.locator("a").get_attribute("target") == "_blank"
    assert reader.context.cookies() == []
    assert look(reader) == []


def test_no_other_page_can_be_framed(reader: Page, live: Site, foreign: str, tmp_path: Path) -> None:
    """The statement, the form, and the login stay empty in another site's frame: nobody signs by a hidden click."""
    addresses = ["/en/", "/en/sign/", "/accounts/login/"]
    frames = [f'<iframe src="{live.origin}{at}" title="{at}"></iframe>' for at in addresses]
    (tmp_path / "index.html").write_text(PAGE.format(body="\n".join(frames)), encoding="utf-8")
    refused: list[str] = []
    reader.on("console", lambda said: refused.append(said.text) if "frame-ancestors" in said.text else None)
    reader.goto(f"{foreign}/index.html")
    framed = [frame for frame in reader.frames if frame.parent_frame is not None]
    assert len(framed) == len(addresses)
    assert all(frame.locator("form").count() == 0 for frame in framed)
    assert all(not frame.url.startswith(live.origin) for frame in framed)
    assert len(refused) == len(addresses)
