"""From when to when: runs of captures with one answer, gaps told, and the last capture before a date."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from captures.loopback import answer, served
from countermark.captures.history.capture import capture
from countermark.captures.history.export import as_csv, as_json
from countermark.captures.history.timeline import Point, intervals, on_date, timelines
from countermark.captures.served import Fetching
from countermark.errors import InputError
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from captures.loopback import Answering

BEGIN = datetime(2026, 1, 2, 12, tzinfo=UTC)
RESERVED = answer(b'[{"location": "/*", "tdm-reservation": 1}]')
ALLOWED = answer(b'[{"location": "/*", "tdm-reservation": 0}]')
WELL_KNOWN = "/.well-known/tdmrep.json"


def standing(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


def point(day: int, said: Answer = Answer.RESERVED) -> Point:
    """A capture on the n-th day."""
    time = (BEGIN + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Point(time, day + 1, said, ("tdmrep",))


def kept(folder: Path, days: dict[int, Answering], *pages: str) -> str:
    """Capture a site with that tdmrep.json on those days; its origin."""
    paths: dict[str, Answering] = {
        "/": answer(b"words"),
        "/robots.txt": answer(b"User-agent: CCBot\nDisallow: /\n"),
    }
    with served(paths) as server:
        for day, told in days.items():
            paths[WELL_KNOWN] = told
            moment = BEGIN + timedelta(days=day)
            capture(
                folder,
                [server.origin],
                pages,
                Fetching(allow_loopback=True, timeout=5, clock=standing(moment)),
            )
        return server.origin


def test_runs_of_one_answer() -> None:
    """Each with its first and last capture, and the captures on either side that said otherwise."""
    silent = Answer.UNKNOWN
    found = intervals([point(0, silent), point(1), point(2), point(40), point(41, silent), point(42)])
    assert [(one.answer, one.first[:10], one.last[:10]) for one in found] == [
        (silent, "2026-01-02", "2026-01-02"),
        (Answer.RESERVED, "2026-01-03", "2026-02-11"),
        (silent, "2026-02-12", "2026-02-12"),
        (Answer.RESERVED, "2026-02-13", "2026-02-13"),
    ]
    assert (found[1].before, found[1].after) == (point(0).time, point(41).time)
    assert (found[0].before, found[3].after) == (None, None)
    assert [(gap.days, gap.begin, gap.end) for gap in found[1].gaps] == [(38, point(2).time, point(40).time)]
    assert not intervals([])


def test_what_could_not_be_read_ends_no_interval() -> None:
    """It is told by itself, and silence on either side stays silence."""
    lost = [Point(point(day).time, day + 1, Answer.UNKNOWN, (), ("503",)) for day in range(6)]
    found = intervals([point(0), lost[1], point(2), lost[3], lost[4], point(5, Answer.UNKNOWN)])
    assert [(one.answer, one.unread, len(one.points)) for one in found] == [
        (Answer.RESERVED, (), 2),
        (Answer.UNKNOWN, ("503",), 1),
        (Answer.UNKNOWN, ("503",), 2),
        (Answer.UNKNOWN, (), 1),
    ]
    assert (found[0].after, found[1].before, found[1].after, found[3].before) == (
        point(5).time, None, None, point(2).time,
    )  # fmt: skip


def test_a_failing_server_is_told_apart_from_silence(tmp_path: Path) -> None:
    """Reserved, 503, reserved, 404: one interval of two captures, one that was not readable, silence."""
    from countermark.cli.reserve_history_show import command

    failing, gone = answer(b"sorry", status="503 Sorry"), answer(b"", status="404 Not Found")
    origin = kept(tmp_path / "h", {0: RESERVED, 1: failing, 2: RESERVED, 3: gone})
    (line,) = timelines(tmp_path / "h", [origin], uses=[Use.TDM])
    assert [(one.answer, one.unread, len(one.points)) for one in line.uses[Use.TDM]] == [
        (Answer.RESERVED, (), 2),
        (Answer.UNKNOWN, ("503",), 1),
        (Answer.UNKNOWN, (), 1),
    ]
    words = [str(tmp_path / "h"), "--use", "tdm", "--lang"]
    said = CliRunner().invoke(command, [*words, "en"]).output
    assert "not readable at 1 capture, 2026-01-03T12:00:00Z (status 503)" in said
    assert "first seen otherwise on 2026-01-05T12:00:00Z" in said
    assert "illisible à 1 capture, 2026-01-03T12:00:00Z (statut 503)" in CliRunner().invoke(
        command, [*words, "fr"]
    ).output  # fmt: skip
    facts = json.loads(as_json(tmp_path / "h", [line]))["timelines"][0]["uses"]["tdm"]
    assert [one["not_readable"] for one in facts] == [[], ["503"], []]
    assert facts[0]["otherwise_after"] == "2026-01-05T12:00:00Z"
    (row,) = list(csv.DictReader(io.StringIO(as_csv(tmp_path / "h", [origin], []).decode())))
    assert row["note"].endswith("; not readable at 1 of 4 captures")


@given(st.lists(st.sampled_from(tuple(Answer)), max_size=30))
def test_no_capture_is_lost_between_intervals(answers: list[Answer]) -> None:
    """The intervals are the captures, in order, and neighbours differ."""
    points = [point(day, said) for day, said in enumerate(answers)]
    found = intervals(points)
    assert [one for interval in found for one in interval.points] == points
    assert all(one.answer is not other.answer for one, other in pairwise(found))


def test_a_site_that_changed_its_mind(tmp_path: Path) -> None:
    """Reserved, allowed, reserved: three intervals, each from capture to capture."""
    origin = kept(tmp_path, {0: RESERVED, 1: RESERVED, 2: ALLOWED, 3: RESERVED})
    (line,) = timelines(tmp_path, uses=[Use.TDM])
    assert (line.url, line.agent, line.captures) == (f"{origin}/", "*", 4)
    assert [one.answer for one in line.uses[Use.TDM]] == [Answer.RESERVED, Answer.ALLOWED, Answer.RESERVED]
    (line,) = timelines(tmp_path, agents=["CCBot"], uses=[Use.SEARCH])
    assert [one.answer for one in line.uses[Use.SEARCH]] == [Answer.RESERVED]
    assert line.uses[Use.SEARCH][0].protocols == ("robots",)


def test_a_page_that_was_not_captured_is_never_called_allowed(tmp_path: Path) -> None:
    """The site's own files still reserve it; that it is allowed nobody knows without its header fields."""
    origin = kept(tmp_path, {0: RESERVED, 1: ALLOWED})
    (line,) = timelines(tmp_path, [f"{origin}/other.html"], uses=[Use.TDM])
    assert [one.answer for one in line.uses[Use.TDM]] == [Answer.RESERVED, Answer.UNKNOWN]
    assert timelines(tmp_path, ["https://elsewhere.example/"]) == []


def test_on_a_date(tmp_path: Path) -> None:
    """The last capture not after it, its age, and the next one; a day means its end."""
    origin = kept(tmp_path, {0: RESERVED, 10: ALLOWED})
    found = on_date(tmp_path, "2026-01-05")
    assert found.seen is not None
    assert found.entry is not None
    assert (found.entry.time, found.age, found.next) == ("2026-01-02T12:00:00Z", 3, "2026-01-12T12:00:00Z")
    assert found.seen.judge(f"{origin}/").answer(Use.TDM) is Answer.RESERVED
    same = on_date(tmp_path, "2026-01-12")
    assert same.seen is not None
    assert same.seen.judge(f"{origin}/").answer(Use.TDM) is Answer.ALLOWED
    assert (same.age, same.next) == (0, None)
    before = on_date(tmp_path, "2026-01-02T11:59:59Z")
    assert (before.seen, before.next) == (None, "2026-01-02T12:00:00Z")
    assert on_date(tmp_path, "2026-01-05", "https://elsewhere.example/").seen is None


def test_export_for_programs_and_for_a_catalog(tmp_path: Path) -> None:
    """JSON with every capture and its digest; CSV with the columns that a catalog import knows."""
    origin = kept(tmp_path, {0: ALLOWED, 1: RESERVED, 2: RESERVED})
    facts = json.loads(as_json(tmp_path, timelines(tmp_path)))
    assert [len(one["sha256"]) for one in facts["captures"]] == [64] * 3
    assert facts["timelines"][0]["uses"]["tdm"][1]["lines"] == [2, 3]
    (row,) = csv.DictReader(io.StringIO(as_csv(tmp_path, [], []).decode()))
    assert (row["url"], row["reserved_from"], row["reservation_protocol"]) == (
        f"{origin}/",
        "2026-01-03",
        "TDMRep",
    )
    assert "each of 2 captures" in row["note"]


def test_a_reservation_that_was_withdrawn_has_no_date_in_the_catalog(tmp_path: Path) -> None:
    """The note says when it was seen; the column says nothing that no longer holds."""
    kept(tmp_path, {0: RESERVED, 1: ALLOWED})
    (row,) = csv.DictReader(io.StringIO(as_csv(tmp_path, [], []).decode()))
    assert row["reserved_from"] == ""
    assert "was seen reserved from 2026-01-02T12:00:00Z" in row["note"]


def test_a_history_that_is_not_sound_says_nothing(tmp_path: Path) -> None:
    """A capture that was changed is never read as what was served."""
    kept(tmp_path, {0: RESERVED})
    file = next(tmp_path.glob("*.warc.gz"))
    file.write_bytes(file.read_bytes()[:-1] + b"\1")
    with pytest.raises(InputError, match="does not have the SHA-256"):
        timelines(tmp_path)
    with pytest.raises(InputError, match="no history"):
        timelines(tmp_path / "nowhere")
