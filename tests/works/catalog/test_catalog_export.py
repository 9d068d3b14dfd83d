"""Out and back: CSV, JSON-LD and the works list give the same works again."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.works.catalog import Catalog, write_catalog
from countermark.works.catalog.cells import guarded, pack, unguarded, unpack
from countermark.works.catalog.export_csv import export_csv, export_works_list
from countermark.works.catalog.importing import Importing
from countermark.works.catalog.jsonld import export_jsonld
from countermark.works.entry import (
    AssetFile,
    Contributor,
    Edition,
    Entry,
    Relation,
    RightsFact,
    RightsKind,
    Source,
    WorkMedium,
)
from countermark.works.identifiers import Identifier
from countermark.works.table import read_table
from works.catalog.written_catalogs import bare, entry

if TYPE_CHECKING:
    from pathlib import Path

SIGNS = "aé;|\\='+-@ \"\n,\tœ😀"
TEXT = st.text(SIGNS, max_size=6)
WORD = st.text(SIGNS, min_size=1, max_size=6)
KNOWN = st.builds(Identifier, st.sampled_from(["url", "own:a:b%", "gtin"]), WORD)
SEVERAL = st.lists(KNOWN, max_size=2, unique=True).map(tuple)
NAMES = st.lists(WORD, max_size=2, unique=True).map(tuple)
PEOPLE = st.builds(
    Contributor, WORD, st.sampled_from(["author", "editor"]), SEVERAL, NAMES, TEXT, st.none() | st.just(1950)
)
ASSETS = st.builds(AssetFile, WORD, TEXT, TEXT, st.integers(0, 9), TEXT)
EDITIONS = st.builds(
    Edition,
    SEVERAL,
    *[TEXT] * 4,
    st.sampled_from(["", "1998"]),
    *[TEXT] * 2,
    st.lists(st.builds(Relation, WORD, KNOWN), max_size=1).map(tuple),
    st.lists(ASSETS, max_size=2).map(tuple),
)
RIGHTS = st.builds(
    RightsFact,
    st.sampled_from(RightsKind),
    TEXT,
    SEVERAL,
    TEXT,
    TEXT,
    st.none() | st.booleans(),
    st.none() | st.just(Decimal("33.33")),
    *[TEXT] * 4,
    *[TEXT] * 2,
    st.none() | st.booleans(),
    TEXT,
)
ENTRIES = st.builds(
    Entry,
    source=st.just(Source("a", 1)),
    title=TEXT,
    other_titles=NAMES,
    medium=st.sampled_from(WorkMedium),
    contributors=st.lists(PEOPLE, max_size=2).map(tuple),
    identifiers=SEVERAL,
    licence=TEXT,
    part_of=TEXT,
    editions=st.lists(EDITIONS, max_size=2).map(tuple),
    rights=st.lists(RIGHTS, max_size=2).map(tuple),
    work_id=st.just(""),
)


def _again(folder: Path, *paths: Path) -> list[dict[str, object]]:
    importing = Importing(paths)
    write_catalog(folder / "again.catalog", importing.items())
    assert not importing.refused
    with Catalog.open(folder / "again.catalog") as catalog:
        return [bare(work) for work in catalog.works()]


@settings(max_examples=80, deadline=None)
@given(st.lists(ENTRIES, min_size=1, max_size=4))
def test_export_and_import_give_equal_facts(
    tmp_path_factory: pytest.TempPathFactory, told: list[Entry]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    records = [replace(one, work_id=f"w{number}") for number, one in enumerate(told)]
    write_catalog(folder / "a.catalog", records)
    with Catalog.open(folder / "a.catalog") as catalog:
        works = [bare(work) for work in catalog.works()]
        beside, _, _ = export_csv(catalog.works(), folder / "a.csv")
        export_jsonld(catalog.works(), folder / "a.jsonld")
    assert _again(folder, folder / "a.csv", beside) == works
    assert _again(folder, folder / "a.jsonld") == works


@given(st.text())
def test_guarding_is_undone_exactly(cell: str) -> None:
    sound = "".join(sign if sign.isprintable() or sign in "\t\n\u00a0" else "-" for sign in cell)
    assert unguarded(guarded(sound)) == sound
    assert not guarded(cell).startswith(tuple("=+-@\t\r\n"))


@given(st.lists(st.lists(st.text(), min_size=1, max_size=3), max_size=3))
def test_packing_is_undone_exactly(values: list[list[str]]) -> None:
    if values != [[""]]:
        assert unpack(pack(values)) == values


def test_no_cell_steers_a_terminal() -> None:
    assert guarded("\x1b[2JSalt\r\x9b\u202e") == "\ufffd[2JSalt\ufffd\ufffd\ufffd"
    assert guarded("Deux\u202f! lignes\u00a0:\nété\tة\u200c") == "Deux\u202f! lignes\u00a0:\nété\tة\u200c"


def test_formulas_are_text_for_spreadsheets(tmp_path: Path) -> None:
    risky = entry("=HYPERLINK(1)", "9782070360024", author="@SUM(A1)")
    write_catalog(
        tmp_path / "a.catalog", [replace(risky, editions=(Edition(assets=(AssetFile("-a.txt", "ab"),)),))]
    )
    with Catalog.open(tmp_path / "a.catalog") as catalog:
        export_csv(catalog.works(), tmp_path / "a.csv")
        assert export_works_list(catalog.works(), tmp_path / "works.csv") == (1, 0)
    for name in ("a.csv", "works.csv"):
        with (tmp_path / name).open(newline="", encoding="utf-8") as file:
            assert not [cell for row in csv.reader(file) for cell in row if cell[:1] in tuple("=+-@")]
    row = read_table(tmp_path / "works.csv", "works.csv").rows[0]
    assert (row.path, row.title, row.author) == ("-a.txt", "=HYPERLINK(1)", "@SUM(A1)")


def test_json_ld_is_schema_org(tmp_path: Path) -> None:
    write_catalog(tmp_path / "a.catalog", [entry("Salt", "9782070360024")])
    with Catalog.open(tmp_path / "a.catalog") as catalog:
        export_jsonld(catalog.works(), tmp_path / "a.jsonld")
    (node,) = json.loads((tmp_path / "a.jsonld").read_text("utf-8"))["@graph"]
    assert (node["@type"], node["name"], node["author"][0]["name"]) == ("Book", "Salt", "Ana Brume")
    assert node["workExample"][0]["isbn"] == "9782070360024"


@pytest.mark.parametrize("cell", ["work_id", "identifiers", "contributors"])
def test_edited_tables_that_are_wrong_are_refused_by_line(tmp_path: Path, cell: str) -> None:
    write_catalog(tmp_path / "a.catalog", [entry("Salt", "9782070360024")])
    with Catalog.open(tmp_path / "a.catalog") as catalog:
        export_csv(catalog.works(), tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        header, row = csv.reader(file)
    row[header.index(cell)] = "" if cell == "work_id" else "nonsense"
    with (tmp_path / "b.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([header, row])
    importing = Importing([tmp_path / "b.csv"])
    assert not [item for item in importing.items() if isinstance(item, Entry)]
    assert "b.csv, line 2" in importing.refused[0].detail
