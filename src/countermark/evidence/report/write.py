"""Writing a report: which medium, which format, which language, into which file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.atomic import write_bytes
from countermark.evidence.report.html import render_html
from countermark.evidence.report.selection import select
from countermark.evidence.report.text import render_text
from countermark.evidence.summary import is_of_pictures, is_of_recordings, read_summary
from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from pathlib import Path


def render(run: Path, lang: str, form: str) -> bytes:
    """The report of a run in UTF-8. `form` is html, text or json. Raises RunError, OutputError."""
    summary = read_summary(run)
    if form == "json":
        return json_bytes(summary)
    if is_of_pictures(summary):
        from countermark.evidence.gallery.page import render_gallery  # noqa: PLC0415  pictures need the extra [image]

        return render_gallery(run, lang, form).encode()
    if is_of_recordings(summary):
        from countermark.evidence.listening.page import render_listening  # noqa: PLC0415  recordings need [audio]

        return render_listening(run, lang, form).encode()
    selection = select(run)
    page = render_html(selection, lang) if form == "html" else render_text(selection, lang)
    return page.encode()


def write_report(run: Path, lang: str, out: Path | None = None) -> Path:
    """Write the HTML report, into `run/report.<lang>.html` by default; return where. Raises as `render`."""
    target = out if out is not None else run / f"report.{lang}.html"
    write_bytes(target, render(run, lang, "html"))
    return target
