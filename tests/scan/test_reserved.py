"""What was reserved stands in the findings of a scan, at no second pass; other captures of robots.txt, another scan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from captures.planted import record
from countermark.errors import InputError, RunError
from countermark.findings import findings_files, read_findings
from countermark.index.build import build_index
from countermark.media import Refusal
from countermark.scan import AskedReservations, Part, ScanSettings, run_scan
from countermark.works.reading import read_works
from scan.furnished import result

TEXT = " ".join(
    f"The ferryman counted lantern {n} and wrote {n * 37 % 101} in his book of crossings." for n in range(60)
)
DAY = "2024-05-18"
ROBOTS = (
    b"HTTP/1.1 200 OK\r\n\r\nUser-agent: GPTBot\nDisallow: /\n\n"
    b"User-agent: *\nContent-Usage: train-ai=n\nAllow: /\n"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one work, and a corpus of a WARC file with four pages and a JSONL file."""
    place = tmp_path_factory.mktemp("reserved")
    (place / "works").mkdir()
    (place / "works" / "crossings.txt").write_text(TEXT, encoding="utf-8")
    (place / "corpus").mkdir()
    body = f"<p>{TEXT[200:1800]}</p></body></html>".encode()
    heads = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTDM-Reservation: 1\r\n\r\n<html><body>",
        b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><head><meta name="robots" content="noai"></head>',
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>",
    )
    pages = [
        record(f"https://a.example.org/{number}", f"{DAY}T12:00:00Z", head + body, number)
        for number, head in enumerate(heads)
    ]
    (place / "corpus" / "crawl.warc.gz").write_bytes(b"".join(pages))
    (place / "corpus" / "rows.jsonl").write_text(json.dumps({"text": TEXT[200:1800]}) + "\n")
    address = "https://a.example.org/robots.txt"
    (place / "robots.warc.gz").write_bytes(record(address, f"{DAY}T11:00:00Z", ROBOTS, 9))
    (place / "other.warc.gz").write_bytes(record(address, f"{DAY}T10:00:00Z", ROBOTS, 9))
    build_index(
        (w for w in read_works([place / "works"]) if not isinstance(w, Refusal)), place / "works.index"
    )
    return place


def scan(place: Path, run: Path, **given: Any) -> Path:
    """Scan the corpus."""
    run_scan(ScanSettings(place / "works.index", (place / "corpus",), run, workers=1, **given))
    return run


def rows(run: Path) -> list[dict[str, Any]]:
    """The findings, first the WARC file's."""
    found = [row for path in findings_files(run) for row in read_findings(path).to_pylist()]
    return sorted(found, key=lambda row: (row["shard"], row["row"]))


def letters(row: dict[str, Any]) -> str:
    """The five answers, - for null."""
    uses = ("tdm", "train", "generative", "input", "search")
    return "".join((row[f"reservation_{use}"] or "-")[0] for use in uses)


def asked(place: Path, *names: str, agent: str = "*") -> AskedReservations:
    """Captures of robots.txt by the names of their files."""
    return AskedReservations(tuple(place / name for name in names), agent)


def test_findings_say_what_the_record_itself_reserved(place: Path, tmp_path: Path) -> None:
    """By header field and page; null where the format carries no capture."""
    found = rows(scan(place, tmp_path / "run"))
    assert [letters(row) for row in found] == ["rrruu", "urruu", "uuuuu", "-----"]
    assert [row["reservation_basis"] for row in found] == ["tdmrep in header", "noai in page", "", None]
    assert [row["reservation_date"] for row in found] == [f"{DAY}T12:00:00Z"] * 3 + [None]
    settings = json.loads((tmp_path / "run" / "run.json").read_bytes())
    assert settings["findings"] == 5
    assert settings["reservations"] == {"agent": "*", "files": None, "robots_age": 30}


def test_robots_of_the_day_are_joined(place: Path, tmp_path: Path) -> None:
    """For any agent, and for one that has a group of its own; the archive stands in the run folder."""
    found = rows(scan(place, tmp_path / "run", reservations=asked(place, "robots.warc.gz")))
    assert [letters(row) for row in found] == ["rrruu", "urruu", "uuruu", "-----"]
    assert found[2]["reservation_basis"] == f"aipref in robots.txt:5 of {DAY}"
    settings = json.loads((tmp_path / "run" / "run.json").read_bytes())
    assert settings["reservations"]["captures"] == 1
    assert len(settings["reservations"]["identity"]) == 64
    assert (tmp_path / "run" / "robots.sqlite").is_file()
    of_agent = rows(
        scan(place, tmp_path / "bot", reservations=asked(place, "robots.warc.gz", agent="GPTBot"))
    )
    assert [letters(row) for row in of_agent] == ["rrrrr", "rrrrr", "rrrrr", "-----"]


def test_parts_and_resumed_runs_give_the_same_bytes(place: Path, tmp_path: Path) -> None:
    """The archive is made once, whoever comes first; a second run scans nothing."""
    given: dict[str, Any] = {"reservations": asked(place, "robots.warc.gz")}
    whole = result(scan(place, tmp_path / "whole", **given))
    for number in (2, 1):
        scan(place, tmp_path / "parts", part=Part(number, 2), **given)
    assert result(tmp_path / "parts") == whole
    again = run_scan(
        ScanSettings(place / "works.index", (place / "corpus",), tmp_path / "whole", workers=1, **given)
    )
    assert (again.scanned, again.skipped) == (0, 2)
    assert result(tmp_path / "whole") == whole


def test_other_captures_are_another_scan(place: Path, tmp_path: Path) -> None:
    """Other files, another agent, another age, or none: the folder refuses; receipts have other names."""
    run = scan(place, tmp_path / "run", reservations=asked(place, "robots.warc.gz"))
    others = (
        asked(place, "other.warc.gz"),
        asked(place, "robots.warc.gz", agent="CCBot"),
        AskedReservations(),
    )
    for other in others:
        with pytest.raises(RunError, match=r"captures of robots\.txt"):
            scan(place, run, reservations=other)
    names = {path.name for path in (run / "receipts").iterdir()}
    plain = {path.name for path in (scan(place, tmp_path / "plain") / "receipts").iterdir()}
    assert not names & plain
    (run / "robots.sqlite").write_bytes((place / "robots.warc.gz").read_bytes())
    with pytest.raises(InputError, match="not an archive"):
        scan(place, run, reservations=asked(place, "robots.warc.gz"))


def test_captures_that_cannot_be_used_stop_the_scan(place: Path, tmp_path: Path) -> None:
    """Before anything is scanned, with a clear message."""
    with pytest.raises(InputError, match="cannot be read"):
        scan(place, tmp_path / "run", reservations=asked(place, "none.warc.gz"))
    with pytest.raises(InputError, match=r"no capture of robots\.txt"):
        scan(place, tmp_path / "run", reservations=asked(place, "corpus/crawl.warc.gz"))
    scan(place, tmp_path / "run", reservations=asked(place, "robots.warc.gz"))
