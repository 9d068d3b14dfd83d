"""The page of studies in a browser: no faults that axe finds, nothing hangs over, nothing is asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from countermark.evidence.models.page import render_study
from evidence.models_runs import KINDS, make
from evidence.test_report_in_chromium import CHROMIUM

# In a process of its own: Playwright keeps an event loop, which tests that come after it would meet.
LOOK = """
import json, sys
from playwright.sync_api import sync_playwright
from web.browser.looking import look

said = {"faults": [], "asked": [], "errors": []}
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    for address in sys.argv[2:]:
        for width, scheme in ((320, "light"), (1200, "dark")):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.on("console", lambda message: said["errors"].append(message.text))
            page.on("request", lambda request: said["asked"].append(request.url[:60]))
            page.goto(address)
            said["faults"] += look(page)
            page.close()
    browser.close()
print(json.dumps(said))
"""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_pages_of_all_kinds(tmp_path: Path) -> None:
    """At 320 px light and at 1,200 px dark, in both languages."""
    addresses = []
    for kind in KINDS:
        run = make(kind, tmp_path / kind)
        for lang in ("en", "fr"):
            path = tmp_path / f"{kind}.{lang}.html"
            path.write_text(render_study(run, lang), encoding="utf-8")
            addresses.append(path.as_uri())
    command = [sys.executable, "-c", LOOK, str(CHROMIUM), *addresses]
    tests = Path(__file__).parents[1]
    done = subprocess.run(command, capture_output=True, check=False, timeout=300, cwd=tests, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert said["faults"] == []
    assert said["errors"] == []
    assert [url for url in said["asked"] if not url.startswith(("data:", "file:"))] == []
