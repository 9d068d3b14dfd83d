"""The report on a run of recordings: one HTML file without network, or lines for a terminal.

Its one script plays both sides of a finding in step; without it both can be played one after the other.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, PackageLoader
from markupsafe import Markup

from countermark.evidence.listening import sections
from countermark.evidence.listening.check_by_hand import steps_for
from countermark.evidence.listening.languages import LANGUAGES
from countermark.evidence.listening.selection import select_recordings
from countermark.evidence.listening.text import render_text
from countermark.evidence.listening.view import Maker, listed_view, work_view
from countermark.evidence.report import sections as of_texts
from countermark.evidence.report.legible import one_line
from countermark.paper.pages import environment, source, style

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment

    from countermark.evidence.listening.selection import Listening
    from countermark.language import Language

SECTIONS = ("works", "hints", "more", "grades", "searched", "alarms", "limits", "missing", "check", "rest")
"""The anchors of the report, in order; each is also the key of its heading."""


def render_listening(run: Path, lang: str, form: str) -> str:
    """The report of a run of recordings. `form` is html or text. Raises RunError, OutputError."""
    listening = select_recordings(run)
    return render_html(listening, lang) if form == "html" else render_text(listening, lang)


def render_html(listening: Listening, lang: str) -> str:
    """The report in one language, a whole HTML document."""
    templates, say = _templates(), LANGUAGES[lang]
    year = (listening.summary["corpus"].get("snapshot_date") or "")[:4]
    mark = templates.get_template("mark.svg").render(year=year if year.isdigit() else "")
    script = source(templates, "player.js")
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return templates.get_template("listening.html.j2").render(
        lang=lang,
        t=say.say,
        css=style(templates, "report.css") + Markup(source(templates, "listening.css")),  # noqa: S704  our own file
        mark=Markup(mark),  # noqa: S704  our own file, and four digits
        script=Markup(script),  # noqa: S704  our own file
        script_digest=allowed,
        **_context(listening, say),
    )


def _templates() -> Environment:
    """The templates of this report over those of the report on texts, whose frame and style it shares."""
    templates = environment("countermark.evidence.listening")
    rooms = ("countermark.evidence.listening", "countermark.evidence.report")
    templates.loader = ChoiceLoader([PackageLoader(room) for room in rooms])
    return templates


def _context(listening: Listening, say: Language) -> dict[str, Any]:
    summary, maker, first = listening.summary, Maker(listening, say), listening.first
    present = {"works": bool(listening.works), "hints": bool(listening.hints), "more": bool(listening.listed)}
    alarms = [maker.shown(found, f"a{found.number}") for found in listening.alarms]
    works = [work_view(shown, maker) for shown in listening.works]
    by_status = summary["works"]["by_status"]
    found = summary["works"]["total"] - by_status["not-found"] - by_status["resembles-only"]
    return {
        "summary": summary,
        "contents": [name for name in SECTIONS if present.get(name, True)],
        "warnings": sections.warnings(summary, say),
        "headline": sections.headline(summary, say),
        "outcomes": sections.outcomes(summary, say),
        "amount": sections.amount(summary, say),
        "works": works,
        "works_rest": found - len(works),
        "hints": [maker.shown(hint, f"h{hint.number}") for hint in listening.hints],
        "hints_rest": listening.all_hints - len(listening.hints),
        "private": maker.used > 0,
        "listed": listed_view(listening, say),
        "unlisted": listening.unlisted,
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
            for row in listening.missing
        ],
        "missing_rest": by_status["not-found"] - len(listening.missing),
        "steps": steps_for(first, say) if first else [],
        "files": sections.files(say),
        "made": sections.made(summary, say),
    }
