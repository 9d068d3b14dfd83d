"""Whether the log of all attempts holds what a dossier is made of: without the denominator nothing is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.errors import DossierError, RunError
from countermark.scan.attempts import BEGIN, ENDS
from countermark.scan.runlog import read_events, verify

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def wrong_with_attempts(log: Path, runs: Mapping[str, str]) -> list[str]:
    """What is wrong with the log, one sentence's end each; none where it holds every run with its digest.

    `runs` maps the name of each run folder to its digest (`scan.attempts.run_digest`). A search that was killed has no
    end in the log, which is no fault; the last end of a run must state the digest that the run has now.
    """
    if not log.is_file():
        return ["is missing"]
    try:
        events = read_events(log)
    except (RunError, RecursionError) as error:
        return [f"is broken: {error}"]
    return [said for name, digest in sorted(runs.items()) if (said := _wrong_with_run(events, name, digest))]


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


def require_attempts(log: Path, runs: Mapping[str, str]) -> dict[str, Any]:
    """The log's number of lines and the digest of its last. Raises DossierError where it does not hold the runs."""
    wrong = wrong_with_attempts(log, runs)
    if wrong:
        raise DossierError(
            f"{log}: cannot be sealed: the log of attempts {'; '.join(wrong)}. A dossier holds every attempt: give the "
            "log that the search wrote beside its run folder (--attempts FILE), or search again"
        )
    state = verify(log)
    return {"lines": state.lines, "head": state.head}
