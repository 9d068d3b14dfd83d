"""Replay of bags that strangers made: nothing outside of the bag is read, and every fault is one message."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import DossierError
from countermark.evidence.dossier.replay import sealed
from countermark.evidence.dossier.replay.sealed import NEEDED, read_sealed

if TYPE_CHECKING:
    from collections.abc import Callable

RECEIPT: dict[str, Any] = {
    "receipt": 1, "name": "a", "corpus": "c", "snapshot_date": None, "records": 1, "characters": 1, "text_bytes": 1,
    "refused": {}, "findings": 1, "findings_sha256": "0" * 64,
    "shard": {"name": "a.jsonl", "format": "jsonl", "begin": 0, "end": -1, "char_start": 0, "options": {}},
    "source": {"unit": "bytes", "begin": 0, "end": 1, "sha256": "0" * 64},
    "identity": {"index": "i", "controls": None, "scheme": "s", "engine": "1"},
}  # fmt: skip


def row(**said: str) -> dict[str, str]:
    return {
        **dict.fromkeys(sorted(NEEDED), "1"),
        "finding_id": "f",
        "run": "r",
        "shard": "a.jsonl",
        "passage": "p.json",
    } | said


def write(bag: Path, name: str, said: object) -> None:
    path = bag / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")


def write_rows(bag: Path, *rows: dict[str, str]) -> None:
    path = bag / "data" / "items" / "00001" / "findings.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A dossier's files, as far as replay reads them, with one finding named f."""
    folder = tmp_path / "bag"
    write_rows(folder, row())
    write(folder, "items/00001/p.json", {"work": {"text": "Salt"}, "record": {"text": "Salt"}})
    write(folder, "items/00001/work.json", {"title": "Salt"})
    write(folder, "runs/r/run.json", {"kind": "scan"})
    write(folder, "runs/r/receipts/a.json", RECEIPT)
    shutil.copytree(folder / "data" / "runs" / "r", tmp_path / "outside")
    (tmp_path / "outside.json").write_text('{"work": {"text": "secret"}}')
    return folder


def test_a_sound_bag_is_read(bag: Path) -> None:
    found = read_sealed(bag, "f")
    assert (found.work_text, found.record_text, found.kind, found.row["row"]) == ("Salt", "Salt", "scan", 1)
    (bag / "data" / "items" / "00001" / "p.json").unlink()
    assert read_sealed(bag, "f").work_text == ""


@pytest.mark.parametrize("column", ["run", "passage"])
@pytest.mark.parametrize(
    "value",
    [
        "../../../outside",
        "../../../outside.json",
        "/etc/hosts",
        "..",
        ".",
        "a/b",
        "a\\b",
        "C:x",
        "~",
        "//h/s",
        "x" * 5_000,
    ],
)
def test_names_that_lead_elsewhere_are_refused(bag: Path, column: str, value: str) -> None:
    write_rows(bag, row(**{column: value}))
    with pytest.raises(DossierError, match="the dossier names the file"):
        read_sealed(bag, "f")


@pytest.mark.parametrize(
    "place",
    ["data", "data/runs", "data/runs/r", "data/runs/r/run.json", "data/runs/r/receipts", "data/runs/r/receipts/a.json",
     "data/items/00001/p.json", "data/items/00001/work.json", "data/items/00001/findings.csv", "data/items/00001"],
)  # fmt: skip
def test_links_are_refused(bag: Path, tmp_path: Path, place: str) -> None:
    moved = tmp_path / "moved"
    (bag / place).rename(moved)
    (bag / place).symlink_to(moved)
    with pytest.raises(DossierError, match="is a symbolic link"):
        read_sealed(bag, "f")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("name", ["p.json", "work.json", "findings.csv"])
def test_pipes_are_not_waited_for(bag: Path, name: str) -> None:
    path = bag / "data" / "items" / "00001" / name
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(DossierError, match=r"damaged|is no file of|cannot be read"):
        read_sealed(bag, "f")


def test_files_that_are_too_large_are_refused(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "LARGEST_FILE", 20)
    with pytest.raises(DossierError, match="is larger than 20 bytes"):
        read_sealed(bag, "f")
    monkeypatch.setattr(sealed, "LARGEST_LINE", 20)
    with pytest.raises(DossierError, match="a line of more than 20 characters"):
        read_sealed(bag, "f")
    monkeypatch.setattr(sealed, "LARGEST_TABLE", 20)
    with pytest.raises(DossierError, match="is no file of at most 20 bytes"):
        read_sealed(bag, "f")


def _without(name: str) -> dict[str, str]:
    return {key: value for key, value in row().items() if key != name}


@pytest.mark.parametrize("name", sorted(NEEDED - {"finding_id"}))
def test_a_column_that_is_missing_is_named(bag: Path, name: str) -> None:
    write_rows(bag, _without(name))
    with pytest.raises(DossierError, match=f"has no column {name}"):
        read_sealed(bag, "f")


@pytest.mark.parametrize("value", ["", "x", "1.5", "9" * 5_000, "١"])
def test_what_is_no_number_is_told(bag: Path, value: str) -> None:
    write_rows(bag, row(record_start=value))
    with pytest.raises(DossierError, match=r"record_start is '.*'; a whole number is expected$"):
        read_sealed(bag, "f")


@pytest.mark.parametrize("end", [",more", ""])
def test_rows_of_another_width_are_told(bag: Path, end: str) -> None:
    path = bag / "data" / "items" / "00001" / "findings.csv"
    text = path.read_text(encoding="utf-8").rstrip()
    path.write_text(text + end if end else text.rpartition(",")[0], encoding="utf-8")
    with pytest.raises(DossierError, match="another number of cells"):
        read_sealed(bag, "f")


@pytest.mark.parametrize("passage", ['{"work": "x", "record": 5}', "[]", "5"])
def test_a_passage_of_another_shape_holds_no_text(bag: Path, passage: str) -> None:
    write(bag, "items/00001/p.json", passage)
    assert read_sealed(bag, "f").work_text == ""


@pytest.mark.parametrize(
    "passage", ['{"work": {"text": 5}}', '{"work": {"text": "\\ud800"}}', "[" * 100_000, "9" * 5_000, "{"]
)
def test_a_damaged_passage_is_one_message(bag: Path, passage: str) -> None:
    write(bag, "items/00001/p.json", passage)
    with pytest.raises(DossierError) as caught:
        read_sealed(bag, "f")
    assert "sys." not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda receipt: receipt.update(shard=5),
        lambda receipt: receipt["shard"].update(begin="0"),
        lambda receipt: receipt["shard"].update(name=None),
        lambda receipt: receipt["source"].update(end=1.5),
        lambda receipt: receipt["source"].update(sha256=[]),
        lambda receipt: receipt["identity"].update(engine=None),
    ],
)
def test_a_receipt_of_other_types_is_refused(bag: Path, change: Callable[[dict[str, Any]], None]) -> None:
    receipt = json.loads(json.dumps(RECEIPT))
    change(receipt)
    write(bag, "runs/r/receipts/a.json", receipt)
    with pytest.raises(DossierError, match="no receipt that Countermark wrote"):
        read_sealed(bag, "f")
