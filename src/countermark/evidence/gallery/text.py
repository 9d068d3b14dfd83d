"""The report on pictures for a terminal: aligned, at most 96 columns, ten works, and where the rest is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.exhibits.text import work_lines
from countermark.evidence.gallery import sections
from countermark.evidence.gallery.said import shape_of
from countermark.evidence.gallery.unseen import language_for
from countermark.evidence.report.text import file_lines, heading, joined, pair, paired, refused_lines, wrapped

if TYPE_CHECKING:
    from countermark.evidence.gallery.selection import Gallery


def render_text(gallery: Gallery, lang: str) -> str:
    """The report in one language, as lines of plain text."""
    say, summary = language_for(gallery.summary, lang), gallery.summary
    lines: list[str] = []
    for warning in sections.warnings(summary, say):
        lines += [*wrapped(f"! {warning}"), ""]
    for sentence in sections.headline(summary, say):
        lines += wrapped(sentence)
    lines.append("")
    for row in sections.outcomes(summary, say):
        lines.append(pair(row["label"], f"{row['count']}  {row['share']:>9}"))
    if summary["works"]["total"]:
        lines += ["", *wrapped(sections.amount(summary, say))]
    counts = summary["works"]
    found = counts["total"] - counts["by_status"]["not-found"]
    lines += work_lines([work.row for work in gallery.works], found, shape_of, say)
    lines += heading(say.say("searched"))
    lines += paired(sections.searched(summary, say))
    lines += refused_lines(summary, say)
    chapters = (
        ("alarms", sections.alarm_rate(summary, say)),
        ("limits", [f"- {line}" for line in sections.limits(say)]),
        ("missing", sections.missing(summary, say)),
    )
    for key, told in chapters:
        lines += heading(say.say(key))
        lines += [line for paragraph in told for line in wrapped(paragraph)]
    lines += heading(say.say("rest"))
    lines += file_lines(sections.files(say))
    lines += ["", *wrapped(sections.made(summary, say)), say.say("run", digest=summary["run_digest"])]
    return joined(lines)


def statement(summary: dict[str, Any], lang: str) -> list[str]:
    """That only sketches were looked at; what was found, out of how many, and what it does not show; what else."""
    say, by_status = language_for(summary, lang), summary["works"]["by_status"]
    first = sections.sketches(summary, say)
    told = [*first, " ".join(sections.headline(summary, say))]
    named = "identifier-only" if sections.is_unconfirmed(summary) else ""
    told += [
        say.say(f"statement.{name}", n=by_status[name])
        for name in ("free-licence", "identifier-only", "shared-only")
        if by_status[name] and name != named
    ]
    told += [warning for warning in sections.warnings(summary, say) if warning not in first]
    return [joined([line]).rstrip("\n") for line in told]
