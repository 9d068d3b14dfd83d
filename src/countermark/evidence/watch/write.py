"""Writing what a watch says: the changes, the pages and the feeds in both languages, into `watch/` of the new run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.atomic import write_bytes
from countermark.evidence.watch.changes import FOLDER, compare, write_changes
from countermark.evidence.watch.feed import feed_of, read_feed
from countermark.evidence.watch.languages import LANGUAGES
from countermark.evidence.watch.page import render_watch

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from countermark.evidence.watch.changes import Comparison


def write_watch(last: Path, now: Path, dated: date) -> Comparison:
    """Compare two runs and write everything; `dated` is the date of the feed's entries.

    The same two runs and the same date give the same bytes. Raises RunError, InputError, OutputError.
    """
    earlier = {lang: read_feed(last / FOLDER / f"feed.{lang}.xml") for lang in LANGUAGES}
    comparison = compare(last, now)
    folder = write_changes(comparison)
    for lang in LANGUAGES:
        write_bytes(folder / f"watch.{lang}.html", render_watch(comparison, lang).encode())
        write_bytes(folder / f"feed.{lang}.xml", feed_of(comparison, lang, dated, earlier[lang]))
    return comparison
