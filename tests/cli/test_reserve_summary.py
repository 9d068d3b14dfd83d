"""`countermark reserve summary`: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from compliance.planted_corpus import PLANTED, ROWS, write_jsonl, write_robots, write_warc
from countermark.cli.reserve_summary import command
from countermark.errors import InputError


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """A corpus of two files, and where the tables go."""
    (tmp_path / "corpus").mkdir()
    write_warc(tmp_path / "corpus" / "a.warc.gz", [record for record, _ in PLANTED])
    write_jsonl(tmp_path / "corpus" / "r.jsonl", [row for row, _ in ROWS])
    robots = write_robots(tmp_path / "robots.warc.gz")
    return [str(tmp_path / "corpus"), "--out", str(tmp_path / "summary"), "--robots", str(robots)]


def test_it_shows_the_table_and_says_what_a_domain_is(words: list[str], tmp_path: Path) -> None:
    """With the denominator, and where the files are."""
    result = CliRunner().invoke(command, [*words, "--top", "3"])
    assert result.exit_code == 0, result.output
    assert "from 5 domains" in result.output
    assert "open.example.org" in result.output
    assert "A domain is here the host without “www.”" in result.output
    assert sorted(path.name for path in (tmp_path / "summary").iterdir()) == [
        "domains.en.csv", "domains.en.md", "domains.fr.csv", "domains.fr.md", "summary.json",
    ]  # fmt: skip


def test_json_is_the_same_as_the_file(words: list[str], tmp_path: Path) -> None:
    """One object on standard output; 10 % of five domains is one."""
    said = json.loads(CliRunner().invoke(command, [*words, "--json"]).stdout)
    assert said == json.loads((tmp_path / "summary" / "summary.json").read_text())
    assert (said["listed"], said["all_domains"], said["top_percent"]) == (1, 5, 10.0)


def test_a_list_of_suffixes_is_used(words: list[str], tmp_path: Path) -> None:
    """All hosts of the planted corpus are one registrable domain."""
    (tmp_path / "list.dat").write_text("org\n")
    said = json.loads(
        CliRunner().invoke(command, [*words, "--json", "--suffixes", str(tmp_path / "list.dat")]).stdout
    )
    assert [one["domain"] for one in said["domains"]] == ["example.org"]


def test_wrong_options_are_told(words: list[str], tmp_path: Path) -> None:
    """One line, no traceback."""
    result = CliRunner().invoke(command, [*words, "--top", "3", "--top-percent", "5"])
    assert isinstance(result.exception, InputError)
    (tmp_path / "corpus" / "x.parquet").write_bytes(b"PAR1PAR1")
    assert CliRunner().invoke(command, words).exit_code == 6
