"""Replay: the same finding in the same row, or precisely what differs."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from countermark.cli.dossier_replay import command
from countermark.errors import DossierError
from countermark.evidence.dossier.contents import SealInputs
from countermark.evidence.dossier.keys import new_key
from countermark.evidence.dossier.replay.replay import Held, Replay, replay
from countermark.evidence.dossier.seal import seal
from countermark.index.build import build_index
from countermark.media import Refusal
from countermark.scan import ScanSettings, run_scan
from countermark.works.reading import read_works

WORDS = (
    "quai", "brume", "sel", "lanterne", "passeur", "amarre", "digue", "varech",
    "goéland", "embrun", "chenal", "balise", "marée", "ressac", "bitte",
)  # fmt: skip
TEXT = " ".join(
    f"{word} {number} {WORDS[(number * 7 + place) % 15]}"
    for number in range(40)
    for place, word in enumerate(WORDS)
)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with works, their index, a corpus of two files, a run, and two dossiers of it (whole and excerpts)."""
    place = tmp_path_factory.mktemp("replay")
    (place / "works").mkdir()
    (place / "corpus").mkdir()
    (place / "works" / "passeur.txt").write_text(TEXT, encoding="utf-8")
    rows = [{"text": f"Nothing of the work stands in row {row}."} for row in range(9)]
    rows[4] = {"text": "Préambule. " + TEXT[300:1500] + " Fin."}
    rows[7] = {"text": "Autre. " + TEXT[2000:2900].replace("lanterne", "lantern")}
    (place / "corpus" / "a.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8"
    )
    (place / "corpus" / "plain.txt").write_text("Un long texte. " + TEXT[500:1700], encoding="utf-8")
    build_index(
        (work for work in read_works([place / "works"]) if not isinstance(work, Refusal)),
        place / "works.index",
    )
    run_scan(ScanSettings(place / "works.index", (place / "corpus",), place / "run", workers=1))
    key = new_key(place / "key.pem")
    seal(SealInputs((place / "run",), "2026-11-23"), key, place / "excerpts")
    seal(SealInputs((place / "run",), "2026-11-23", indices=(place / "works.index",)), key, place / "whole")
    return place


def findings(bag: Path) -> list[dict[str, Any]]:
    """All findings of a dossier."""
    rows = []
    for file in sorted(bag.glob("data/items/*/findings.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            rows += list(csv.DictReader(text))
    return rows


def held(done: Replay) -> dict[str, Held]:
    """Step → how it came out."""
    return {step.name: step.held for step in done.steps}


@pytest.mark.parametrize("form", ["excerpts", "whole"])
@pytest.mark.parametrize("with_index", [False, True])
def test_every_finding_is_found_again(sealed: Path, form: str, with_index: bool) -> None:
    """In JSON lines and in plain text, with the run's index and without."""
    rows = findings(sealed / form)
    assert len(rows) >= 3
    for row in rows:
        shard = sealed / "corpus" / (row["shard"].partition("#")[0])
        index = sealed / "works.index" if with_index else None
        done = replay(sealed / form, row["finding_id"], shard, index=index)
        assert done.agrees, done
        file = Held.SKIPPED if shard.is_dir() else Held.YES
        assert held(done) == {"file": file, "record": Held.YES, "passage": Held.YES, "search": Held.YES}


def in_json(sealed: Path) -> dict[str, Any]:
    """The finding in row 4 of the JSON lines."""
    return next(row for row in findings(sealed / "whole") if row["row"] == "4")


def changed(sealed: Path, tmp_path: Path, change: Any) -> Path:
    """A copy of the JSON lines with its rows changed."""
    rows = [
        json.loads(line) for line in (sealed / "corpus" / "a.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    copy = tmp_path / "a.jsonl"
    copy.write_text("".join(json.dumps(row) + "\n" for row in change(rows)), encoding="utf-8")
    return copy


def test_a_moved_record_is_told_with_both_rows(sealed: Path, tmp_path: Path) -> None:
    """The record is there, two rows further down."""
    shard = changed(sealed, tmp_path, lambda rows: [{"text": "new"}, {"text": "newer"}, *rows])
    done = replay(sealed / "whole", in_json(sealed)["finding_id"], shard)
    assert not done.agrees
    assert held(done)["record"] is Held.NO
    assert "stands in row 6, and not in row 4" in done.steps[1].said
    assert held(done)["search"] is Held.YES


def test_a_changed_record_is_told_with_both_digests(sealed: Path, tmp_path: Path) -> None:
    """One letter is enough."""
    finding = in_json(sealed)
    shard = changed(
        sealed, tmp_path, lambda rows: [{"text": row["text"].replace("Fin", "fin")} for row in rows]
    )
    done = replay(sealed / "whole", finding["finding_id"], shard)
    assert not done.agrees
    assert finding["record_digest"] in done.steps[1].said
    assert "row 4 holds another text" in done.steps[1].said


def test_a_shorter_file_is_told(sealed: Path, tmp_path: Path) -> None:
    """How many records were read is said."""
    shard = changed(sealed, tmp_path, lambda rows: rows[:3])
    done = replay(sealed / "whole", in_json(sealed)["finding_id"], shard)
    assert "there is no row 4: 3 records were read" in done.steps[1].said


def test_another_spelling_of_the_file_with_the_same_records_agrees(sealed: Path, tmp_path: Path) -> None:
    """Other bytes, same record: the file is told, the record decides."""
    shard = changed(sealed, tmp_path, lambda rows: [{"added": 1, **row} for row in rows])
    done = replay(sealed / "whole", in_json(sealed)["finding_id"], shard)
    assert done.agrees
    assert held(done)["file"] is Held.SKIPPED


def test_a_tampered_finding_is_told(sealed: Path, tmp_path: Path) -> None:
    """Offsets that were moved in the bag agree neither with the passage nor with the search."""
    bag = tmp_path / "bag"
    shutil.copytree(sealed / "whole", bag)
    finding = in_json(sealed)
    for file in bag.glob("data/items/*/findings.csv"):
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace(f",{finding['record_start']},{finding['record_end']},", ",13,1211,"),
            encoding="utf-8",
        )
    done = replay(bag, finding["finding_id"], sealed / "corpus" / "a.jsonl", index=sealed / "works.index")
    assert held(done)["passage"] is Held.NO
    assert "record_start" in done.steps[3].said


def test_an_unknown_finding_is_told(sealed: Path) -> None:
    """With where to look."""
    with pytest.raises(DossierError, match="the column finding_id names them"):
        replay(sealed / "whole", "none", sealed / "corpus" / "a.jsonl")


def test_command_says_what_it_saw(sealed: Path) -> None:
    """In lines, and as JSON; the exit code is that of the outcome."""
    finding, shard = in_json(sealed)["finding_id"], str(sealed / "corpus" / "a.jsonl")
    result = CliRunner().invoke(command, [str(sealed / "whole"), shard, "--finding", finding])
    assert (result.exit_code, "The finding is confirmed." in result.output) == (0, True), result.output
    other = str(sealed / "corpus" / "plain.txt")
    result = CliRunner().invoke(command, [str(sealed / "whole"), other, "--finding", finding, "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output)["agrees"] is False
