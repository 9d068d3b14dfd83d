"""Verdicts as of the capture: planted signals come out exactly, and damage costs a record, not an answer."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from captures.planted import DAY, KINDS, Kind, crawl, page, record
from corpus.corpus_samples import listed, warc_record
from countermark.captures.at_capture import COLUMNS, Made, at_capture, schema
from countermark.captures.judging import CaptureJudge
from countermark.captures.robots_archive import RobotsArchive
from countermark.captures.robots_building import make_archive
from countermark.reservations.words.captures import EN

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTDM-Reservation: 1\r\n\r\n<p>text</p>"
TIME = f"{DAY}T10:00:00Z"


def rows_of(path: Path, judge: CaptureJudge | None = None) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of a file by column, and the reasons of what was refused."""
    rows: list[dict[str, Any]] = []
    refused: list[str] = []
    for shard in listed(path)[0]:
        for batch in at_capture(shard, judge or CaptureJudge()):
            rows += [dict(zip(COLUMNS, row, strict=True)) for row in batch.rows]
            refused += [refusal.reason for refusal in batch.refused]
            assert batch.table().schema.equals(schema())
    return rows, refused


def answers(row: dict[str, Any]) -> str:
    """The five answers as letters."""
    uses = ("tdm", "train", "generative", "input", "search")
    return "".join(str(row[f"reservation_{use}"])[0] for use in uses)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[RobotsArchive]:
    """The robots.txt captures of the crawl in `crawl.warc.gz`."""
    pages, files, _ = crawl(1000, 5)
    (tmp_path / "crawl.warc.gz").write_bytes(pages)
    (tmp_path / "robots.warc.gz").write_bytes(files)
    make_archive([tmp_path / "robots.warc.gz"], tmp_path / "robots.sqlite")
    opened = RobotsArchive(tmp_path / "robots.sqlite")
    yield opened
    opened.close()


def test_a_thousand_planted_records_have_exact_verdicts(tmp_path: Path, archive: RobotsArchive) -> None:
    """Header, page and robots signals of every kind, written by a writer that knows none of the readers."""
    kinds = crawl(1000, 5)[2]
    rows, refused = rows_of(tmp_path / "crawl.warc.gz", CaptureJudge(archive))
    assert refused == []
    assert len(rows) == 1000
    wrong = {
        (kind.name, answers(row), kind.answers, row["reservation_basis"])
        for row, kind in zip(rows, kinds, strict=True)
        if answers(row) != kind.answers
    }
    assert wrong == set()
    assert {row["reservation_date"][:10] for row in rows} == {DAY}


def test_reasons_name_protocol_and_place(tmp_path: Path, archive: RobotsArchive) -> None:
    """Who decided, where, and what is not known."""
    kinds = crawl(1000, 5)[2]
    rows, _ = rows_of(tmp_path / "crawl.warc.gz", CaptureJudge(archive))
    basis = {kind.name: row["reservation_basis"] for row, kind in zip(rows, kinds, strict=True)}
    assert basis["tdm header"] == "tdmrep in header"
    assert basis["robots disallows"] == f"robots in robots.txt:2 of {DAY}"
    assert basis["silence"] == ""
    assert "captures.robots-" in basis["silence without robots"]


def test_an_agent_of_its_own_is_asked_for(tmp_path: Path, archive: RobotsArchive) -> None:
    """Rules for another crawler count for that crawler."""
    kinds = crawl(1000, 5)[2]
    rows, _ = rows_of(tmp_path / "crawl.warc.gz", CaptureJudge(archive, "GPTBot"))
    of_kind = {kind.name: answers(row) for row, kind in zip(rows, kinds, strict=True)}
    assert of_kind["robots of another agent"] == "rrrrr"
    assert of_kind["x-robots of another agent"] == "uuuuu"


def test_without_captures_of_robots_nothing_is_allowed(tmp_path: Path) -> None:
    """What robots.txt said is not known, so a yes elsewhere is not the whole answer; a no is."""
    yes = GOOD.replace(b"Reservation: 1", b"Reservation: 0")
    (tmp_path / "a.warc.gz").write_bytes(
        record("https://a.example.org/", TIME, yes, 1) + record("https://a.example.org/", TIME, GOOD, 2)
    )
    rows, _ = rows_of(tmp_path / "a.warc.gz")
    assert [answers(row) for row in rows] == ["uuuuu", "rrruu"]
    assert rows[0]["reservation_remarks"] == ["captures.robots-not-given"]


def test_damage_costs_one_record(tmp_path: Path) -> None:
    """Damaged, cut and swelling records are refused or unknown; those around them are read."""
    whole = [record(f"https://a.example.org/{n}", TIME, GOOD, n) for n in range(5)]
    bomb = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTDM-Reservation: 0\r\n\r\n"
    )
    whole[1] = whole[1][:30] + b"\xff" * 40 + whole[1][70:]
    whole[3] = record("https://a.example.org/3", TIME, bomb + gzip.compress(b"a" * (65 << 20), 1), 3)
    (tmp_path / "a.warc.gz").write_bytes(b"".join(whole)[:-20])
    rows, refused = rows_of(tmp_path / "a.warc.gz")
    assert [(row["record_url"][-1], answers(row)) for row in rows] == [
        ("0", "rrruu"),
        ("2", "rrruu"),
        ("3", "uuuuu"),
    ]
    assert "captures.body-unread" in rows[2]["reservation_remarks"]
    assert set(refused) <= {"corrupt", "truncated"}
    assert len(refused) == 2


def test_what_a_crawler_cut_off_is_told(tmp_path: Path) -> None:
    """A page of which the end is missing may have said no there."""
    yes = GOOD.replace(b"Reservation: 1", b"Reservation: 0")
    data = record("https://a.example.org/", TIME, yes, 1, "WARC-Truncated: length\r\n")
    (tmp_path / "a.warc.gz").write_bytes(data)
    rows, _ = rows_of(tmp_path / "a.warc.gz")
    assert "captures.cut" in rows[0]["reservation_remarks"]


def test_records_without_address_or_date_are_refused(tmp_path: Path) -> None:
    """With the reason; dates with fractions and days alone are read."""
    data = (
        record("dns:example.org", TIME, GOOD, 1)
        + record("https://a.example.org/", "yesterday", GOOD, 2)
        + record("https://a.example.org/", f"{DAY}T10:00:00.123456Z", GOOD, 3)
        + record("https://a.example.org/", DAY, GOOD, 4)
    )
    (tmp_path / "a.warc.gz").write_bytes(data)
    rows, refused = rows_of(tmp_path / "a.warc.gz")
    assert refused == ["no-web-address", "no-date"]
    assert [row["reservation_date"] for row in rows] == [f"{DAY}T10:00:00.123456Z", DAY]


def test_texts_and_revisits_say_what_is_missing(tmp_path: Path) -> None:
    """A WET record holds no header; a revisit, no body."""
    data = warc_record("conversion", b"text", 1) + warc_record(
        "revisit", b"HTTP/1.1 304 Not Modified\r\nTDM-Reservation: 1\r\n\r\n", 2, "application/http"
    )
    (tmp_path / "a.warc").write_bytes(data)
    rows, _ = rows_of(tmp_path / "a.warc")
    assert [answers(row) for row in rows] == ["uuuuu", "rrruu"]
    assert "captures.text-only" in rows[0]["reservation_remarks"]
    assert "captures.body-elsewhere" in rows[1]["reservation_remarks"]


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutated_records_never_crash_nor_allow(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever bytes stand in a response: a row or a refusal, and `allowed` only where robots.txt is known."""
    import random

    kind: Kind = data.draw(st.sampled_from(KINDS))
    message = bytearray(page(kind, random.Random(data.draw(st.integers(0, 9)))))
    for _ in range(data.draw(st.integers(0, 12))):
        at = data.draw(st.integers(0, len(message) - 1))
        message[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    (tmp_path / "a.warc.gz").write_bytes(record("https://a.example.org/", TIME, bytes(message), 1))
    rows, refused = rows_of(tmp_path / "a.warc.gz")
    assert len(rows) + len(refused) == 1
    assert all("a" not in answers(row) for row in rows)


def test_the_page_about_the_table_has_its_columns() -> None:
    """Names, types and nulls, in order, as the code has them; and what stands in the metadata."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "at-capture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| (yes|no) \|", page, re.MULTILINE)
    # read back, lists are of “element”
    kinds = {str(field.type): str(field.type).replace("item", "element") for field in schema()}
    fields = [(one.name, kinds[str(one.type)], "yes" if one.nullable else "no") for one in schema()]
    assert rows == fields
    made = schema(Made("CCBot", 30, "ab")).metadata
    assert made is not None
    assert all(f"`{name.decode()}`" in page for name in made)
    codes = {code for code in EN if code.startswith("captures.robots-")}
    codes -= {"captures.robots-not-given", "captures.robots-not-read"}
    assert {code for code in codes if code not in page and f"`-{code.rpartition('-')[2]}`" not in page} <= {
        "captures.robots-unread", "captures.robots-cut",
    }  # fmt: skip


def test_sites_that_refuse_crawlers_by_name_are_told(tmp_path: Path) -> None:
    """For an agent that no rule names only; of the whole site."""
    later = f"{DAY}T10:30:00Z"
    said = {
        "named": "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n",
        "part": "User-agent: GPTBot\nDisallow: /x\n",
        "other": "User-agent: NoSuchThing\nDisallow: /\n",
        "open": "User-agent: GPTBot\nAllow: /\n",
    }
    data, files = b"", b""
    for number, (name, body) in enumerate(said.items()):
        data += record(f"https://{name}.example.org/", later, GOOD, number)
        files += record(
            f"https://{name}.example.org/robots.txt", TIME, f"HTTP/1.1 200 OK\r\n\r\n{body}".encode(), number
        )
    (tmp_path / "a.warc.gz").write_bytes(data)
    (tmp_path / "r.warc.gz").write_bytes(files)
    make_archive([tmp_path / "r.warc.gz"], tmp_path / "r.sqlite")
    archive = RobotsArchive(tmp_path / "r.sqlite")
    rows, _ = rows_of(tmp_path / "a.warc.gz", CaptureJudge(archive))
    assert [row["reservation_remarks"] for row in rows] == [["captures.agents-refused"], [], [], []]
    rows, _ = rows_of(tmp_path / "a.warc.gz", CaptureJudge(archive, "GPTBot"))
    assert [row["reservation_remarks"] for row in rows] == [[], [], [], []]
    archive.close()
