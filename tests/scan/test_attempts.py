"""The log of all attempts: every search leaves its lines, found or not, ended or not."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from countermark.errors import OutputError, RunError
from countermark.scan.attempts import BEGIN, begin, log_beside, run_digest
from countermark.scan.runlog import read_events, verify
from scan import furnished
from scan.furnished import furnish
from scan.needle_search import InlineRunner


def test_each_scan_leaves_its_beginning_and_its_end(tmp_path: Path) -> None:
    """Runs beside one another share one log; a scan that is given again is a new attempt."""
    place = furnish(tmp_path)
    for out in ("one", "two", "one"):
        furnished.scan(place, out, runner=InlineRunner())
    events = read_events(place / "attempts.jsonl")
    told = [(event["event"], event["attempt"], event["run"]) for event in events]
    numbered = [(1, "one"), (2, "two"), (3, "one")]
    assert told == [(event, *which) for which in numbered for event in ("begin", "finish")]
    assert events[0]["corpus"] == "corpus"
    assert events[-1]["run_digest"] == run_digest(place / "one")
    assert events[-1]["findings"] == 40


def test_a_search_that_dies_is_logged_all_the_same(tmp_path: Path) -> None:
    """Only its end is missing."""
    begin(tmp_path / "run", {"kind": "scan"})
    (event,) = read_events(log_beside(tmp_path / "run"))
    assert (event["event"], event["attempt"]) == (BEGIN, 1)


def test_a_changed_log_stops_the_next_search(tmp_path: Path) -> None:
    """Nobody goes on with a log from which a line was taken."""
    for _ in range(3):
        begin(tmp_path / "run", {})
    log = log_beside(tmp_path / "run")
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(lines[0] + lines[2])
    with pytest.raises(RunError, match=r"attempts\.jsonl, line 2"):
        begin(tmp_path / "run", {})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_search_that_cannot_be_logged_is_not_begun(tmp_path: Path) -> None:
    """The message names the log and the way out."""
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="give another as --attempts"):
        begin(tmp_path / "run", {})


def _begin(folder: Path) -> None:
    begin(folder / "run", {}).end("finish", {})


def test_searches_at_the_same_time_keep_one_chain(tmp_path: Path) -> None:
    """Twenty at once, and the chain holds."""
    with ProcessPoolExecutor(4) as pool:
        list(pool.map(_begin, [tmp_path] * 20))
    state = verify(tmp_path / "attempts.jsonl")
    assert state.lines == 40
    numbers = [
        event["attempt"] for event in read_events(tmp_path / "attempts.jsonl") if event["event"] == BEGIN
    ]
    assert numbers == list(range(1, 21))
