"""The report in a browser: nothing hangs over at 320 px, nothing is asked for."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from countermark.evidence.report.html import render_html
from countermark.evidence.report.selection import select
from evidence.shown_run import shown_run

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--virtual-time-budget=4000", "--dump-dom"),
)

# The report runs no script; the page around it measures, from outside.
MEASURE = """<body><pre id="said"></pre><script>
addEventListener("load", () => {
  const frames = [...document.querySelectorAll("iframe")];
  document.getElementById("said").textContent = JSON.stringify(frames.map(frame => ({
    width: frame.clientWidth,
    needed: frame.contentDocument.documentElement.scrollWidth,
    height: frame.contentDocument.documentElement.scrollHeight,
    asked: frame.contentWindow.performance.getEntriesByType("resource").map(entry => entry.name),
    outside: [...frame.contentDocument.querySelectorAll("body *")].filter(element =>
      !element.closest("svg, .scroll, .skip, thead") && element.getBoundingClientRect().right > frame.clientWidth + 1
    ).map(element => element.tagName + "." + element.className),
  })));
});
</script>FRAMES</body>"""


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_at_320_px_nothing_hangs_over_and_nothing_is_asked_for(tmp_path: Path) -> None:
    """Both languages, with hostile names and long digests, at 320 and 1,200 px."""
    run = shown_run(tmp_path / "run")
    pages = [render_html(select(run), lang) for lang in ("en", "fr")]
    frames = [
        f'<iframe style="border:0;width:{width}px;height:900px" srcdoc="{html.escape(page)}"></iframe>'
        for page in pages
        for width in (320, 1200)
    ]
    outer = tmp_path / "outer.html"
    outer.write_text(MEASURE.replace("FRAMES", "".join(frames)), encoding="utf-8")
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", outer.as_uri()]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    said = re.search(r'<pre id="said">(.*?)</pre>', done.stdout.decode(), flags=re.DOTALL)
    assert said, done.stderr.decode()[-2000:]
    measured: list[dict[str, Any]] = json.loads(html.unescape(said[1]))
    assert [one["width"] for one in measured] == [320, 1200, 320, 1200]
    for one in measured:
        assert one["height"] > 2_000
        assert one["outside"] == []
        assert one["needed"] <= one["width"]
        assert one["asked"] == []
