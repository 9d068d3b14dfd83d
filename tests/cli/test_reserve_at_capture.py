"""`reserve at-capture` and the reservation options of `scan`, as a user gives them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from captures.planted import crawl
from countermark.captures.at_capture import COLUMNS, schema
from countermark.cli import main


def run(*words: object) -> Result:
    """Call the command."""
    return CliRunner().invoke(main, ["reserve", "at-capture", *map(str, words)], env={"LC_ALL": "C.UTF-8"})


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A crawl of 40 records with its captures of robots.txt."""
    pages, robots, _ = crawl(40, 3)
    (tmp_path / "crawl.warc.gz").write_bytes(pages)
    (tmp_path / "robots.warc.gz").write_bytes(robots)
    return tmp_path


def test_a_table_is_printed(place: Path) -> None:
    """Counts for each use, what is not known, and what to do next."""
    done = run(place / "crawl.warc.gz", "--robots", place / "robots.warc.gz")
    assert done.exit_code == 0, done.output
    assert "40 records, each as of its capture, for an agent that no rule names:" in done.output
    assert "generative" in done.output
    assert "Next: --out verdicts.parquet" in done.output


def test_the_table_in_french(place: Path) -> None:
    """The same figures, in French typography."""
    done = run(place / "crawl.warc.gz", "--robots", place / "robots.warc.gz", "--lang", "fr")
    assert "40 enregistrements, chacun au jour de sa capture, pour un agent" in done.output
    assert "réservé" in done.output
    assert "Ensuite\u00a0: --out verdicts.parquet" in done.output


def test_without_robots_the_reader_is_told(place: Path) -> None:
    """What robots.txt said is not known."""
    done = run(place / "crawl.warc.gz", "--agent", "CCBot")
    assert "for CCBot:" in done.output
    assert "nothing is called allowed" in done.output


def test_rows_are_written_as_parquet_and_lines(place: Path) -> None:
    """The same rows in both; the same bytes on a second run."""
    for name in ("a.parquet", "b.parquet", "c.jsonl"):
        assert (
            run(
                place / "crawl.warc.gz", "--robots", place / "robots.warc.gz", "--out", place / name
            ).exit_code
            == 0
        )
    table = pq.read_table(place / "a.parquet")
    assert table.schema.equals(schema())
    lines = [json.loads(line) for line in (place / "c.jsonl").read_text().splitlines()]
    assert [row | {"agent": "*"} for row in table.to_pylist()] == lines
    assert list(lines[0]) == [*COLUMNS, "agent"]
    said = {name.decode(): value.decode() for name, value in table.schema.metadata.items()}
    assert (said["countermark.at-capture.agent"], said["countermark.at-capture.robots-age-days"]) == (
        "*",
        "30",
    )
    assert len(said["countermark.at-capture.robots"]) == 64
    assert (place / "a.parquet").read_bytes() == (place / "b.parquet").read_bytes()


def test_counts_as_json(place: Path) -> None:
    """Answers by use, remarks, and what was refused with examples."""
    (place / "notes.txt").write_text("no WARC")
    done = run(place / "crawl.warc.gz", place / "notes.txt", "--robots", place / "robots.warc.gz", "--json")
    facts = json.loads(done.stdout)
    assert facts["records"] == 40
    assert sum(facts["answers"]["tdm"].values()) == 40
    assert facts["refused"]["not-warc"]["count"] == 1
    assert facts["robots"]["format"] == "countermark.robots-archive/1"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["crawl.warc.gz", "--out", "verdicts.csv"], "must end in .parquet or .jsonl"),
        (["crawl.warc.gz", "--robots", "notes.txt"], "not a WARC file"),
        (["crawl.warc.gz", "--robots", "none.warc.gz"], "there is no such file"),
        (["notes.txt"], "no WARC file"),
    ],
)
def test_bad_input_is_one_line(
    place: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    """Exit code 2, and what is accepted."""
    monkeypatch.chdir(place)
    (place / "notes.txt").write_text("no WARC")
    done = run(*words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
