"""The listening page in a browser: no faults that axe finds, both sides in step, by keyboard, asking for nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from countermark.evidence.listening.page import render_listening
from evidence.listening_run import listening_run
from evidence.test_report_in_chromium import CHROMIUM

if TYPE_CHECKING:
    from pathlib import Path

# In a process of its own: Playwright keeps an event loop, which tests that come after it would meet.
LOOK = """
import json, sys
from playwright.sync_api import sync_playwright
from web.browser.looking import look

said = {"faults": [], "asked": [], "errors": []}
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=sys.argv[1], args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    )
    for address in sys.argv[2:]:
        for width, scheme in ((320, "light"), (1200, "light"), (1200, "dark")):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.on("pageerror", lambda error: said["errors"].append(str(error)))
            page.on("console", lambda message: said["errors"].append(message.text))
            page.on("request", lambda request: said["asked"].append(request.url[:60]))
            page.goto(address)
            said["faults"] += look(page)
            page.close()
    page = browser.new_page()
    page.goto(sys.argv[2])
    player = page.locator(".player:has(.undo)").first
    read = '''player => ["work", "record", "undone"].map(side => {
        const audio = player.querySelector(`audio[data-side="${side}"]`);
        return {at: audio.currentTime, volume: audio.volume, playing: !audio.paused, length: audio.duration};
    })'''
    def state():
        return player.evaluate(read)
    player.locator(".play").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(2500)
    said["stepped"] = state()
    said["cursor"] = player.evaluate("player => player.querySelector('.cursor').style.left")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said["yours"] = state()
    player.locator(".undo input").check()
    page.wait_for_timeout(2000)
    said["undone"] = state()
    player.locator(".fade").focus()
    page.keyboard.press("End")
    said["theirs"] = state()
    said["fade"] = player.locator(".fade").get_attribute("aria-valuetext")
    player.locator(".play").click()
    said["stopped"] = state()
    player.locator(".seek").evaluate("seek => { seek.value = 5; seek.dispatchEvent(new Event('input')); }")
    page.wait_for_timeout(300)
    said["sought"] = state()
    browser.close()
print(json.dumps(said))
"""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_both_sides_are_played_in_step(tmp_path: Path) -> None:
    """After two seconds the two are within 60 ms of each other, the record as much faster as it is; so when undone."""
    import json
    from pathlib import Path as FilePath

    run = listening_run(tmp_path / "run")
    addresses = []
    for lang in ("en", "fr"):
        path = tmp_path / f"{lang}.html"
        path.write_text(render_listening(run, lang, "html"), encoding="utf-8")
        addresses.append(path.as_uri())
    command = [sys.executable, "-c", LOOK, str(CHROMIUM), *addresses]
    tests = FilePath(__file__).parents[1]
    done = subprocess.run(command, capture_output=True, check=False, timeout=300, cwd=tests, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert said["faults"] == []
    assert said["errors"] == []
    assert [url for url in said["asked"] if not url.startswith(("data:", "file:"))] == []
    tempo = 1.052
    work, record, undone = said["stepped"]
    assert [side["playing"] for side in (work, record, undone)] == [True, True, False]
    assert work["at"] > 1
    assert abs(record["at"] * tempo - work["at"]) < 0.06
    assert abs(work["length"] - record["length"] * tempo) < 0.1
    assert abs(undone["length"] - work["length"]) < 0.1
    assert said["cursor"].endswith("%")
    assert [round(side["volume"], 2) for side in said["yours"][:2]] == [1.0, 0.0]
    work, record, undone = said["undone"]
    assert [side["playing"] for side in (work, record, undone)] == [True, False, True]
    assert abs(undone["at"] - work["at"]) < 0.06
    assert [round(said["theirs"][side]["volume"], 2) for side in (0, 2)] == [0.0, 1.0]
    assert said["fade"] == "100 per cent the track"
    assert not any(side["playing"] for side in said["stopped"])
    assert all(side["volume"] == 1 for side in said["stopped"])
    assert [round(side["at"], 2) for side in said["sought"]] == [5.26, 5.0, 5.26]
