"""`countermark link`: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.cli.link import command
from countermark.cli.link_outcome import _statement
from countermark.errors import InputError
from countermark.works.catalog import write_catalog
from countermark.works.entry import Contributor, Entry, Source, WorkMedium

ROWS = "title,artist\nQuiet Rivers,Clara Lindqvist\nQuiet Rivers,Somebody Else\nbroken\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A catalog of two recordings, one control, and a listing of three rows, one of them broken."""
    for name, title, who in (
        ("works", "Quiet Rivers", "Clara Lindqvist"),
        ("controls", "Never There", "Maren Solberg"),
    ):
        entry = Entry(
            Source("songs.csv", 2),
            title,
            medium=WorkMedium.RECORDING,
            contributors=(Contributor(who, "performer"),),
        )
        write_catalog(tmp_path / f"{name}.catalog", [entry])
    (tmp_path / "songs.csv").write_text(ROWS)
    return tmp_path


def run(place: Path, *more: str) -> Result:
    """Call the command on the listing."""
    words = [
        str(place / "works.catalog"),
        str(place / "songs.csv"),
        "--out",
        str(place / "run"),
        "--workers",
        "1",
        *more,
    ]
    return CliRunner().invoke(command, words)


def test_it_says_what_was_found_and_what_that_is_worth(place: Path) -> None:
    """Counts by grade, and the sentence that a name is not proof."""
    result = run(place, "--controls", str(place / "controls.catalog"), "--name", "Songs")
    assert result.exit_code == 0, result.output
    assert "0 of 1 work are listed in Songs, found by identifier; 1 by name only." in result.output
    assert "A name is not proof" in result.output
    assert "False alarms: 0 of 1 control" in result.output
    assert "Not read: 1 row or file." in result.output
    assert "Quiet Rivers, Clara Lindqvist" in result.output
    assert "  by id   by name  same title  work" in result.output
    assert f"Next: countermark claim {place / 'works.catalog'} {place / 'run'} --out claim/" in result.output


def test_json_holds_outcome_and_summary(place: Path) -> None:
    """One object on standard output."""
    said = json.loads(run(place, "--json").stdout)
    assert (said["rows"], said["findings"], said["refused"]) == (2, 1, 1)
    assert said["summary"]["format"] == "countermark.links/1"
    again = json.loads(run(place, "--json").stdout)
    assert (again["skipped"], again["summary"]) == (1, said["summary"])


def test_a_dry_run_shows_the_mapping(place: Path) -> None:
    """Nothing is written."""
    result = run(place, "--dry-run")
    assert "--map title=title --map name=artist" in result.output
    assert "Clara Lindqvist" in result.output
    assert not (place / "run").exists()
    assert json.loads(run(place, "--dry-run", "--json").stdout)["mapping"] == ["title=title", "name=artist"]


@pytest.mark.parametrize(
    ("more", "said"), [(("--snapshot", "soon"), "a date is YYYY-MM-DD"), (("--map", "x=y"), "ROLE=COLUMN")]
)
def test_a_wrong_option_is_told(place: Path, more: tuple[str, ...], said: str) -> None:
    """One line, no traceback."""
    result = run(place, *more)
    assert isinstance(result.exception, InputError)
    assert said in str(result.exception)


def test_nothing_found_says_nothing_about_the_works() -> None:
    """No result is no proof of absence."""
    summary = {
        "corpus": {"name": "Songs"},
        "works": {"total": 2, "by_status": {"identifier": 0, "name": 0, "not-found": 2}},
        "searched": {"rows": 5},
        "findings": {"ambiguous": 0},
        "hosts": {},
        "controls": {"works": 0},
    }
    assert _statement(summary) == [
        "None of 2 works was found in Songs. This says nothing about works that it lists by other names."
    ]
