"""The report as one HTML file: no network, no script, escaped throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from countermark import __version__
from countermark.evidence.report import sections
from countermark.evidence.report.check_by_hand import steps_for
from countermark.evidence.report.languages import LANGUAGES
from countermark.evidence.report.legible import one_line
from countermark.evidence.report.token_ids import read_with
from countermark.evidence.report.view import listed_view, passage_view, work_view
from countermark.evidence.summary import is_sealed
from countermark.paper.pages import environment, style

if TYPE_CHECKING:
    from countermark.evidence.report.selection import Passage, Selection
    from countermark.language import Language

SECTIONS = (
    "works",
    "more",
    "grades",
    "searched",
    "alarms",
    "guarantee",
    "common",
    "missing",
    "check",
    "rest",
)
"""The anchors of the report, in order; each is also the key of its heading."""

PARQUET_FILES = ("works", "passages")


def render_html(selection: Selection, lang: str) -> str:
    """The report in one language, a whole HTML document."""
    templates = environment("countermark.evidence.report")
    say = LANGUAGES[lang]
    year = (selection.summary["corpus"].get("snapshot_date") or "")[:4]
    mark = templates.get_template("mark.svg").render(year=year if year.isdigit() else "")
    return templates.get_template("report.html.j2").render(
        lang=lang,
        t=say.say,
        css=style(templates, "report.css"),
        mark=Markup(mark),  # noqa: S704  our own file, and four digits
        **_context(selection, say),
    )


def _context(selection: Selection, say: Language) -> dict[str, Any]:
    summary, missing = selection.summary, selection.missing
    by_status = summary["works"]["by_status"]
    first, sealed = first_passage(selection), is_sealed(summary)
    works = [work_view(shown, say, sealed=sealed) for shown in selection.works]
    present = {"works": bool(selection.works), "more": bool(selection.listed)}
    return {
        "summary": summary,
        "contents": [name for name in SECTIONS if present.get(name, True)],
        "warnings": sections.warnings(summary, say),
        "headline": sections.headline(summary, say),
        "outcomes": sections.outcomes(summary, say),
        "amount": sections.amount(summary, say),
        "works": works,
        "sealed": sealed,
        "compared": any(not (p["one_sided"] or p["withheld"]) for work in works for p in work["passages"]),
        "listed": [listed_view(row, say) for row in selection.listed],
        "unlisted": selection.unlisted,
        "grades": sections.grades(summary, say),
        "searched": sections.searched(summary, say),
        "refused": sections.refused(summary, say),
        "refused_none": sections.refused_none(summary, say),
        "token_lines": read_with(summary, say),
        "quarantined": sections.quarantined(summary),
        "alarm_rate": sections.alarm_rate(summary, say),
        "alarms": [passage_view(passage, say, f"a{passage.number}") for passage in selection.alarms],
        "guarantee": sections.guarantee(summary, say),
        "common_lines": sections.common(summary, say),
        "common": [passage_view(passage, say, f"c{passage.number}") for passage in selection.common],
        "missing_lines": sections.missing(summary, say),
        "missing": [
            {
                "title": one_line(row["work_title"], 100) or row["work_id"],
                "author": one_line(row["work_author"], 60),
            }
            for row in missing
        ],
        "missing_rest": by_status["not-found"] + by_status["too-short"] - len(missing),
        "check": steps_for(first, say) if first else None,
        "files": files(say),
        "made": made(summary, say),
    }


def first_passage(selection: Selection) -> Passage | None:
    """The first passage that the report shows; None when it shows none."""
    return next((passage for shown in selection.works for passage in shown.passages), None)


def files(say: Language) -> list[tuple[str, str]]:
    """The files of the run folder and what they hold."""
    return [
        ("works.parquet", say.say("rest.works")),
        ("passages.parquet", say.say("rest.passages")),
        ("findings/*.parquet", say.say("rest.findings")),
        ("receipts/*.json", say.say("rest.receipts")),
        ("runlog*.jsonl", say.say("rest.runlog")),
    ]


def made(summary: dict[str, Any], say: Language) -> str:
    """With what the run and the report were made."""
    index = summary["index"]
    return say.say(
        "made",
        version=one_line(str(summary["engine"] or __version__)),
        index=one_line(str(index.get("identity", "")))[:16],
        scheme=one_line(str(index.get("scheme", ""))),
    )
