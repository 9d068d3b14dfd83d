"""The report for a terminal: aligned, at most 96 columns, ten works, and where the rest is."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len, set_cell_size

from countermark.evidence.report import sections
from countermark.evidence.report.html import files, made
from countermark.evidence.report.languages import LANGUAGES
from countermark.evidence.report.legible import one_line
from countermark.evidence.report.strip import WIDTH
from countermark.evidence.report.token_ids import read_with

if TYPE_CHECKING:
    from countermark.evidence.report.selection import Selection
    from countermark.evidence.report.strip import Stretch
    from countermark.language import Language

COLUMNS = 96
WORKS_SHOWN = 10
_BAR = 24
_TITLE = 32
_FILE = 20
_FIGURE = 26
# Directional isolates are invisible in a browser; many terminals show a box in their place.
_NO_ISOLATES = str.maketrans("", "", "\u2068\u2069")


def render_text(selection: Selection, lang: str) -> str:
    """The report in one language, as lines of plain text."""
    say, summary = LANGUAGES[lang], selection.summary
    lines: list[str] = []
    for warning in sections.warnings(summary, say):
        lines += [*wrapped(f"! {warning}"), ""]
    first, second = sections.headline(summary, say)
    lines += [*wrapped(first), *wrapped(second), ""]
    for row in sections.outcomes(summary, say):
        lines.append(pair(row["label"], f"{row['count']}  {row['share']:>9}"))
    if summary["works"]["total"]:
        lines += ["", *wrapped(sections.amount(summary, say))]
    lines += _works(selection, say)
    lines += heading(say.say("searched"))
    lines += paired(sections.searched(summary, say))
    lines += refused_lines(summary, say)
    lines += _token_lines(summary, say)
    chapters = (
        ("alarms", sections.alarm_rate(summary, say)),
        ("guarantee", [sections.guarantee(summary, say)]),
        ("common", sections.common(summary, say)),
        ("missing", sections.missing(summary, say)),
    )
    for key, told in chapters:
        lines += heading(say.say(key))
        lines += [line for paragraph in told for line in wrapped(paragraph)]
    lines += heading(say.say("rest"))
    lines += file_lines(files(say))
    lines += ["", *wrapped(made(summary, say)), say.say("run", digest=summary["run_digest"])]
    return joined(lines)


def file_lines(named: list[tuple[str, str]]) -> list[str]:
    """Files and what they hold, in two columns."""
    lines = []
    for name, meaning in named:
        first, *more = textwrap.wrap(meaning, COLUMNS - _FILE - 2)
        lines += [f"{fit(name, _FILE)}  {first}", *(" " * (_FILE + 2) + line for line in more)]
    return lines


def joined(lines: list[str]) -> str:
    """The lines as one text, without what a terminal would not show."""
    return "\n".join(line.translate(_NO_ISOLATES).rstrip() for line in lines) + "\n"


def refused_lines(summary: dict[str, Any], say: Language) -> list[str]:
    """What was not read, by reason, each with its example under it."""
    reasons = sections.refused(summary, say)
    if not reasons:
        return wrapped(sections.refused_none(summary, say))
    lines = []
    for row in reasons:
        lines.append(pair(f"  {row['reason']}", row["count"]))
        lines += [f"    {line}" for line in textwrap.wrap(row["example"], COLUMNS - 4)]
    return lines


def _token_lines(summary: dict[str, Any], say: Language) -> list[str]:
    """How the token ids were read, under the heading that the warnings name; nothing where all was text."""
    told = read_with(summary, say)
    lines = heading(say.say("tokens")) if told else []
    for number, paragraph in enumerate(told):
        lines += [*([""] if number else []), *wrapped(paragraph)]
    return lines


def _works(selection: Selection, say: Language) -> list[str]:
    shown = selection.works[:WORKS_SHOWN]
    if not shown:
        return []
    lines = heading(say.say("works"))
    for work in shown:
        row = work.row
        title = one_line(row["work_title"], 200) or row["work_id"]
        share, findings = say.share(row["share"]), say.say("work.findings", n=row["findings"])
        lines.append(f"{fit(title, _TITLE)}  {_bar(work.stretches)}  {share:>8}  {findings}")
    rest = len(selection.works) + len(selection.listed) + selection.unlisted - len(shown)
    return [*lines, say.say("more.rest", n=rest)] if rest else lines


def _bar(stretches: list[Stretch]) -> str:
    """The strip in characters: claimed, found but not claimed, dark."""
    cells = ["·"] * _BAR
    for mark, claimed in (("░", False), ("█", True)):
        for stretch in stretches:
            if stretch.claimed == claimed:
                first = stretch.start * _BAR // WIDTH
                last = max(first + 1, -(-stretch.end * _BAR // WIDTH))
                cells[first:last] = mark * (last - first)
    return "".join(cells)


def heading(text: str) -> list[str]:
    """A heading with a line under it."""
    return ["", text, "─" * min(cell_len(text), COLUMNS)]


def pair(label: str, figure: str) -> str:
    """A label at the left, a figure at the right."""
    return f"{fit(label, COLUMNS - _FIGURE - 2)}  {figure:>{_FIGURE}}"


def paired(rows: list[tuple[str, str]]) -> list[str]:
    """Labels at the left, figures at the right; what is a sentence stands under its label."""
    lines = []
    for label, figure in rows:
        if cell_len(figure) <= _FIGURE:
            lines.append(pair(label, figure))
        else:
            lines += [label, *(f"  {line}" for line in textwrap.wrap(figure, COLUMNS - 2))]
    return lines


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` columns of a terminal; wide signs count two."""
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


def wrapped(text: str) -> list[str]:
    """A paragraph in lines."""
    return textwrap.wrap(text, COLUMNS, break_long_words=False, break_on_hyphens=False) or [""]
