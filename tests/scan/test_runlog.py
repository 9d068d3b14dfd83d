"""The run log: no line can be changed, dropped or moved unnoticed, and a torn line does not end it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countermark.errors import OutputError, RunError
from countermark.scan.runlog import FIRST, RunLog, read_events, verify

if TYPE_CHECKING:
    from pathlib import Path


def write_log(path: Path, lines: int = 5) -> list[bytes]:
    """A log of some lines; return them."""
    path.unlink(missing_ok=True)
    log = RunLog(path, clock=lambda: "2026-01-01T00:00:00+00:00")
    for number in range(lines - 1):
        log.append("receipt", {"name": f"né {number}"})
    log.append("finish", {"shards": lines})
    return path.read_bytes().splitlines(keepends=True)


def test_sound_log_verifies(tmp_path: Path) -> None:
    """A log that was only appended to is sound, over several openings."""
    path = tmp_path / "runlog.jsonl"
    write_log(path)
    again = RunLog(path)
    again.append("start", {})
    assert verify(path) == (6, again.head, False)
    events = read_events(path)
    assert [event["event"] for event in events] == ["receipt"] * 4 + ["finish", "start"]
    assert events[0]["previous"] == FIRST
    assert [event["line"] for event in events] == list(range(6))


def test_finished_log_says_so(tmp_path: Path) -> None:
    """The state tells whether the last event is the end."""
    write_log(tmp_path / "log")
    assert verify(tmp_path / "log").finished


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_flipped_bit_goes_unnoticed(tmp_path: Path, data: st.DataObject) -> None:
    """Any bit flipped in any line but the last breaks the chain."""
    path = tmp_path / "log"
    lines = write_log(path)
    content = bytearray(b"".join(lines))
    place = data.draw(st.integers(0, len(content) - len(lines[-1]) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(bytes(content))
    with pytest.raises(RunError, match=r"log, line \d"):
        verify(path)


@pytest.mark.parametrize("dropped", [0, 1, 3])
def test_dropped_lines_are_noticed(tmp_path: Path, dropped: int) -> None:
    """A line missing before the end breaks the chain, and the message names the line after it."""
    lines = write_log(tmp_path / "log")
    del lines[dropped]
    (tmp_path / "log").write_bytes(b"".join(lines))
    with pytest.raises(RunError, match=f"line {dropped + 1}: does not follow"):
        verify(tmp_path / "log")


def test_moved_lines_are_noticed(tmp_path: Path) -> None:
    """Two lines that changed places break the chain."""
    lines = write_log(tmp_path / "log")
    lines[1], lines[2] = lines[2], lines[1]
    (tmp_path / "log").write_bytes(b"".join(lines))
    with pytest.raises(RunError, match="line 2: does not follow"):
        verify(tmp_path / "log")


def test_cut_end_changes_the_head(tmp_path: Path) -> None:
    """Lines cut off at the end leave a sound chain with another head, and no finish."""
    lines = write_log(tmp_path / "log")
    whole = verify(tmp_path / "log")
    (tmp_path / "log").write_bytes(b"".join(lines[:-1]))
    cut = verify(tmp_path / "log")
    assert cut.head != whole.head
    assert not cut.finished


def test_opening_a_broken_log_is_refused(tmp_path: Path) -> None:
    """Nobody appends to a chain that is broken."""
    lines = write_log(tmp_path / "log")
    (tmp_path / "log").write_bytes(b"".join(lines[1:]))
    with pytest.raises(RunError, match="line 1"):
        RunLog(tmp_path / "log")


@given(kept=st.integers(1, 200))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_torn_line_is_set_aside(tmp_path: Path, kept: int) -> None:
    """A last line without its end is kept in a file, noted in the chain, and the chain goes on."""
    path = tmp_path / "log"
    lines = write_log(path)
    torn = lines[-1][: min(kept, len(lines[-1]) - 1)]
    path.write_bytes(b"".join(lines[:-1]) + torn)
    RunLog(path).append("start", {})
    events = read_events(path)
    assert [event["event"] for event in events[-2:]] == ["torn_line", "start"]
    assert (tmp_path / events[-2]["file"]).read_bytes() == torn


def test_torn_first_line(tmp_path: Path) -> None:
    """A log that is nothing but a torn line begins anew, with the note first."""
    (tmp_path / "log").write_bytes(b'{"line": 0, "prev')
    RunLog(tmp_path / "log")
    assert [event["event"] for event in read_events(tmp_path / "log")] == ["torn_line"]


@pytest.mark.parametrize("line", [b"[]\n", b"{}\n", b"\x00\x00\n", b'{"event": 1}\n'])
def test_foreign_lines_are_refused(tmp_path: Path, line: bytes) -> None:
    """A file that is not a run log is told."""
    (tmp_path / "log").write_bytes(line)
    with pytest.raises(RunError, match="line 1"):
        verify(tmp_path / "log")


def test_failed_append_leaves_the_log_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk the half-written line is taken back, and the log goes on later."""
    path = tmp_path / "log"
    write_log(path)
    before, log = path.read_bytes(), RunLog(path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            log.append("receipt", {})
    assert path.read_bytes() == before
    log.append("receipt", {})
    assert json.loads(path.read_bytes().splitlines()[-1])["line"] == 5
    assert verify(path).lines == 6


def test_a_line_with_a_carriage_return_is_one_line(tmp_path: Path) -> None:
    """JSON allows it between tokens: what verifies can also be read."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"line": 0,\r"previous": "' + FIRST.encode() + b'", "event": "start"}\n')
    assert [event["event"] for event in read_events(path)] == ["start"]


def test_a_line_that_nests_without_end_is_told(tmp_path: Path) -> None:
    """No traceback reaches a user."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"[" * 100_000 + b"\n")
    with pytest.raises(RunError, match="line 1: damaged"):
        verify(path)
