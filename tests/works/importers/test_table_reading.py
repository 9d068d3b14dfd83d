"""Tables of any layout: dialects, encodings, headers, workbooks, Parquet, and what is wrong with them."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.entry import Entry
from countermark.works.importers.base import HEAD_BYTES, CatalogFile
from countermark.works.importers.table import IMPORTER, propose_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator


def table(data: str | bytes, name: str = "works.csv", **options: str) -> CatalogFile:
    raw = data.encode() if isinstance(data, str) else data
    return CatalogFile(name, "", raw[:HEAD_BYTES], lambda: io.BytesIO(raw), options)


def read(data: str | bytes, name: str = "works.csv", **options: str) -> tuple[list[Entry], list[Refusal]]:
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    for one in IMPORTER.entries(table(data, name, **options)):
        (entries if isinstance(one, Entry) else refusals).append(one)  # type: ignore[arg-type]
    return entries, refusals


def workbook(sheets: dict[str, Any], merged: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with one part changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if name == part else content)
    return out.getvalue()


def titles(data: str | bytes, name: str = "works.csv") -> list[str]:
    return [entry.title for entry in read(data, name)[0]]


# ---- text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    rows = [["Titre", "Auteur"], ["L’orme", "Ada Orme"], ["La nuit", "Luc Pré"]]
    data = end.join(delimiter.join(row) for row in rows)
    assert titles(data) == ["L’orme", "La nuit"]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman", "iso8859-15"],
)
def test_encodings(encoding: str) -> None:
    told = "Titre;Auteur;Note\nL'été à l'œuvre;Zoé Lefèvre;déjà\nLe cœur brûlé;Noël Pré;forêt\n"
    assert titles(told.encode(encoding)) == ["L'été à l'œuvre", "Le cœur brûlé"]


def test_the_first_letter_outside_ascii_may_come_late() -> None:
    head = "Title;Author\n" + "A plain row;Ada Orme\n" * 30_000
    entries, refusals = read(head.encode() + "L'été;Zoé\n".encode("cp1252"))
    assert (entries[-1].title, refusals) == ("L'été", [])


def test_a_byte_that_does_not_fit_is_told_with_its_line() -> None:
    rows = "Titre;Auteur\nL’été;Zoé\n" + "forêt;Noël\n" * 50_000
    entries, refusals = read(rows.encode() + b"L'\xe9t\xe9;Ada\n")
    assert len(entries) == 50_002
    assert [(one.reason, one.row) for one in refusals] == [("encoding", 50_003)]
    assert "column A (Titre)" in refusals[0].detail


def test_a_line_that_names_the_separator_is_obeyed() -> None:
    entries, _ = read("sep=;\nTitle;Author\nA, and B;Ada Orme\n")
    assert (entries[0].title, entries[0].source.line) == ("A, and B", 3)


def test_a_quote_that_never_closes_costs_its_own_line() -> None:
    entries, refusals = read('Title;Author\nOne;A\n"Two;B\nThree;C\n"Fo;ur";D\n')
    assert [entry.title for entry in entries] == ["One", "Three", "Fo;ur"]
    assert [(one.row, one.reason) for one in refusals] == [(3, "quote")]


def test_many_quotes_that_never_close_end_the_reading_with_one_refusal() -> None:
    _, refusals = read("Title;Author\nA;B\n" + '"x;y\n' * 999)
    assert refusals[-1].reason == "unreadable"
    assert "more than 200 lines have quotes" in refusals[-1].detail


def test_lines_within_quotes_are_counted() -> None:
    entries, _ = read('Title,Author\n"One\nor two",A\nThree,B\n')
    assert [(entry.title, entry.source.line) for entry in entries] == [("One or two", 2), ("Three", 4)]


def test_ragged_rows_are_refused_with_their_line() -> None:
    entries, refusals = read("Title,Author,Note\nA,B,C\nA,B\nA,B,C,D\nE,F,G,,\n\n,,\n")
    assert [entry.title for entry in entries] == ["A", "E"]
    assert [(one.row, one.reason) for one in refusals] == [(3, "ragged-row"), (4, "ragged-row")]


def test_nul_characters_are_taken_out_and_told() -> None:
    entries, refusals = read(b"Title,Author\nA\0B,C\n" + b"Plain,D\n" * 500)
    assert entries[0].title == "AB"
    assert refusals[0].reason == "nul"


def test_lines_above_the_header_are_passed_over() -> None:
    entries, refusals = read(
        "Catalogue des Éditions du Saule;;\n;;\nExport du 3 mars;;\nTitre;Auteur;ISBN\nL’orme;Ada;\n"
    )
    assert [entry.title for entry in entries] == ["L’orme"]
    assert refusals == []


def test_a_header_of_two_levels() -> None:
    entries, _ = read(
        "Title,Contributor,,Registration,\n,name,role,number,date\nA,Ada Orme,composer,TX1,2001-02-03\n"
    )
    (entry,) = entries
    assert [(one.name, one.role) for one in entry.contributors] == [("Ada Orme", "composer")]
    assert [(fact.number, fact.begins) for fact in entry.rights] == [("TX1", "2001-02-03")]


def test_a_table_without_a_header_is_known_by_its_values() -> None:
    entries, _ = read("9782070360024;x\n9780306406157;y\n")
    assert [str(entry.editions[0].identifiers[0]) for entry in entries] == [
        "isbn:9782070360024",
        "isbn:9780306406157",
    ]


def test_a_text_that_is_no_table_is_not_recognised() -> None:
    assert not IMPORTER.recognises(table("Once upon a time; there was\nnothing at all\n", "tale.txt"))
    assert IMPORTER.recognises(table("Title\tAuthor\nA\tB\nC\tD\n", "list.txt"))
    assert IMPORTER.recognises(table("", "list.csv"))


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.csv", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "a.csv", "holds binary data"),
        (b"nothing known,here\n1,2\n", "a.csv", "no column is known to hold a title"),
        (b"PAR1 and then nothing", "a.parquet", "Parquet file is damaged"),
        (b"Title,Author\n", "a.parquet", "is named as Parquet and is not"),
        (b"PK\x03\x04 cut off", "a.xlsx", "damaged"),
        (b"Title,Author\n", "a.xlsx", "is named as a workbook and is none"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "before 2007"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "is encrypted",
        ),
        (b"PK\x03\x04", "a.ods", "save it as XLSX or CSV"),
        (b"Title," + b"x" * 6_000_000, "a.csv", "has more than"),
    ],
)
def test_what_is_no_table_is_said(data: bytes, name: str, said: str) -> None:
    with pytest.raises(CatalogError, match=said):
        list(IMPORTER.entries(table(data, name)))


def test_a_nul_in_a_short_file_does_not_make_it_binary() -> None:
    assert titles(b"Title,Author\nA\0B,C\n") == ["AB"]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_entries_refusals_or_a_catalog_error(data: bytes) -> None:
    with suppress(CatalogError):
        assert all(
            isinstance(one, Entry | Refusal) for one in IMPORTER.entries(table(b"Title;ISBN;Date\n" + data))
        )


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
            min_size=2,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_row_is_lost(rows: list[list[str]]) -> None:
    """Each row that holds anything gives an entry, or a refusal of its own line."""
    import csv

    file = io.StringIO(newline="")
    csv.writer(file).writerows([["Title", "Author", "Note"], *rows])
    lines = {one.source.line if isinstance(one, Entry) else one.row for one in _all(file.getvalue())}
    filled = [row for row in rows if any(cell.replace("\0", "").strip() for cell in row)]
    assert len(lines) >= len(filled)


def _all(data: str) -> Iterator[Entry | Refusal]:
    return IMPORTER.entries(table(data))


# ---- workbooks


def test_a_workbook_with_merged_headers_dates_numbers_and_shares() -> None:
    rows = [
        ["Catalogue 2024"],
        [],
        ["Titre", "Contributeur", None, "Droits", None, "Parution", "ISBN"],
        [None, "nom", "rôle", "titulaire", "part", None, None],
        ["L’orme", "Orme, Ada", "auteur", "Saule", "33,33 %", date(1998, 3, 1), 9782070360024],
        ["La nuit", "Luc Pré", "traducteur", "Saule", None, 36161, 9782070360024.0],
    ]
    data = workbook({"Titres": rows}, ("B3:C3", "D3:E3", "A3:A4"))
    entries, refusals = read(data, "works.xlsx")
    first, second = entries
    assert [(one.name, one.role) for one in first.contributors] == [("Ada Orme", "author")]
    assert str(first.rights[0].share) == "33.33"
    assert first.editions[0].published == "1998-03-01"
    assert str(first.editions[0].identifiers[0]) == "isbn:9782070360024"
    assert (first.source.line, first.source.record) == (5, "Titres")
    assert second.editions[0].published == "1999-01-01"
    assert [one.reason for one in refusals] == ["converted-date"]


def test_a_cell_formatted_in_per_cent_is_read_as_shown() -> None:
    book = Workbook()
    book.active.append(["Title", "Owner", "Share"])
    book.active.append(["A", "Ada", 0.5])
    book.active["C2"].number_format = "0.00%"
    file = io.BytesIO()
    book.save(file)
    entries, _ = read(file.getvalue(), "a.xlsx")
    assert entries[0].rights[0].share == 50


def test_several_sheets_and_a_chosen_one() -> None:
    data = workbook(
        {
            "Books": [["Title", "Author"], ["A", "B"]],
            "Legend": [["x", "y"], ["1", "2"]],
            "Songs": [["Song"], ["C"]],
        }
    )
    entries, refusals = read(data, "a.xlsx")
    assert [(one.title, one.source.record) for one in entries] == [("A", "Books"), ("C", "Songs")]
    assert [one.reason for one in refusals] == ["sheet-not-mapped"]
    assert [one.title for one in read(data, "a.xlsx", sheet="Songs")[0]] == ["C"]
    with pytest.raises(CatalogError, match=r"no sheet 'Films'; there are: 'Books'"):
        read(data, "a.xlsx", sheet="Films")


def test_merged_rows_repeat_their_value() -> None:
    rows = [["Title", "Author"], ["A", "Ada"], ["B", None], ["C", "Luc"]]
    entries, _ = read(workbook({"S": rows}, ("B2:B3",)), "a.xlsx")
    assert [one.contributors[0].name for one in entries] == ["Ada", "Ada", "Luc"]


def test_ranges_that_overlap_fill_a_row_once() -> None:
    rows = [["Title", "Author"], ["A", "Ada"], *([f"B{n}", None] for n in range(300))]
    sheet, part = "xl/worksheets/sheet1.xml", b'<mergeCell ref="B2:XFD1048576"/>'
    data = changed(workbook({"S": rows}, ("B2:B3",)), sheet, b'<mergeCell ref="B2:B3"/>', part * 50_000)
    entries, _ = read(data, "a.xlsx")
    assert [one.contributors[0].name for one in entries] == ["Ada"] * 301
    with pytest.raises(CatalogError, match="merges more than 100,000 ranges"):
        read(changed(data, sheet, part, part * 3), "a.xlsx")


def test_formulas_give_their_stored_value_or_are_told() -> None:
    data = workbook({"S": [["Title", "Author"], ["=A9", "Ada"], ["=A8", "Luc"], ["Plain", "Zoé"]]})
    data = changed(data, "xl/worksheets/sheet1.xml", b"<f>A9</f><v></v>", b"<f>A9</f><v>Stored</v>")
    data = changed(data, "xl/worksheets/sheet1.xml", b'<c r="A2">', b'<c r="A2" t="str">')
    entries, refusals = read(data, "a.xlsx")
    assert [entry.title for entry in entries] == ["Stored", "Plain"]
    assert [(one.row, one.reason) for one in refusals] == [(3, "no-title"), (3, "formula")]


def test_a_part_that_declares_entities_is_refused() -> None:
    data = workbook({"S": [["Title"], ["A"]]})
    bomb = b'<!DOCTYPE b [<!ENTITY a "aaaa">]><worksheet '
    with pytest.raises(CatalogError, match="declares a document type"):
        read(changed(data, "xl/worksheets/sheet1.xml", b"<worksheet ", bomb), "a.xlsx")


def test_a_zip_bomb_is_refused() -> None:
    data = workbook({"S": [["Title"], ["A"]]})
    bomb = b"<worksheet " + b" " * 40_000_000
    with pytest.raises(CatalogError, match="inflates more than 400 times"):
        read(changed(data, "xl/worksheets/sheet1.xml", b"<worksheet ", bomb), "a.xlsx")


def test_a_row_that_claims_to_be_far_below_does_not_hang() -> None:
    data = workbook({"S": [["Title"], ["A"], ["B"]]})
    data = changed(data, "xl/worksheets/sheet1.xml", b'<row r="3"', b'<row r="3000000000"')
    entries, refusals = read(data, "a.xlsx")
    assert [entry.title for entry in entries] == ["A"]
    assert "more than 1,048,576 rows" in refusals[-1].detail


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=30))
def test_a_damaged_workbook_ends_in_words(at: int, noise: bytes) -> None:
    data = bytearray(workbook({"S": [["Title", "ISBN"], ["A", "9782070360024"]]}))
    at %= len(data)
    data[at : at + len(noise)] = noise
    with suppress(CatalogError):
        list(IMPORTER.entries(table(bytes(data), "a.xlsx")))


# ---- Parquet


def _parquet(columns: dict[str, list[Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def test_parquet_with_lists_numbers_and_dates() -> None:
    data = _parquet(
        {
            "song_id": ["s1", "s2"],
            "title": ["Orme", "Nuit"],
            "artist_names": [["Ada", "Luc & Zoé"], None],
            "isrc": ["FRZ039800212", ""],
            "release_date": [date(1998, 3, 1), None],
        }
    )
    entries, refusals = read(data, "songs.parquet")
    assert [one.name for one in entries[0].contributors] == ["Ada", "Luc & Zoé"]
    assert entries[0].editions[0].published == "1998-03-01"
    assert (entries[1].title, entries[1].source.line) == ("Nuit", 2)
    assert [refusal.detail for refusal in refusals] == [
        "songs.parquet: not used: column A (song_id); `countermark catalog mapping` proposes what to map them to"
    ]


def test_values_that_a_dictionary_repeats_take_bounded_memory() -> None:
    long = "x" * 2_000_000
    data = _parquet({"title": [long] * 1_000 + ["Orme"], "author": ["Ada"] * 1_001})
    assert len(data) < 200_000
    tracemalloc.start()
    entries, refusals = read(data, "a.parquet")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ([one.title for one in entries], len(refusals), refusals[0].row) == (["Orme"], 1_000, 1)
    assert "2,000,000 characters; at most 1,048,576 are accepted" in refusals[0].detail
    assert peak < 400_000_000


def test_lists_that_are_too_long_are_told() -> None:
    data = _parquet({"title": ["A", "B", "C"], "author": [["Ada"] * 1_001, ["x" * 600_000] * 2, ["Luc"]]})
    entries, refusals = read(data, "a.parquet")
    assert ([one.title for one in entries], [one.row for one in refusals]) == (["C"], [1, 2])


def test_every_column_stands_in_the_proposal() -> None:
    mapping = propose_mapping(table("Titre;Chiffre;EAN\nA;12;9782070360024\n"))
    assert [(row[2], row[3]) for row in mapping.rows()] == [
        ("Titre", "title"),
        ("Chiffre", "-"),
        ("EAN", "isbn"),
    ]
    assert mapping.rows()[2][4] == "1 of the first 1 values are ISBN"
