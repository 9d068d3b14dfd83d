"""The table of domains: counted by hand, and its denominators."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from compliance.planted_corpus import PLANTED, response, write_jsonl, write_parquet, write_robots, write_warc
from countermark.compliance.judging import UNKNOWN
from countermark.compliance.settings import Asking
from countermark.compliance.summary import Summary, SummarySettings, summarise
from countermark.compliance.summary_output import write_summary
from countermark.compliance.summary_words import EN, FR
from countermark.compliance.tally import Tally
from countermark.reservations.use import Answer, Use

ROWS: list[dict[str, Any]] = [
    {"url": "https://www.river.example.org/1", "date": "2024-05-01", "text": "été"},
    {"url": "https://river.example.org/2", "date": "2024-06-02T01:00:00Z", "text": "0123456789"},
    {"url": "https://closed.example.org/", "date": "2024-05-18", "text": "01234"},
    {"url": None, "date": None, "text": "abc"},
    {"url": "https://lake.example.org/", "date": None, "text": None},
]


def counted(place: Path, **more: object) -> Summary:
    """The summary of two files with the same rows and one broken line."""
    corpus = place / "corpus"
    corpus.mkdir(exist_ok=True)
    write_jsonl(corpus / "a.jsonl.gz", ROWS)
    write_parquet(corpus / "b.parquet", ROWS)
    (corpus / "c.jsonl").write_bytes(b"no json\n")
    robots = (write_robots(place / "robots.warc.gz"),)
    settings = SummarySettings((corpus,), Asking(robots=robots), **more)  # type: ignore[arg-type]
    return summarise(settings)


def test_bytes_dates_and_answers_by_domain(tmp_path: Path) -> None:
    """Counted by hand: two files of five rows."""
    summary = counted(tmp_path, top=10)
    river, closed, lake = summary.domains
    assert (river.domain, river.records, river.bytes) == ("river.example.org", 4, 2 * (5 + 10))
    assert (river.first, river.last) == ("2024-05-01", "2024-06-02")
    assert river.answers == {Answer.RESERVED: 0, Answer.CONDITIONAL: 0, Answer.ALLOWED: 0, Answer.UNKNOWN: 4}
    assert (closed.domain, closed.answers[Answer.RESERVED], closed.protocols) == (
        "closed.example.org",
        2,
        ("robots",),
    )
    assert (lake.domain, lake.bytes, lake.first) == ("lake.example.org", 0, "")
    assert summary.totals == {
        "read": 10, "documents": 10, "with_domain": 8, "without_url": 2, "undated": 4, "unreadable": 1,
        "bytes": 2 * 23, "bytes_with_domain": 2 * 20, "generative_reserved": 0, "agents_refused": 0,
    }  # fmt: skip


def test_the_strictest_answer_is_counted_and_what_was_not_asked_is_told(tmp_path: Path) -> None:
    """A reservation for generative training alone."""
    page = response("https://a.example.org/", number=1, head=b"Content-Usage: train-ai=n\r\n")
    path = write_warc(tmp_path / "a.warc.gz", [page])
    both = summarise(SummarySettings((path,), Asking()))
    assert (both.domains[0].answers[Answer.RESERVED], both.totals["generative_reserved"]) == (1, 0)
    alone = summarise(SummarySettings((path,), Asking((Use.TRAIN,))))
    assert (alone.domains[0].answers[Answer.RESERVED], alone.totals["generative_reserved"]) == (0, 1)


def test_the_top_is_a_share_rounded_up_or_a_number(tmp_path: Path) -> None:
    """10 % of three domains is one."""
    assert [one.domain for one in counted(tmp_path).domains] == ["river.example.org"]
    assert len(counted(tmp_path, top_percent=50.0).domains) == 2
    assert len(counted(tmp_path, top=1).domains) == 1


def test_of_a_warc_only_documents_count(tmp_path: Path) -> None:
    """No request, metadata or error page is content; the size is that of the body."""
    path = write_warc(tmp_path / "a.warc.gz", [record for record, _ in PLANTED])
    summary = summarise(SummarySettings((path,), Asking(), top=100))
    assert summary.totals["documents"] == sum(
        b"WARC-Type: response" in record or b"WARC-Type: conversion" in record for record, _ in PLANTED
    )
    closed = next(one for one in summary.domains if one.domain == "closed.example.org")
    assert (
        closed.bytes
        == len(b"<html><head><title>A</title></head><body><p>Quiet water.</p></body></html>") + 12
    )


def test_the_files_are_in_two_languages_and_the_same_each_time(tmp_path: Path) -> None:
    """CSV, a page to print, JSON; the numbers of both languages are the same."""
    for name in ("one", "two"):
        files = write_summary(counted(tmp_path, top=10), tmp_path / name)
        assert len(files) == 5
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    rows = {
        code: list(
            csv.reader(io.StringIO((tmp_path / "one" / f"domains.{code}.csv").read_text(encoding="utf-8")))
        )
        for code in ("en", "fr")
    }
    assert rows["en"][1:] == rows["fr"][1:]
    assert (rows["en"][0][1], rows["fr"][0][1]) == ("Domain", "Domaine")
    facts = json.loads((tmp_path / "one" / "summary.json").read_text())
    assert [one["domain"] for one in facts["domains"]] == [row[1] for row in rows["en"][1:]]
    assert facts["domain_is"] == "host without www."
    assert "liste de suffixes publics" in (tmp_path / "one" / "domains.fr.md").read_text(encoding="utf-8")
    assert str(tmp_path) not in json.dumps(facts)


def test_both_languages_have_the_same_words() -> None:
    assert EN.keys() == FR.keys()


def test_many_domains_are_counted_in_columns() -> None:
    """Order: by bytes, equals by name."""
    tally = Tally()
    for number in range(5000):
        tally.add(f"{number % 1000}.example", number % 7, None, UNKNOWN)
    assert len(tally) == 1000
    found = [(-one.bytes, one.domain) for one in tally.largest(1000)]
    assert found == sorted(found)
