"""The intervals of a history for other programs: JSON with all captures, or a CSV that a catalog can import."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from countermark.captures.history.chain import captures_of, read_chain
from countermark.captures.history.timeline import timelines
from countermark.reservations.protocols import PROTOCOLS
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.captures.history.timeline import Interval, Timeline

COLUMNS = ("url", "reserved_from", "reservation_protocol", "note")
"""Those of the table importer of works."""
_HOLDS = frozenset({Answer.RESERVED, Answer.CONDITIONAL})


def interval_facts(interval: Interval) -> dict[str, Any]:
    """An interval as plain values."""
    return {
        "answer": str(interval.answer),
        "not_readable": list(interval.unread),
        "from": interval.first,
        "to": interval.last,
        "captures": len(interval.points),
        "lines": [point.line for point in interval.points],
        "otherwise_before": interval.before,
        "otherwise_after": interval.after,
        "gaps": [{"from": gap.begin, "to": gap.end, "days": gap.days} for gap in interval.gaps],
        "protocols": list(interval.protocols),
    }


def timeline_facts(timeline: Timeline) -> dict[str, Any]:
    """A timeline as plain values."""
    return {
        "url": timeline.url,
        "agent": timeline.agent,
        "captures": timeline.captures,
        "uses": {str(use): [interval_facts(one) for one in found] for use, found in timeline.uses.items()},
    }


def as_json(folder: Path, lines: Sequence[Timeline]) -> bytes:
    """Timelines, and for each line of the chain that they speak of the capture's file with its SHA-256."""
    entries = read_chain(folder)
    facts = {
        "head": entries[-1].head,
        "captures": [
            {
                "line": one.line,
                "time": one.time,
                "file": one.file,
                "sha256": one.digest,
                "agent": one.facts["agent"],
            }
            for one in captures_of(entries)
        ],
        "timelines": [timeline_facts(one) for one in lines],
    }
    return json.dumps(facts, indent=1).encode() + b"\n"


def as_csv(folder: Path, urls: Sequence[str], agents: Sequence[str]) -> bytes:
    """One row per page and agent: since which capture mining has been reserved, up to the last capture.

    Only about text and data mining, because that is what a catalog takes these columns for.

    Where the last capture does not reserve it, `reserved_from` is empty and the note says when it was seen reserved.
    """
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for line in timelines(folder, urls, agents, [Use.TDM]):
        table.writerow([line.url, *_row(line, Use.TDM)])
    return out.getvalue().encode()


def _row(line: Timeline, use: Use) -> tuple[str, str, str]:
    read = [one for one in line.uses[use] if not one.unread]
    lost = sum(len(one.points) for one in line.uses[use] if one.unread)
    agent = "an agent that no rule names" if line.agent == "*" else line.agent
    unread = f"; not readable at {lost} of {line.captures} captures" if lost else ""
    if not read:
        return "", "", f"{use}, {agent}{unread}".replace(";", ":", 1)
    now = read[-1]
    if now.answer in _HOLDS:
        names = ", ".join(PROTOCOLS[name].label for name in now.protocols if name in PROTOCOLS)
        number = len(now.points)
        many = f"each of {number} captures" if number > 1 else "1 capture"
        return now.first[:10], names, f"{use}, {agent}: {now.answer} at {many} to {now.last}{unread}"
    held = [f"{one.first} to {one.last}" for one in read if one.answer in _HOLDS]
    seen = f"; it was seen reserved from {', '.join(held)}" if held else ""
    return (
        "",
        "",
        f"{use}, {agent}: {now.answer} at the last capture that could be read ({now.last}){seen}{unread}",
    )
