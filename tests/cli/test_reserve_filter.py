"""`countermark reserve filter`: what it prints, and its exit codes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compliance.planted_corpus import (
    PLANTED,
    ROWS,
    response,
    warc_record,
    write_jsonl,
    write_robots,
    write_warc,
)
from countermark.cli import main
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
    assert "18 records in 2 files judged for train, generative by no agent in particular." in result.output
    assert "9  removed" in result.output
    assert f"countermark reserve filter --verify {place / 'proof.json'}" in result.output
    again = run(place)
    assert "(2 files done earlier)" in again.output


def test_a_proof_is_checked(place: Path) -> None:
    """Exit 1, and what differs is named."""
    run(place)
    words = ["--verify", str(place / "proof.json")]
    good = CliRunner().invoke(command, words)
    assert good.exit_code == 0
    assert good.output.startswith("The files fit the proof: 2 files, 9 rows of removed records.\n")
    assert "Not checked: who made the proof, and when." in good.output
    digest = hashlib.sha256((place / "proof.json").read_bytes()).hexdigest()
    assert f"SHA-256 of proof.json, to note or to have stamped: {digest}\n" in good.output
    again = CliRunner().invoke(command, [*words, "--again", "--robots", str(place / "robots.warc.gz")])
    assert (again.exit_code, again.output.splitlines()[0]) == (
        0, "Judged again, the same proof and the same files: 2 files, 9 rows of removed records.",
    )  # fmt: skip
    with (place / "kept" / "r.jsonl").open("ab") as file:
        file.write(b"\n")
    bad = CliRunner().invoke(command, words)
    assert bad.exit_code == 1
    assert "r.jsonl: SHA-256 of what was kept" in bad.output
    said = json.loads(CliRunner().invoke(command, [*words, "--json"]).output)
    assert said["fits"] is False


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
        (["x", "--dry-run", "--again"], "--again goes with --verify"),
        (["x", "--dry-run", "--date", "soon"], "a date is YYYY-MM-DD"),
    ],
)
def test_a_wrong_option_is_told(words: list[str], said: str) -> None:
    """One line, no traceback."""
    result = CliRunner().invoke(command, words)
    assert isinstance(result.exception, InputError)
    assert said in str(result.exception)


def test_what_was_not_asked_is_told(tmp_path: Path) -> None:
    """A reservation for generative training where only training was asked for; crawlers refused by name."""
    usage = b"Content-Usage: train-ai=n\r\n"
    write_warc(
        tmp_path / "a.warc.gz",
        [
            response("https://a.example.org/", number=1, head=usage),
            response("https://b.example.org/", number=2),
            response("https://b.example.org/2", number=3, head=usage),
        ],
    )
    refusing = b"User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + refusing
    robots = warc_record(
        "response", "https://b.example.org/robots.txt", block, number=9, date="2024-05-18T09:00:00Z",
        Content_Type="application/http; msgtype=response",
    )  # fmt: skip
    write_warc(tmp_path / "r.warc.gz", [robots])
    words = [str(tmp_path / "a.warc.gz"), "--dry-run", "--robots", str(tmp_path / "r.warc.gz")]
    said = CliRunner().invoke(command, [*words, "--use", "train"]).output
    assert "2  generative   kept, but reserved for training generative models" in said
    assert "2  by name      kept, but robots.txt refuses AI crawlers by name" in said
    said = CliRunner().invoke(command, words).output
    assert "2  removed" in said
    assert "generative  " not in said
    assert "1  by name" in said
    named = CliRunner().invoke(command, [*words, "--agent", "CCBot"]).output
    assert "by name" not in named
    assert "3  removed" in named


def test_a_field_that_no_record_has_is_a_slip(tmp_path: Path) -> None:
    """A slip in the name of a field would keep what is reserved; Parquet refuses it likewise."""
    corpus = tmp_path / "pages.jsonl"
    corpus.write_text('{"adresse": "https://example.org/a", "text": "Sea."}\n')
    words = ["reserve", "filter", str(corpus), "--dry-run", "--url-column"]
    assert CliRunner().invoke(main, [*words, "adresse"]).exit_code == 0
    result = CliRunner().invoke(main, [*words, "address"])
    assert result.exit_code == 2
    assert "--url-column address: no record has such a field" in result.stderr


def test_the_proof_of_another_run_is_not_written_over(tmp_path: Path) -> None:
    corpus = tmp_path / "pages.jsonl"
    corpus.write_text('{"url": "https://example.org/a", "text": "Sea."}\n')

    def run(name: str) -> Result:
        out, removed = tmp_path / name, tmp_path / f"{name}.parquet"
        return CliRunner().invoke(
            main, ["reserve", "filter", str(corpus), "--out", str(out), "--removed", str(removed)]
        )

    assert run("one").exit_code == 0
    assert run("one").exit_code == 0
    before = (tmp_path / "proof.json").read_bytes()
    result = run("two")
    assert result.exit_code == 4
    assert "is not the proof of this run" in result.stderr
    assert (tmp_path / "proof.json").read_bytes() == before
