"""The gallery in a browser: nothing hangs over at 320 px, nothing is asked for."""

from __future__ import annotations

import html
import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from countermark.evidence.report.write import render
from evidence.gallery_run import gallery_run
from evidence.test_report_in_chromium import CHROMIUM, FLAGS, MEASURE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_gallery_at_320_px(tmp_path: Path) -> None:
    """Both languages, with hostile captions and long digests, at 320 and 1,200 px."""
    run = gallery_run(tmp_path / "run")
    frames = [
        f'<iframe style="border:0;width:{width}px;height:900px" '
        f'srcdoc="{html.escape(render(run, lang, "html").decode())}"></iframe>'
        for lang in ("en", "fr")
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
        assert one["height"] > 3_000
        assert one["outside"] == []
        assert one["needed"] <= one["width"]
        assert [name for name in one["asked"] if not name.startswith("data:")] == []
