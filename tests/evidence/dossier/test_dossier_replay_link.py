"""Replay of a link: the same row of the listing, read and linked again, or precisely what differs."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from claims.catalogued import found, request, rule
from countermark.claims.claim import write_claim
from countermark.cli.dossier_replay import command
from countermark.errors import CorpusError, DossierError
from countermark.evidence.dossier.contents import SealInputs
from countermark.evidence.dossier.keys import new_key
from countermark.evidence.dossier.redact import Withhold, redact
from countermark.evidence.dossier.replay.replay import Held, Replay, replay
from countermark.evidence.dossier.seal import seal
from countermark.evidence.dossier.verify import verify_dossier
from countermark.works.identifiers import Identifier
from linkage.linked import book, link, write_csv

HEADER = ("id", "title", "author", "isbn13")
ROWS = (
    ("1", "Le Sel des quais", "Ada Nil", ""),
    ("2", "Another book", "Somebody Else", "978-2-00-000000-6"),
    ("3", "Something Else", "Nobody Known", ""),
    ("4", "Le sel des quais", "Nil, A.", ""),
)
WORKS = (
    book("salt", "Le Sel des quais", "Ada Nil"),
    book("mist", "Mist", "Jonas Weir", identifiers=(Identifier("isbn", "9782000000006"),)),
)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a listing, a link of it, a dossier with the claim, one without, and redacted copies."""
    place = tmp_path_factory.mktemp("replay-link")
    write_csv(place / "books.csv", [HEADER, *ROWS])
    link(place / "run", WORKS, place / "books.csv")
    write_claim(request(list(WORKS), {"salt": found(), "mist": found()}, rule("us-504")), place / "claim")
    key = new_key(place / "key.pem")
    seal(SealInputs((place / "run",), "2026-11-23", claim=place / "claim"), key, place / "whole")
    seal(SealInputs((place / "run",), "2026-11-23"), key, place / "plain")
    redact(
        place / "whole", place / "public", Withhold(works=frozenset({"mist"})), "unpublished", "2026-11-24"
    )
    redact(place / "plain", place / "bare", Withhold(works=frozenset({"mist"})), "unpublished", "2026-11-24")
    return place


def findings(bag: Path) -> list[dict[str, Any]]:
    """All findings of a dossier."""
    rows = []
    for file in sorted(bag.glob("data/items/*/findings.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            rows += list(csv.DictReader(text))
    return sorted(rows, key=lambda row: int(row["row"]))


def told(done: Replay) -> dict[str, Held]:
    """Step → how it came out."""
    return {step.name: step.held for step in done.steps}


def again(sealed: Path, at: int, listing: Path, bag: str = "whole") -> Replay:
    """The replay of the finding in the row `at`."""
    row = next(row for row in findings(sealed / bag) if row["row"] == str(at))
    return replay(sealed / bag, row["finding_id"], listing)


@pytest.mark.parametrize("bag", ["whole", "plain"])
def test_every_finding_of_a_link_is_found_again(sealed: Path, bag: str) -> None:
    """By identifier and by name, with the catalog of the run."""
    rows = findings(sealed / bag)
    assert [(row["row"], row["grade"]) for row in rows] == [("0", "name"), ("1", "identifier"), ("3", "name")]
    for row in rows:
        done = replay(sealed / bag, row["finding_id"], sealed / "books.csv")
        assert done.agrees, done
        assert told(done) == {"file": Held.YES, "record": Held.YES, "search": Held.YES}
        assert row["method"] in done.steps[-1].said


def test_a_redacted_copy_is_replayed_from_the_facts_of_the_work(sealed: Path) -> None:
    """The catalog is withheld; what the item says of its work is enough. Without a claim there are no facts."""
    done = again(sealed, 3, sealed / "books.csv", "public")
    assert done.agrees, done
    assert "the work's facts" in done.steps[-1].said
    bare = again(sealed, 3, sealed / "books.csv", "bare")
    assert not bare.agrees
    assert told(bare) == {"file": Held.YES, "record": Held.YES, "search": Held.SKIPPED}


def test_a_row_that_differs_is_told_precisely(sealed: Path, tmp_path: Path) -> None:
    """Changed, moved, missing; in a listing without the column; in a file that is none."""
    changed = write_csv(tmp_path / "c.csv", [HEADER, ("1", "Le Sel des quais", "Ada Null", ""), *ROWS[1:]])
    said = again(sealed, 0, changed).steps[1]
    assert said.held is Held.NO
    assert "row 0 was changed: it says “" in said.said
    assert "Ada Null" in said.said.partition("sealed was")[0]
    assert "Ada Nil ·" in said.said.partition("sealed was")[2] + " ·"

    moved = write_csv(tmp_path / "m.csv", [HEADER, *ROWS[::-1]])
    assert "stands in row 3, and not in row 0" in again(sealed, 0, moved).steps[1].said

    shorter = write_csv(tmp_path / "s.csv", [HEADER, ROWS[2]])
    assert "the row is missing: the listing has no row 1" in again(sealed, 1, shorter).steps[1].said

    narrow = write_csv(tmp_path / "n.csv", [row[:3] for row in (HEADER, *ROWS)])
    assert "has no column 'isbn13'" in again(sealed, 1, narrow).steps[1].said
    with pytest.raises(CorpusError):
        again(sealed, 1, tmp_path)


def test_what_was_not_read_may_change(tmp_path: Path) -> None:
    """Another copy of the listing, with other columns that nobody read, confirms the finding all the same."""
    listing = write_csv(tmp_path / "a.csv", [(*HEADER, "price"), *((*row, "1") for row in ROWS)])
    link(tmp_path / "run", WORKS, listing)
    seal(SealInputs((tmp_path / "run",), "2026-11-23"), new_key(tmp_path / "key.pem"), tmp_path / "bag")
    other = write_csv(tmp_path / "b.csv", [(*HEADER, "price"), *((*row, "2") for row in ROWS)])
    done = again(tmp_path, 1, other, "bag")
    assert done.agrees
    assert told(done)["file"] is Held.SKIPPED


def test_a_finding_that_the_rules_do_not_give_is_refuted(sealed: Path, tmp_path: Path) -> None:
    """A forged dossier: the row is there, but nothing in it names the work."""
    bag = tmp_path / "forged"
    shutil.copytree(sealed / "whole", bag)
    item = next(
        file for file in bag.glob("data/items/*/findings.csv") if ",mist," in file.read_text(encoding="utf-8")
    )
    rows = list(csv.DictReader(item.read_text(encoding="utf-8").splitlines()))
    rows[0]["method"] = "isbn:9780000000002"
    with item.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    said = replay(bag, rows[0]["finding_id"], sealed / "books.csv").steps[-1]
    assert said.held is Held.NO
    assert "it is identifier, isbn:9782000000006; sealed was identifier, isbn:9780000000002" in said.said
    catalog = bag / "data/runs/run/catalog.parquet"
    catalog.write_bytes(catalog.read_bytes() + b" ")
    with pytest.raises(DossierError, match=r"is not the catalog that run\.json names"):
        replay(bag, rows[0]["finding_id"], sealed / "books.csv")


def test_a_run_that_does_not_say_its_columns_is_refused(sealed: Path, tmp_path: Path) -> None:
    """One line, with the file."""
    bag = tmp_path / "bag"
    shutil.copytree(sealed / "whole", bag)
    file = bag / "data/runs/run/run.json"
    settings = json.loads(file.read_text())
    settings["reader"] = {}
    file.write_text(json.dumps(settings))
    with pytest.raises(DossierError, match=r"run\.json: does not say which columns were read"):
        again(tmp_path, 1, sealed / "books.csv", "bag")


def test_the_command_replays_a_link(sealed: Path) -> None:
    """Exit code 0, and the evidence in words."""
    row = findings(sealed / "whole")[1]
    given = [str(sealed / "whole"), str(sealed / "books.csv"), "--finding", row["finding_id"]]
    done = CliRunner().invoke(command, given)
    assert done.exit_code == 0, done.output
    assert "identifier, isbn:9782000000006" in done.output


def test_a_dossier_of_a_link_verifies(sealed: Path) -> None:
    """Whole and redacted: the run, its logs and its log of attempts among what is checked."""
    for bag in ("whole", "plain", "public", "bare"):
        assert verify_dossier(sealed / bag).problems == []
