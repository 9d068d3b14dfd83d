"""A corpus of four shards and an index of two needles, and what a run makes of them."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from countermark.scan import ScanSettings, run_scan
from countermark.scan.runlog import read_events
from countermark.storage.place import is_url
from scan.needle_search import NeedleBackend

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from countermark.scan import RunOutcome
    from countermark.storage.place import Place

SHARDS = 4


def furnish(place: Path) -> Path:
    """Put an index of needles and a corpus of four shards into a folder."""
    (place / "needles").write_text("old new\n")
    corpus = place / "corpus"
    corpus.mkdir()
    for number in range(SHARDS):
        lines = [{"text": f"an old and a new hat {row} " * (row + 1)} for row in range(number + 1)]
        write_lines(corpus / f"{number}.jsonl", lines)
    return place


def write_lines(path: Path, records: list[dict[str, Any]]) -> None:
    """Write a JSONL file."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def scan(place: Path, out: Place = "run", **given: Any) -> RunOutcome:
    """Run a scan of the place's corpus."""
    chosen = {name: given.pop(name) for name in ("progress", "stop", "runner") if name in given}
    folder = out if is_url(out) else place / out
    asked = {"workers": 1, **given}
    settings = ScanSettings(index=place / "needles", corpus=(place / "corpus",), out=folder, **asked)
    return run_scan(settings, backend=NeedleBackend(place), **chosen)


def result(run: Path) -> dict[str, bytes]:
    """The bytes of all that must not depend on what happened on the way."""
    names = ["run.json", "catalog.parquet"]
    for folder in ("findings", "receipts"):
        names += sorted(f"{folder}/{path.name}" for path in (run / folder).iterdir())
    return {name: (run / name).read_bytes() for name in names}


def events(run: Path) -> list[str]:
    """The names of the events in the run log."""
    return [event["event"] for event in read_events(run / "runlog.jsonl")]


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until a condition holds; fail when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
