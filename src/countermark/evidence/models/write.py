"""Writing the report of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.atomic import write_bytes
from countermark.evidence.models.page import render_study
from countermark.language import printable
from countermark.memorization.study.outcome import RESULT, read_outcome

if TYPE_CHECKING:
    from pathlib import Path


def render(folder: Path, lang: str, form: str, *, works: Path | None = None, texts: bool = True) -> bytes:
    """The report in UTF-8. `form` is html, text or json (the result as it stands). Raises RunError, PlanError."""
    if form == "json":
        read_outcome(folder)
        return (folder / RESULT).read_bytes()
    page = render_study(folder, lang, form, works=works, texts=texts)
    if form == "text":
        page = "\n".join(map(printable, page.split("\n")))
    return page.encode("utf-8", "replace")


def write_study(
    folder: Path, lang: str, out: Path | None = None, *, works: Path | None = None, texts: bool = True
) -> Path:
    """Write the page, into `folder/report.<lang>.html` by default; return where. Raises as `render`, OutputError."""
    target = out if out is not None else folder / f"report.{lang}.html"
    write_bytes(target, render(folder, lang, "html", works=works, texts=texts))
    return target
