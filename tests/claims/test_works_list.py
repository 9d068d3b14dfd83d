"""The works list: one row for each work, in two languages, the same bytes each time, and nothing that is run."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from countermark.claims.works_list import write_works_list
from countermark.claims.works_list_csv import neutral
from countermark.claims.works_list_rows import Heading, dropped
from countermark.claims.works_list_words import LANGUAGES
from countermark.claims.works_list_xlsx import XlsxList
from countermark.errors import InputError

RULE = {
    "id": "us-504",
    "title": {"en": "US, statutory damages", "fr": "États-Unis, dommages légaux"},
    "status": "in-force",
    "valid_from": "1978-01-01",
    "last_checked": "2026-11-01",
    "digest": "ab" * 32,
    "sources": [{"citation": "17 USC 504(c)", "quality": "p", "url": "https://law.example/504"}],
}
CLAIM = {
    "format": "countermark.claim/1",
    "date": "2026-11-20",
    "software": "countermark 0",
    "catalog": {"digest": "cd" * 32, "works": 3},
    "rules": [RULE],
    "runs": [
        {"run": "one", "corpus": "Folio", "snapshot": "2021-06-01", "digest": "ef" * 32},
        {"run": "two", "corpus": "Quarto", "snapshot": "", "digest": "01" * 32},
    ],
}


def _work(work_id: str, title: str, **more: Any) -> dict[str, Any]:
    dropped = {"step": "registered", "passed": False, "reason": "not-registered", "facts": {}}
    way = {"steps": [dropped], "claimable": False, "dropped_at": "registered", "saves": {}}
    return {"work_id": work_id, "title": title, "facts": {}, "found": [], "rules": {"us-504": way}} | more


def _found(status: str = "found", **grades: int) -> dict[str, Any]:
    return {
        "run": "one",
        "corpus": "Folio",
        "snapshot": "2021-06-01",
        "status": status,
        "grades": grades,
        "share": 0.125,
    }


FULL = _work(
    "w1",
    "L’orme et la nuit",
    facts={
        "contributors": [
            {"name": "Ada Orme", "identifiers": [["isni", "0000000121032683"]]},
            {"name": "Luc Pré", "role": "translator"},
        ],
        "subtitle": "contes",
        "published": "1998-03",
        "country": "FR",
        "licence": "",
        "part_of": "Contes",
        "editions": [
            {"identifiers": [["isbn", "9782070360024"]], "publisher": "Éditions du Saule"},
            {"identifiers": [["asin", "B00AAAAAAA"]], "publisher": "Éditions du Saule"},
        ],
        "rights": [
            {"kind": "registration", "number": "TX 1-2", "party": "USCO", "begins": "1998-05-01"},
            {"kind": "owner", "party": "Ada Orme", "basis": "authorship", "share": "50"},
            {"kind": "owner", "party": "Éditions du Saule", "share": "50"},
            {"kind": "licence", "party": "Modèle SA", "uses": "training", "begins": "2024"},
        ],
        "conflicts": [
            {"field": "published", "said": [{"value": "1998-03"}, {"value": "1999"}], "kept": "1998-03"}
        ],
    },
    found=[_found(copy=2, identical=1)],
    rules={"us-504": {"steps": [], "claimable": True, "dropped_at": None, "saves": {}}},
)
WORKS = [
    FULL,
    _work("w2", '=HYPERLINK("http://x")', found=[_found(status="control", copy=4)]),
    _work("w3", "Rien"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return _folder(tmp_path, WORKS)


def _folder(folder: Path, works: list[dict[str, Any]]) -> Path:
    (folder / "claim.json").write_text(json.dumps(CLAIM), "utf-8")
    (folder / "works.jsonl").write_text("".join(json.dumps(work) + "\n" for work in works), "utf-8")
    return folder


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_a_work_is_one_row_with_all_that_the_claim_states(folder: Path) -> None:
    write_works_list(folder)
    first, second, third = _rows(folder / "works-list.csv")
    assert first["Title"] == "L’orme et la nuit – contes"
    assert first["Authors"] == "Ada Orme; Luc Pré (translator)"
    assert first["ISBN"] == "9782070360024"
    assert first["Other identifiers"] == "asin B00AAAAAAA"
    assert first["ISNI"] == "0000000121032683"
    assert first["Publisher"] == "Éditions du Saule"
    assert (first["First publication"], first["Country of first publication"]) == ("1998-03", "FR")
    assert (first["Registration number"], first["Office"], first["Effective date"]) == (
        "TX 1-2",
        "USCO",
        "1998-05-01",
    )
    assert first["Owner"] == "Ada Orme\nÉditions du Saule"
    assert (first["Basis"], first["Share (%)"]) == ("authorship\n–", "50\n50")
    assert first["Best grade"] == "identical passage"
    assert (first["Share of the work found (%)"], first["Findings"]) == ("12.5", "3")
    assert first["Claimable: US, statutory damages"] == "yes"
    assert "licensed to Modèle SA: training (from 2024 to …)" in first["Exclusions"]
    assert "part of Contes: counts once with it" in first["Exclusions"]
    assert first["Conflicts"] == "published: 1998-03 / 1999"
    assert second["Claimable: US, statutory damages"] == "no: Registered in time: no registration is known"
    assert (second["Best grade"], second["Findings"]) == ("", "")  # a control never counts
    assert third["Found in"] == ""


def test_the_french_list_has_the_same_facts(folder: Path) -> None:
    write_works_list(folder)
    english, french = _rows(folder / "works-list.csv"), _rows(folder / "works-list.fr.csv")
    assert [len(row) for row in english] == [len(row) for row in french]
    assert [row["Work"] for row in english] == [row["Œuvre"] for row in french]
    assert french[0]["Titre"] == "L’orme et la nuit – contes"
    assert french[0]["Première publication"] == "03/1998"
    assert french[0]["Date d’effet"] == "01/05/1998"
    assert french[0]["Auteurs"] == "Ada Orme\u202f; Luc Pré (traduction)"
    assert french[0]["Part de l’œuvre retrouvée (%)"] == "12,5"
    assert french[0]["À réclamer\u00a0: États-Unis, dommages légaux"] == "oui"
    assert french[1]["À réclamer\u00a0: États-Unis, dommages légaux"].startswith("non\u00a0: ")


def test_the_claimable_come_first_then_the_found_then_the_rest_by_title(tmp_path: Path) -> None:
    works = [
        _work("a", "Zone"),
        _work("b", "Été", found=[_found(copy=1)]),
        _work("c", "Dune", found=[_found(copy=1)]),
    ]
    works += [_work("d", "Nom", found=[_found(status="name", name=1)]), FULL]
    write_works_list(_folder(tmp_path, works))
    for name, column in (("works-list.csv", "Work"), ("works-list.fr.csv", "Œuvre")):
        assert [row[column] for row in _rows(tmp_path / name)] == ["w1", "c", "b", "d", "a"]
    assert [sheet_row[1].value for sheet_row in load_workbook(tmp_path / "works-list.xlsx")["Works list"]][
        1:
    ] == [*("w1", "c", "b", "d", "a")]


def test_why_a_work_drops_is_short() -> None:
    say = LANGUAGES["fr"]
    late = {
        "claimable": False,
        "steps": [{"step": "registered", "passed": False, "reason": "registered-late"}],
    }
    assert dropped({"us-504": late, "us-1202": late}, say) == "enregistrée trop tard"
    assert (
        dropped({"us-504": late, "eu-cdsm": {"claimable": True}}, say)
        == "us-504\u00a0: enregistrée trop tard"
    )


def test_both_languages_have_every_word() -> None:
    english, french = LANGUAGES["en"].messages, LANGUAGES["fr"].messages
    assert {key for key in english if key.startswith(("list.", "totals", "sources", "grade."))} == {
        key for key in french if key.startswith(("list.", "totals", "sources", "grade."))
    }


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", " =", "\u00a0=", "\r=", "＝"])
def test_nothing_in_the_csv_is_a_formula(begins: str) -> None:
    assert neutral(f"{begins}1+1").startswith("'")


def test_plain_text_is_left_alone() -> None:
    assert neutral("a = b – c") == "a = b – c"


def test_the_workbook_holds_text_and_its_totals_add_up(folder: Path) -> None:
    write_works_list(folder)
    book = load_workbook(folder / "works-list.xlsx")
    assert book.sheetnames == ["Works list", "Totals", "Sources and rules"]
    works = book["Works list"]
    assert works.max_row == 4
    assert works["C3"].value == '=HYPERLINK("http://x")'
    assert works["C3"].data_type != "f"
    assert works.freeze_panes == "D2"
    assert works.print_title_rows == "$1:$1"
    assert works.page_setup.orientation == "landscape"
    assert str(works.page_setup.paperSize) == "9"
    assert book.properties.created is not None
    assert book.properties.created.date() == date(2026, 11, 20)
    totals = [[cell.value for cell in row] for row in book["Totals"].iter_rows()]
    assert totals[0][:3] == ["Data set", "Copy of", "Works seen in it"]
    assert totals[1][:5] == ["Folio", "2021-06-01", 1, 1, 0]
    assert totals[2][:3] == ["Quarto", "day of the copy not stated", 0]
    assert totals[3][2] == 1
    assert totals[3][-1] == 1
    assert totals[4][2] == 3
    said = {row[0].value: row[1].value for row in book["Sources and rules"].iter_rows()}
    assert said["Status of us-504"] == "in force; in force since 1978-01-01; last checked 2026-11-01"
    assert "17 USC 504(c)" in said["Source of us-504"]
    assert said["Digest of us-504 (SHA-256)"] == "ab" * 32
    assert "This is not legal advice." in said


def test_a_second_run_gives_the_same_bytes(folder: Path) -> None:
    before = [path.read_bytes() for path in write_works_list(folder)]
    assert [path.read_bytes() for path in write_works_list(folder)] == before
    assert len(before) == 6
    assert sum(data.startswith(b"%PDF") for data in before) == 2
    with zipfile.ZipFile(folder / "works-list.xlsx") as book:
        assert {part.date_time[0] for part in book.infolist()} == {1980}


def test_a_cell_that_is_too_long_is_cut_and_says_so(tmp_path: Path) -> None:
    write_works_list(_folder(tmp_path, [_work("w1", "x" * 40_000), _work("w2", "y\ud800")]))
    title = load_workbook(tmp_path / "works-list.xlsx")["Works list"]["C2"].value
    assert len(title) == 32_767
    assert title.endswith("(whole in works.jsonl)")
    assert len(_rows(tmp_path / "works-list.csv")[0]["Title"]) == 40_000


def test_what_does_not_fit_a_sheet_goes_to_the_next() -> None:
    file = io.BytesIO()
    book = XlsxList(file, LANGUAGES["en"], date(2026, 1, 1), max_rows=3)
    book.begin("Works list", [Heading("Work", 10)])
    for number in range(5):
        book.add([f"w{number}"])
    book.close()
    read = load_workbook(file)
    assert read.sheetnames == ["Works list", "Works list 2", "Works list 3"]
    assert [sheet["A1"].value for sheet in read] == ["Work"] * 3
    assert read["Works list 3"]["A2"].value == "w4"


def test_no_claim_no_list(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"claim\.json: cannot be read"):
        write_works_list(tmp_path)
    (tmp_path / "claim.json").write_text('{"format": "other"}')
    with pytest.raises(InputError, match="is no claim"):
        write_works_list(tmp_path)


def test_a_line_cut_off_is_named_and_leaves_no_list(folder: Path) -> None:
    lines = (folder / "works.jsonl").read_text("utf-8")
    (folder / "works.jsonl").write_text(lines[:-20], "utf-8")
    with pytest.raises(InputError, match=r"works\.jsonl, line 3: is no JSON"):
        write_works_list(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["claim.json", "works.jsonl"]
