"""The found recordings as a chapter: which are shown on the plates, what is heard in each, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.evidence.dossier.report.sections import graded
from countermark.evidence.listening.languages import LANGUAGES
from countermark.evidence.report.legible import one_line
from countermark.evidence.report.view import row_said
from countermark.paper.blocks import heading, paragraph, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.evidence.exhibits.selection import Found
    from countermark.evidence.listening.selection import Listening
    from countermark.language import Language
    from countermark.paper.blocks import Block

PLATES: Final = 12
"""Recordings that are shown on plates, in all runs of a dossier together. A hint is told, and has no plate."""
LETTERS: Final = 120
Chosen = tuple["Listening", "Found"]


def chosen_recordings(runs: Sequence[Listening]) -> list[Chosen]:
    """The findings that are shown, in the order of the plates: the best of each work, then the second ones."""
    pairs = [
        (place, at, work.number, run, found)
        for at, run in enumerate(runs)
        for work in run.works
        for place, found in enumerate(work.found)
    ]
    pairs.sort(key=lambda pair: pair[:3])
    return [(run, found) for *_, run, found in pairs[:PLATES]]


def heard_chapter(runs: Sequence[Listening], say: Language) -> list[Block]:
    """The chapter; nothing where no recording was found."""
    shown = chosen_recordings(runs)
    hints = sum(run.all_hints for run in runs)
    if not shown and not hints:
        return []
    columns = [
        (say.say("pictures.plate"), "right", "auto"),
        (say.say("grade"), "left", "1.3"),
        (say.say("pictures.work"), "left", "1.6"),
        (say.say("recordings.heard"), "left", "2.6"),
        (say.say("pictures.place"), "left", "3.2"),
    ]
    rows = [_row(number, *pair, say) for number, pair in enumerate(shown, 1)]
    blocks = [heading(say.say("recordings")), paragraph(say.say("recordings.lead", n=PLATES), "faded")]
    blocks += [table(columns, rows)] if rows else []
    total = sum(run.summary["findings"]["total"] for run in runs) - hints
    if total > len(shown):
        blocks.append(paragraph(say.say("recordings.rest", n=total - len(shown)), "faded"))
    if hints:
        blocks.append(paragraph(say.say("recordings.hints", n=hints), "faded"))
    return blocks


def _row(number: int, run: Listening, found: Found, say: Language) -> tuple[str, ...]:
    from countermark.evidence.listening.said import chance_said, clock, in_words  # noqa: PLC0415

    finding, words = found.finding, LANGUAGES[say.code]
    told = [
        ", ".join(in_words(finding, words)),
        chance_said(finding, run.summary, words),
    ]
    times = "–".join(clock(finding[f"record_{end}"], words.decimal) for end in ("start", "end"))
    where = (
        f"{one_line(finding['shard'], LETTERS)}, {row_said(finding['shard'], finding['row'], words)}, {times}"
    )
    address = one_line(finding["record_url"] or finding["record_id"], LETTERS)
    placed = [part for part in (where, address) if part]
    placed.append(say.say("pictures.finding", id=finding["finding_id"]))
    return (
        str(number),
        graded(finding["grade"], say),
        one_line(finding["work_title"], LETTERS) or one_line(finding["work_id"], LETTERS),
        "\n".join(part for part in told if part),
        "\n".join(placed),
    )
