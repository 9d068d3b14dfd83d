"""Two runs over two versions of a data set, with one of everything that a watch can say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence.shown_run import HOSTILE_TEXT, HOSTILE_TITLE, HOSTILE_URL, LEFT, RIGHT
from evidence.synthetic import SyntheticRun, digest

if TYPE_CHECKING:
    from pathlib import Path

DATES = ("2024-05-01", "2024-06-01")


def works_into(made: SyntheticRun, *, later: bool) -> None:
    """The works of both runs; the one that was a control comes free, and one is looked for only later."""
    made.work("ferry", 50_000, title="The Ferryman’s House", author="Claire Delorme")
    made.work("lamp", 20_000, title="Une lampe sous la pluie", author="Jean Aubry")
    made.work("sea", 20_000, title="حكاية البحر", author="ليلى")
    made.work("hostile", 20_000, title=HOSTILE_TITLE, author="M <i>")
    made.work("lost", 20_000, title="Letters Left Behind", author="Ada Blum")
    made.work("hidden", 20_000, title="The Closed Drawer", author="Ada Blum")
    made.work("steady", 20_000, title="Steady Hands")
    made.work("was control", 20_000, title="Just Published", control=not later)
    made.work("control", 20_000, control=True)
    made.work("never", 20_000, title="Never Seen")
    if later:
        made.work("added", 20_000, title="Added Since")


def two_runs(folder: Path) -> tuple[Path, Path]:
    """Write both run folders."""
    sides: dict[str, Any] = {"asset_excerpt": LEFT, "record_excerpt": RIGHT}
    hostile = {"record_url": HOSTILE_URL, "record_id": "\u202e<b>", "record_excerpt": HOSTILE_TEXT}
    last = SyntheticRun(corpus="crawl <b>2024</b>", snapshot_date=DATES[0], planned=6)
    works_into(last, later=False)
    last.find("ferry", 0, 900, row=1, **sides)
    last.find("ferry", 2000, 2900, row=2, **sides)
    last.find(
        "ferry", 4000, 4900, row=3, record_url="https://stays.example/", record_digest=digest("r"), **sides
    )
    last.find(
        "sea", 0, 5000, row=4, shard="old.jsonl", record_digest=digest("sea"), record_excerpt="كان البحر"
    )
    last.find("lost", 0, 5000, row=5, shard="gone.jsonl", **sides)
    last.find("hidden", 0, 5000, row=6, shard="locked.jsonl", **sides)
    last.find("steady", 0, 5000, row=7, shard="b.jsonl", reservation_train="allowed", **sides)
    last.find("was control", 0, 5000, row=8, shard="b.jsonl", **sides)
    last.find("control", 0, 5000, row=9, shard="b.jsonl", **sides)
    before = last.write(folder / "last")
    last.quarantine(before, "odd.jsonl", "OSError: cannot be read")

    now = SyntheticRun(corpus="crawl <b>2024</b>", snapshot_date=DATES[1], planned=5)
    works_into(now, later=True)
    now.find("ferry", 0, 900, row=1, **sides)
    now.find("ferry", 2000, 3900, row=2, grade="copy", edits=4, **sides)
    moved = {"record_url": "https://stays.example/", "record_digest": digest("r")}
    now.find("ferry", 4000, 4900, row=13, **moved, **sides)
    now.find("lamp", 0, 6000, row=14, shard="new.jsonl", **sides)
    now.find("lamp", 7000, 9000, row=15, shard="odd.jsonl", **sides)
    sea = {"record_url": "https://site4.example/page", "record_digest": digest("sea")}
    now.find("sea", 0, 5000, row=4, shard="new.jsonl", record_id="doc-4", record_excerpt="كان البحر", **sea)
    now.find("hostile", 0, 9000, row=16, shard="new.jsonl", asset_path="hostile.txt", **hostile)
    now.find("steady", 0, 5000, row=7, shard="b.jsonl", reservation_train="reserved", **sides)
    now.find("was control", 0, 5000, row=8, shard="b.jsonl", **sides)
    now.find("added", 0, 5000, row=17, shard="b.jsonl", **sides)
    now.find("control", 0, 5000, row=9, shard="b.jsonl", **sides)
    after = now.write(folder / "now")
    now.quarantine(after, "locked.jsonl", "OSError: cannot be read")
    return before, after
