"""Whether the log of all attempts holds what a dossier is made of: without the denominator nothing is sealed.

Two logs vouch for each other. The log of attempts states the digest of each run when it ended. The log of a run tells
how often the search was begun or taken up again, and, of a link, the digest of the line that began it in the log of
attempts: a fresh log of attempts, made afterwards to hide the searches before, holds neither.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from countermark.errors import DossierError, RunError
from countermark.scan.attempts import BEGIN, ENDS
from countermark.scan.runlog import read_events, verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def wrong_with_attempts(
    log: Path, runs: Mapping[str, str], folders: Mapping[str, Path] | None = None
) -> list[str]:
    """What is wrong with the log, one sentence's end each; none where it holds every run with its digest.

    `runs` maps the name of each run folder to its digest (`scan.attempts.run_digest`), `folders` to where it lies, for
    those whose own logs are at hand. A search that was killed has no end in the log, which is no fault; the last end
    of a run must state the digest that the run has now.
    """
    if not log.is_file():
        return ["is missing"]
    try:
        events = read_events(log)
    except (RunError, RecursionError) as error:
        return [f"is broken: {error}"]
    lines = {hashlib.sha256(line + b"\n").hexdigest() for line in log.read_bytes().split(b"\n")}
    told = [_wrong_with_run(events, name, digest) for name, digest in sorted(runs.items())]
    told += [
        _wrong_with_begins(events, lines, name, folder) for name, folder in sorted((folders or {}).items())
    ]
    return [said for said in told if said]


def _wrong_with_run(events: list[dict[str, Any]], name: str, digest: str) -> str | None:
    of_run = [event for event in events if event.get("run") == name]
    if not any(event["event"] == BEGIN for event in of_run):
        return f"does not say that the run {name} was begun"
    ends = [event for event in of_run if event["event"] in ENDS]
    if not ends:
        return f"does not say that the run {name} ended"
    if ends[-1].get("run_digest") != digest:
        return f"states another digest for the run {name}: its folder was changed after the search ended"
    return None


def _wrong_with_begins(events: list[dict[str, Any]], lines: set[str], name: str, run: Path) -> str | None:
    """Whether the run's own log tells of searches that the log of attempts does not hold."""
    begun = sum(event["event"] == BEGIN and event.get("run") == name for event in events)
    for log in sorted(run.glob("runlog*.jsonl")):
        try:
            told = read_events(log)
        except (RunError, OSError, RecursionError):
            continue  # said of the run itself
        heads = [event["attempts_head"] for event in told if "attempts_head" in event]
        if any(head not in lines for head in heads):
            return f"is not the one that the search of the run {name} wrote into: it lacks the line that began it"
        searched = _searches(told)
        if (
            log.name == "runlog.jsonl" and searched > begun
        ):  # parts may have been searched on machines of their own
            return f"holds {begun} of the {searched} times that the run {name} was begun or taken up again"
    return None


def _searches(events: Iterable[Mapping[str, Any]]) -> int:
    """How often a search was begun that did something: one that could not be logged ends with its first line."""
    kinds = [event["event"] for event in events]
    return sum(kind == "start" and after != "start" for kind, after in pairwise(kinds))


def require_attempts(log: Path, runs: Mapping[str, str], folders: Mapping[str, Path]) -> dict[str, Any]:
    """The log's number of lines and the digest of its last. Raises DossierError where it does not hold the runs."""
    wrong = wrong_with_attempts(log, runs, folders)
    if wrong:
        raise DossierError(
            f"{log}: cannot be sealed: the log of attempts {'; '.join(wrong)}. A dossier holds every attempt: give the "
            "log that the search wrote beside its run folder (--attempts FILE), or search again"
        )
    state = verify(log)
    return {"lines": state.lines, "head": state.head}
