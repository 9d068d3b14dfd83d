"""The works of a report for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.exhibits.places import place_said
from countermark.evidence.report.legible import one_line
from countermark.evidence.report.text import fit, heading, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from countermark.language import Language

WORKS_SHOWN: Final = 10
_TITLE, _GRADE = 34, 16


def work_lines(
    rows: Sequence[dict[str, Any]], found: int, shape_of: Callable[[str], str], say: Language
) -> list[str]:
    """Each work with its strongest find: shape, grade, how much of the work, where; and how many of `found` more."""
    shown = rows[:WORKS_SHOWN]
    if not shown:
        return []
    lines = heading(say.say("works"))
    for row in shown:
        title = one_line(row["work_title"], 200) or one_line(row["work_id"], 200)
        grade = f"{shape_of(row['best_grade'])} {say.say('grade.' + row['best_grade'])}"
        share = say.share(row["share"], 0) if row["records"] else ""
        findings = say.say("work.findings", n=row["findings"])
        lines.append(f"{fit(title, _TITLE)}  {fit(grade, _GRADE)}  {share:>6}  {findings}")
        file, within = place_said(row["best_shard"], row["best_row"], row["best_record_id"], say)
        place = f"{one_line(file, 60)}, {within}" if within else one_line(file, 60)
        lines += [f"    {line}" for line in wrapped(place)]
    rest = found - len(shown)
    return [*lines, say.say("works.rest", n=rest)] if rest > 0 else lines
