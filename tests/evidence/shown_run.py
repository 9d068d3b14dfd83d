"""A run with one of everything that a report shows, hostile names among it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence.synthetic import SyntheticRun

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE_TITLE = "<script>alert(1)</script>\u202egnp.exe\u2069 & “co”"
HOSTILE_URL = "javascript:alert(1)//<img src=https://evil.example/x.png onerror=alert(1)>"
HOSTILE_TEXT = "</blockquote><img src=https://evil.example/y.png>\x1b[31m red\x07"

LEFT = "The ferryman never told the river's name, and the river, for its part, asked nothing of him."
RIGHT = "The ferryman never told the rivers name, and the liver, for its part, asked nothing of him."


def shown_run(folder: Path, *, sealed: bool = False, controls: int = 20, planned: int | None = None) -> Path:
    """Write the run folder; with a sealed index, no finding shows the work's side."""
    form = "sealed" if sealed else "full"
    made = SyntheticRun(corpus="crawl <b>2024</b>", planned=planned, form=form)
    made.work("novel", 50_000, title="The Ferryman’s House", author="Claire Delorme")
    made.work("hostile", 20_000, title=HOSTILE_TITLE, author="M <i>")
    made.work("arabic", 20_000, title="حكاية البحر", author="ليلى")
    made.work("open", 20_000, title="雨の駅", licence="CC BY 4.0")
    made.work("named", title="Paul Martin")
    made.work("absent", title="Never Seen")
    made.work("haiku", 20, title="Frog")
    for number in range(controls):
        made.work(f"control {number}", control=True)
    sides: dict[str, Any] = {"asset_excerpt": None if sealed else LEFT, "record_excerpt": RIGHT}
    made.find("novel", 0, len(LEFT) * 10, row=3, grade="copy", edits=12, matched=800, **sides)
    made.find("novel", 20_000, 24_000, row=4, **sides)
    for row in range(10, 20):
        made.find("novel", 40_000, 40_400, row=row, **sides)
    hostile: dict[str, Any] = {
        "record_url": HOSTILE_URL,
        "record_id": "\u202e<b>",
        "record_excerpt": HOSTILE_TEXT,
    }
    hostile |= {"asset_excerpt": None} if sealed else {}
    made.find("hostile", 0, 9_000, row=5, asset_path="hostile.txt", **hostile)
    made.find(
        "arabic", 0, 9_000, row=6, asset_excerpt=None if sealed else "كان البحر", record_excerpt="كان البحر"
    )
    made.find("open", 0, 9_000, row=7, asset_excerpt=None if sealed else "最後の", record_excerpt="最終の")
    made.find("named", 0, 0, row=8, grade="name", matched=0)
    if controls:
        made.find("control 3", 10, 700, row=9, **sides)
    return made.write(folder)
