"""When a search ran, and with which catalogue: what its own log and its settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.scan.runlog import read_events

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from countermark.language import Language


def times(run: Path, say: Language) -> list[tuple[str, str]]:
    """When the search was first begun and last ended (UTC), and how often it was taken up again."""
    events = [event for log in sorted(run.glob("runlog*.jsonl")) for event in read_events(log)]
    begun = sorted(str(event["time"]) for event in events if event["event"] == "start")
    ended = sorted(str(event["time"]) for event in events if event["event"] == "finish")
    rows = []
    if begun:
        rows.append((say.say("search.began"), moment(begun[0])))
    if ended:
        rows.append((say.say("search.ended"), moment(ended[-1])))
    if len(begun) > 1:
        rows.append((say.say("search.resumed"), say.number(len(begun) - 1)))
    return rows


def moment(time: str) -> str:
    """A time of a log to the minute: `2026-11-23 02:27`; logs are kept in UTC."""
    return time[:16].replace("T", " ")


def digests(settings: Mapping[str, Any], say: Language) -> list[tuple[str, str]]:
    """What was looked for, by its digest: the catalogue of a link, the index of a scan."""
    index = settings.get("index")
    if not isinstance(index, dict):
        return []
    key, word = (
        ("catalog", "search.catalog") if settings.get("kind") == "link" else ("identity", "search.index")
    )
    return [(say.say(word), str(index[key]))] if index.get(key) else []
