"""The report on a run of pictures: one HTML file without network or script, or lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, PackageLoader
from markupsafe import Markup

from countermark.evidence.gallery import sections
from countermark.evidence.gallery.check_by_hand import steps_for
from countermark.evidence.gallery.selection import select_pictures
from countermark.evidence.gallery.text import render_text
from countermark.evidence.gallery.thumbs import ThumbMaker
from countermark.evidence.gallery.unseen import language_for
from countermark.evidence.gallery.view import listed_view, picture_view, work_view
from countermark.evidence.report import sections as of_texts
from countermark.evidence.report.legible import one_line
from countermark.paper.pages import environment, source, style

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment

    from countermark.evidence.gallery.selection import Gallery
    from countermark.language import Language

SECTIONS = ("works", "more", "grades", "searched", "alarms", "limits", "missing", "check", "rest")
"""The anchors of the report, in order; each is also the key of its heading."""


def render_gallery(run: Path, lang: str, form: str) -> str:
    """The report of a run of pictures. `form` is html or text. Raises RunError, OutputError."""
    gallery = select_pictures(run)
    return render_html(gallery, lang) if form == "html" else render_text(gallery, lang)


def render_html(gallery: Gallery, lang: str) -> str:
    """The report in one language, a whole HTML document."""
    templates, say = _templates(), language_for(gallery.summary, lang)
    year = (gallery.summary["corpus"].get("snapshot_date") or "")[:4]
    mark = templates.get_template("mark.svg").render(year=year if year.isdigit() else "")
    return templates.get_template("gallery.html.j2").render(
        lang=lang,
        t=say.say,
        css=style(templates, "report.css") + Markup(source(templates, "gallery.css")),  # noqa: S704  our own file
        mark=Markup(mark),  # noqa: S704  our own file, and four digits
        **_context(gallery, say),
    )


def _templates() -> Environment:
    """The templates of this report over those of the report on texts, whose frame and style it shares."""
    templates = environment("countermark.evidence.gallery")
    rooms = ("countermark.evidence.gallery", "countermark.evidence.report")
    templates.loader = ChoiceLoader([PackageLoader(room) for room in rooms])
    return templates


def _context(gallery: Gallery, say: Language) -> dict[str, Any]:
    summary, maker, first = gallery.summary, ThumbMaker(gallery), gallery.first
    present = {"works": bool(gallery.works), "more": bool(gallery.listed)}
    alarms = [picture_view(picture, maker, say, f"a{picture.number}") for picture in gallery.alarms]
    works = [work_view(shown, maker, say) for shown in gallery.works]
    by_status = summary["works"]["by_status"]
    found = summary["works"]["total"] - by_status["not-found"]
    return {
        "summary": summary,
        "contents": [name for name in SECTIONS if present.get(name, True)],
        "warnings": sections.warnings(summary, say),
        "headline": sections.headline(summary, say),
        "outcomes": sections.outcomes(summary, say),
        "amount": sections.amount(summary, say),
        "works": [work for work in works if work["pictures"]],
        "private": maker.used > 0,
        "works_rest": found - sum(bool(work["pictures"]) for work in works),
        "listed": listed_view(gallery, say),
        "unlisted": gallery.unlisted,
        "grades": sections.grades(summary, say),
        "searched": sections.searched(summary, say),
        "refused": of_texts.refused(summary, say),
        "refused_none": of_texts.refused_none(summary, say),
        "quarantined": of_texts.quarantined(summary),
        "alarm_rate": sections.alarm_rate(summary, say),
        "alarms": alarms,
        "limits": sections.limits(say),
        "missing_lines": sections.missing(summary, say),
        "missing": [
            {
                "title": one_line(row["work_title"], 100) or one_line(row["work_id"], 100),
                "author": one_line(row["work_author"], 60),
            }
            for row in gallery.missing
        ],
        "missing_rest": by_status["not-found"] - len(gallery.missing),
        "steps": steps_for(first, say) if first else [],
        "files": sections.files(say),
        "made": sections.made(summary, say),
    }
