"""The report on recordings for a terminal: aligned, at most 96 columns, ten works, and where the rest is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.exhibits.text import work_lines
from countermark.evidence.listening import sections
from countermark.evidence.listening.languages import LANGUAGES
from countermark.evidence.listening.said import chance_said, shape_of
from countermark.evidence.report.legible import one_line
from countermark.evidence.report.text import file_lines, heading, joined, pair, paired, refused_lines, wrapped

if TYPE_CHECKING:
    from countermark.evidence.listening.selection import Listening
    from countermark.language import Language


def render_text(listening: Listening, lang: str) -> str:
    """The report in one language, as lines of plain text."""
    say, summary = LANGUAGES[lang], listening.summary
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
    found = counts["total"] - counts["by_status"]["not-found"] - counts["by_status"]["resembles-only"]
    lines += work_lines([work.row for work in listening.works], found, shape_of, say)
    lines += _hints(listening, say)
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
    """What was found, out of how many, what it does not show, and what else was found; for the end of a scan."""
    say, by_status = LANGUAGES[lang], summary["works"]["by_status"]
    told = [" ".join(sections.headline(summary, say))]
    told += [
        say.say(f"statement.{name}", n=by_status[name])
        for name in ("free-licence", "identifier-only", "shared-only", "resembles-only")
        if by_status[name]
    ]
    told += sections.warnings(summary, say)
    return [joined([line]).rstrip("\n") for line in told]


def _hints(listening: Listening, say: Language) -> list[str]:
    """That there are hints, and of each with what chance."""
    if not listening.hints:
        return []
    lines = [*heading(say.say("hints")), *wrapped(say.say("hints.lead"))]
    for hint in listening.hints:
        title = one_line(hint.finding["work_title"], 200) or one_line(hint.finding["work_id"], 200)
        chance = chance_said(hint.finding, listening.summary, say)
        lines += wrapped(f"{shape_of('resembles')} {title}: {chance}")
    rest = listening.all_hints - len(listening.hints)
    return [*lines, say.say("hints.rest", n=rest)] if rest > 0 else lines
