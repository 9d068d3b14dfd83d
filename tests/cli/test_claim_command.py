"""`countermark claim`: its options, its errors, and what it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from countermark.cli.claim import command
from countermark.errors import CountermarkError
from countermark.works.catalog import write_catalog
from countermark.works.entry import Entry, RightsFact, RightsKind, Source
from evidence.synthetic import SyntheticRun

ON = ("--date", "2026-01-10", "--lang", "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog of three works, and a scan that found two of them."""
    owner = RightsFact(
        RightsKind.OWNER, "Maison Aubier", basis="assignment", exclusive=True, territory="WORLD"
    )
    filed = RightsFact(RightsKind.REGISTRATION, "US Copyright Office", number="TX1", begins="2024-04-02")
    entries = [
        Entry(Source("c.csv", at), f"Book {at}", work_id=f"b{at}", published="2024-03-01", rights=rights)
        for at, rights in enumerate([(owner, filed), (owner,), (owner,)])
    ]
    write_catalog(tmp_path / "books.catalog", entries)
    run = SyntheticRun()
    for entry in entries:
        run.work(entry.work_id, title=entry.title)
    run.find("b0", 0, 8000)
    run.find("b1", 0, 8000, row=1)
    run.write(tmp_path / "run")
    return tmp_path


def called(folder: Path, *options: str) -> Any:
    """Call the command on the catalog and the run."""
    arguments = [str(folder / "books.catalog"), str(folder / "run"), *ON, *options]
    return CliRunner().invoke(command, arguments)


def test_a_claim_is_written_and_told(folder: Path) -> None:
    """The report says where works drop; the folder has the rest; the scan's tables are made on the way."""
    done = called(folder, "--rule", "us-504", "--out", str(folder / "claim"))
    assert done.exit_code == 0, done.output
    assert "us-504            1 of 3" in done.stdout
    assert "from $750 to $150,000; left out: 2 works" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Next: read")
    facts = json.loads((folder / "claim" / "claim.json").read_bytes())
    assert [rule["id"] for rule in facts["rules"]] == ["us-504"]
    assert facts["runs"][0]["joined_by"] == {"work-id": 3}
    assert (folder / "claim" / "claim.fr.html").exists()


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    """By default all rules that are in force are used, and told."""
    before = sorted(folder.iterdir())
    done = called(folder, "--dry-run", "--json")
    assert sorted(folder.iterdir()) == before
    rules = [rule["id"] for rule in json.loads(done.stdout)["rules"]]
    assert "us-504" in rules
    assert "fr-l331-1-3" in rules
    assert "fr-bill-220" not in rules


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--rule", "us-999"), "there is no such rule; accepted are de-44b"),
        (("--date", "tomorrow"), "is no day"),
        (("--infringement-began", "spring"), "--infringement-began: 'spring' is no date"),
        (("--respondent", "none.toml"), "none.toml: cannot be read"),
    ],
)
def test_faults_are_told(folder: Path, options: tuple[str, ...], says: str) -> None:
    """One message each."""
    done = called(folder, *options, "--dry-run")
    assert isinstance(done.exception, CountermarkError)
    assert says in str(done.exception)


def test_what_is_missing_is_told(folder: Path) -> None:
    """A claim needs a run, and a folder to go to."""
    assert "--out" in called(folder).output
    assert "RUN..." in CliRunner().invoke(command, [str(folder / "books.catalog")]).output


def test_the_rules_are_listed() -> None:
    """With status, dates, sources and warnings, as text and as JSON."""
    text = CliRunner().invoke(command, ["rules", *ON]).stdout
    assert text.startswith("This is not legal advice.")
    assert "17 USC 504(c) (primary source)" in text
    late = CliRunner().invoke(command, ["rules", "--date", "2028-01-01", "--lang", "fr"]).stdout
    assert "Vérifiez-la avant de vous y fier" in late
    told = json.loads(CliRunner().invoke(command, ["rules", "--json", *ON]).stdout)
    assert {rule["id"]: rule["status"] for rule in told}["fr-bill-220"] == "pending"
