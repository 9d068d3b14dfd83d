"""Keeping one visit: a WARC file and a line in the chain, both or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from countermark.captures.history.chain import CAPTURE, Entry, next_line
from countermark.captures.history.keeping import add, held
from countermark.captures.history.visit import visit
from countermark.captures.history.warc_out import WarcFile, sha256
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.captures.history.visit import Visit
    from countermark.captures.served import Fetching


@dataclass(frozen=True, slots=True)
class Captured:
    """What was kept: the line of the chain, the visit, and whether nothing differs from the capture before."""

    entry: Entry
    visit: Visit
    unchanged: bool


def capture(
    folder: Path, urls: Sequence[str], pages: Sequence[str] = (), how: Fetching | None = None
) -> Captured:
    """Visit the sites and keep what they answered. A capture in which nothing changed is kept too: it is a dated proof.

    Raises InputError where nothing answered, the chain is broken or the clock went backwards; RunError where another
    capture is being written; OutputError. The history is then as it was.
    """
    with held(folder) as entries:
        done = visit(urls, pages, how)
        if not done.exchanges:
            why = done.failures[0].message if done.failures else "no address was given"
            raise InputError(f"nothing answered, and nothing was kept: {why}")
        number = entries[-1].line + 1 if entries else 1
        stamp = done.time.replace("-", "").replace(":", "")
        name = f"{number:06}-{stamp}.warc.gz"
        data, facts = _written(done, name)
        entry = next_line(entries, done.time, CAPTURE, name, sha256(data), **facts)
        add(folder, entries, entry, {name: data})
        before = next((one for one in reversed(entries) if one.event == CAPTURE), None)
        return Captured(entry, done, before is not None and payloads(before) == payloads(entry))


def payloads(entry: Entry) -> dict[str, tuple[Any, ...]]:
    """What each address answered: status and SHA-256 of the payload; of a redirect, that of its end."""
    answers = {one["asked"]: (one["status"], one["payload"]) for one in entry.facts["responses"]}
    return answers | {one["asked"]: ("failed", one["reason"]) for one in entry.facts["failed"]}


def _written(done: Visit, name: str) -> tuple[bytes, dict[str, Any]]:
    file = WarcFile(name, done.time, done.agent)
    responses = []
    groups = [(exchange.asked, exchange.hops) for exchange in done.exchanges]
    groups += [(failure.asked, failure.hops) for failure in done.failures]
    for asked, hops in groups:
        for hop in hops:
            written = file.add(hop)
            responses.append(
                {
                    "asked": asked,
                    "url": hop.url,
                    "status": hop.message.status,
                    "ip": hop.ip,
                    "payload": f"sha256:{written.payload}",
                    "record": written.record,
                }
            )
    data = file.data()
    return data, {
        "size": len(data),
        "agent": done.agent,
        "pages": list(done.pages),
        "responses": responses,
        "failed": [
            {"asked": one.asked, "reason": one.reason, "message": one.message} for one in done.failures
        ],
        "left_out": list(done.left_out),
    }
