"""`countermark reserve filter`: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compliance.planted_corpus import PLANTED, ROWS, write_jsonl, write_robots, write_warc
from countermark.cli.reserve_filter import command
from countermark.errors import InputError


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A corpus of two files, and the crawl's robots.txt."""
    (tmp_path / "corpus").mkdir()
    write_warc(tmp_path / "corpus" / "a.warc.gz", [record for record, _ in PLANTED])
    write_jsonl(tmp_path / "corpus" / "r.jsonl", [row for row, _ in ROWS])
    write_robots(tmp_path / "robots.warc.gz")
    return tmp_path


def run(place: Path, *more: str) -> Result:
    """Call the command on the corpus."""
    words = [
        str(place / "corpus"), "--out", str(place / "kept"), "--removed", str(place / "removed.parquet"),
        "--robots", str(place / "robots.warc.gz"), *more,
    ]  # fmt: skip
    return CliRunner().invoke(command, words)


def test_it_says_what_went_and_where_the_proof_is(place: Path) -> None:
    """Counts with their denominator; the last line says what to do next."""
    result = run(place)
    assert result.exit_code == 0, result.output
    assert "18 records in 2 files judged for train by no agent in particular." in result.output
    assert "9  removed" in result.output
    assert f"countermark reserve filter --verify {place / 'proof.json'}" in result.output
    again = run(place)
    assert "(2 files done earlier)" in again.output


def test_a_proof_is_checked(place: Path) -> None:
    """Exit 1, and what differs is named."""
    run(place)
    words = ["--verify", str(place / "proof.json")]
    good = CliRunner().invoke(command, words)
    assert (good.exit_code, good.output) == (0, "The proof holds: 2 files, 9 rows of removed records.\n")
    with (place / "kept" / "r.jsonl").open("ab") as file:
        file.write(b"\n")
    bad = CliRunner().invoke(command, words)
    assert bad.exit_code == 1
    assert "r.jsonl: SHA-256 of what was kept" in bad.output
    said = json.loads(CliRunner().invoke(command, [*words, "--json"]).output)
    assert said["holds"] is False


def test_json_holds_the_counts(place: Path) -> None:
    """One object on standard output."""
    said = json.loads(run(place, "--json", "--use", "train", "--use", "generative").stdout)
    assert said["totals"]["read"] == said["totals"]["kept"] + said["totals"]["removed"] == 18
    assert said["settings"]["uses"] == ["train", "generative"]


def test_a_dry_run_writes_nothing(place: Path) -> None:
    """Neither --out nor --removed is needed."""
    words = [str(place / "corpus"), "--robots", str(place / "robots.warc.gz"), "--dry-run"]
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 0
    assert "Nothing was written." in result.output
    assert sorted(path.name for path in place.iterdir()) == ["corpus", "robots.warc.gz"]


def test_damage_is_told_by_exit_code(place: Path) -> None:
    """Done, but something was lost that nobody can count."""
    path = place / "corpus" / "broken.parquet"
    path.write_bytes(b"PAR1PAR1")
    result = run(place)
    assert result.exit_code == 6
    assert "Not read to its end: broken.parquet" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name at least one file"),
        (["nothing.jsonl"], "--out and --removed are needed"),
        (["nothing.jsonl", "--dry-run"], "there is no such file"),
        (["x", "--dry-run", "--date", "soon"], "a date is YYYY-MM-DD"),
    ],
)
def test_a_wrong_option_is_told(words: list[str], said: str) -> None:
    """One line, no traceback."""
    result = CliRunner().invoke(command, words)
    assert isinstance(result.exception, InputError)
    assert said in str(result.exception)
