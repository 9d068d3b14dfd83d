"""The page of a watch in a browser: no faults that axe finds, nothing hangs over, the filter works without scripts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from countermark.evidence.watch.changes import compare
from countermark.evidence.watch.page import render_watch
from evidence.test_report_in_chromium import CHROMIUM
from evidence.watched_runs import two_runs

# In a process of its own: Playwright keeps an event loop, which tests that come after it would meet.
LOOK = """
import json, sys
from playwright.sync_api import sync_playwright
from web.browser.looking import look

said = {"faults": [], "asked": [], "errors": [], "shown": {}}
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    for address in sys.argv[2:]:
        for width, scheme in ((320, "light"), (1200, "dark")):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.on("console", lambda message: said["errors"].append(message.text))
            page.on("request", lambda request: said["asked"].append(request.url[:60]))
            page.goto(address)
            said["faults"] += look(page)
            for choice in ("newly-found", "no-longer-found", "all"):
                page.locator("#f-all").focus()
                page.click(f"label[for=f-{choice}]")
                said["shown"].setdefault(choice, []).append(page.locator("article:visible").count())
            page.close()
    browser.close()
print(json.dumps(said))
"""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_page_in_both_languages(tmp_path: Path) -> None:
    """At 320 px light and at 1,200 px dark."""
    comparison = compare(*two_runs(tmp_path))
    addresses = []
    for lang in ("en", "fr"):
        path = tmp_path / f"watch.{lang}.html"
        path.write_text(render_watch(comparison, lang), encoding="utf-8")
        addresses.append(path.as_uri())
    command = [sys.executable, "-c", LOOK, str(CHROMIUM), *addresses]
    tests = Path(__file__).parents[1]
    done = subprocess.run(command, capture_output=True, check=False, timeout=300, cwd=tests, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert said["faults"] == []
    assert said["errors"] == []
    assert [url for url in said["asked"] if not url.startswith(("data:", "file:"))] == []
    assert said["shown"] == {"newly-found": [2] * 4, "no-longer-found": [1] * 4, "all": [9] * 4}
