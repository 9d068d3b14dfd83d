"""The smaller parts: whole passages from an index, what names a work, the list of software, the crate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from countermark import __version__
from countermark.errors import DossierError
from countermark.evidence.dossier.items import names_of
from countermark.evidence.dossier.naming import EXHAUSTIVE, Names
from countermark.evidence.dossier.rocrate import metadata
from countermark.evidence.dossier.software import software_list
from countermark.evidence.dossier.texts import WorkTexts, require_same_index
from countermark.evidence.dossier.verify import verify_dossier
from countermark.index import open_index
from countermark.index.build import build_index
from evidence.dossier.dossier_samples import begin_attempt, files_in, made_run, sealed
from written_works import prose, work_file

SALT = b"sixteen bytes or more"


def test_whole_passages_come_from_a_full_index(tmp_path: Path) -> None:
    """Of the work and file that the finding names; a sealed index holds no texts."""
    text = prose(3000, 1)
    full, closed = tmp_path / "full", tmp_path / "closed"
    build_index([work_file("alpha", text)], full)
    build_index([work_file("alpha", text)], closed, sealed=True, salt=SALT)
    asset = open_index(full).assets()[0]
    row = {key: asset[key] for key in ("work_id", "asset_path", "asset_digest")}
    row |= {"asset_start": 100, "asset_end": 900, "unit": "char"}
    assert WorkTexts([full]).passage(row) == text[100:900]
    assert WorkTexts([closed]).passage(row) is None
    assert WorkTexts([full]).passage(row | {"asset_digest": "f" * 64}) is None
    assert WorkTexts([full]).passage(row | {"unit": "row", "asset_start": 0, "asset_end": 0}) is None
    identity = open_index(full).manifest.identity
    require_same_index(WorkTexts([full]), {"index": {"identity": identity}}, tmp_path)
    require_same_index(WorkTexts(), {"index": {"identity": "another"}}, tmp_path)
    with pytest.raises(DossierError, match="none of those given is that one"):
        require_same_index(WorkTexts([full]), {"index": {"identity": "another"}}, tmp_path)


def test_an_index_that_is_not_the_run_s_stops_the_seal(tmp_path: Path) -> None:
    """Its passages would be of other texts."""
    build_index([work_file("alpha", prose(3000, 1))], tmp_path / "full")
    with pytest.raises(DossierError, match="none of those given"):
        sealed(tmp_path, indices=(tmp_path / "full",))
    assert not (tmp_path / "bag").exists()


FILES = {
    "house of éole": "the House of Éole stands",
    "œuvre d’été": json.dumps({"title": "Œuvre d’été"}),
    "novels/x.txt": '{"path": "novels\\/x.txt"}',
    "STRASSE": "the straße",
    "雨の駅": "最後は雨の駅だった",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("others", [0, EXHAUSTIVE + 1])
def test_names_are_found_as_files_write_them(name: str, others: int) -> None:
    """Case, JSON escapes, scripts without spaces; among few names and among many."""
    names = Names([name, *(f"nobody {number}" for number in range(others))])
    assert names.stand_in(FILES[name].encode())
    assert not names.stand_in(b"the house of clay, and a road")


def test_few_names_are_found_inside_words_and_short_ones_nowhere() -> None:
    """Two letters stand in any file."""
    assert Names(["dpl"]).stand_in(b"wordplay")
    assert not Names(["of", "a house of clay and more"]).stand_in(b"the house of clay")


def test_identifiers_are_names_of_a_work() -> None:
    """Of the work, its editions and its makers; a short number stands anywhere by chance, and is none."""
    facts = {
        "work_id": "w-1",
        "title": "Le Sel",
        "facts": {
            "identifiers": [["isbn", "9782000000006"], ["own:label", "101"]],
            "editions": [{"title": "Das Salz", "identifiers": [["isrc", "FRQ1A2200001"]]}],
            "contributors": [{"name": "Ada Nil", "identifiers": [["isni", "000000012146438X"]]}],
        },
    }
    names = names_of(facts, [])
    assert {"9782000000006", "FRQ1A2200001", "000000012146438X", "Das Salz", "Ada Nil"} <= set(names)
    assert "101" not in names


def test_a_log_that_names_a_work_is_withheld_with_the_lists(tmp_path: Path) -> None:
    """An attempt that failed said the title: the log goes with the whole set, and the dossier still verifies."""
    made_run(tmp_path)
    begin_attempt(tmp_path / "other", tmp_path).end(
        "failed", {"reason": "no room for The Lock-Keeper’s Lamp"}
    )
    files = files_in(sealed(tmp_path).path)
    assert b"data/attempts.jsonl" in files["data/whole-set.sha256"]
    assert b"data/attempts.jsonl" not in files["seal/commitments.sha256"]
    assert b"data/runs/run/runlog.jsonl" in files["seal/commitments.sha256"]
    assert verify_dossier(tmp_path / "bag").holds


def test_the_list_of_software_is_read_by_pip() -> None:
    """Versions of what Countermark stands on, sorted, the same twice, nothing of the machine."""
    lines = software_list().decode().splitlines()
    assert software_list().decode().splitlines() == lines
    assert f"countermark=={__version__}" in lines
    packages = [line for line in lines if not line.startswith(("#", "countermark=="))]
    assert packages == sorted(packages, key=lambda line: line.split("==")[0])
    assert all("==" in line for line in packages)
    assert any(line.startswith("pyarrow==") for line in packages)


def test_the_crate_describes_every_file_once() -> None:
    """RO-Crate 1.1: a descriptor, a root that has parts, and an entity for each."""
    crate = json.loads(metadata("abc", "2026-11-20", ["data/b.csv", "data/a.json"]))
    by_id = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(by_id) == len(crate["@graph"])
    assert by_id["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert [part["@id"] for part in by_id["./"]["hasPart"]] == ["a.json", "b.csv"]
    assert by_id["b.csv"]["encodingFormat"] == "text/csv"
    assert (by_id["./"]["datePublished"], by_id["./"]["@type"]) == ("2026-11-20", "Dataset")
