"""The mapping of a table: proposed from headers and values, saved, corrected, loaded."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.errors import CatalogError, OutputError
from countermark.media import Refusal  # noqa: TC001 - the tests name it
from countermark.works.entry import Entry
from countermark.works.importers.base import HEAD_BYTES, CatalogFile
from countermark.works.importers.table import (
    IMPORTER,
    Column,
    Mapping,
    SheetMapping,
    load_mapping,
    propose_mapping,
    save_mapping,
)
from countermark.works.importers.table.fields import NAMES, field_of, fold
from countermark.works.importers.table.spellings import SPELLINGS


def table(data: str, name: str = "works.csv", **options: str) -> CatalogFile:
    raw = data.encode()
    return CatalogFile(name, "", raw[:HEAD_BYTES], lambda: io.BytesIO(raw), options)


def read(data: str, **options: str) -> tuple[list[Entry], list[Refusal]]:
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    for one in IMPORTER.entries(table(data, **options)):
        if isinstance(one, Entry):
            entries.append(one)
        else:
            refusals.append(one)
    return entries, refusals


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Titre de l’œuvre", "title"),
        ("AUTEUR·RICE", ""),
        ("Auteur 2", "author"),
        ("Verfasser", "author"),
        ("Komponist", "composer"),
        ("Fecha de publicación", "published"),
        ("ISBN-13", "isbn"),
        ("isbn13", "isbn"),
        ("datePublished", "published"),
        ("Künstler", "performer"),
        ("N° d’enregistrement", "registration_number"),
        ("Crédit photo", "photographer"),
        ("Copyright Holder", "owner"),
        ("Prix", ""),
    ],
)
def test_headers(header: str, field: str) -> None:
    assert field_of(header) == field


def test_no_spelling_stands_for_two_fields() -> None:
    said = [word.strip() for words in SPELLINGS.values() for word in words.split(";")]
    assert sorted(said) == sorted(set(said))
    assert all(field_of(name) == name for name in NAMES)
    assert all(word == fold(word) for word in said)


def test_a_field_that_is_said_twice_keeps_its_first_column() -> None:
    mapping = propose_mapping(table("Title,Titre\nA,B\n"))
    assert mapping.rows()[1][3:] == ("-", "title is in column A (Title) already")


def test_a_mapping_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    mapping = propose_mapping(table('Titre;"Date ""x""";Autre\nA;03/04/2001;\x7f\n'))
    save_mapping(mapping, tmp_path / "map.toml")
    assert load_mapping(tmp_path / "map.toml") == mapping
    before = (tmp_path / "map.toml").read_bytes()
    save_mapping(load_mapping(tmp_path / "map.toml"), tmp_path / "map.toml")
    assert (tmp_path / "map.toml").read_bytes() == before


def test_a_corrected_mapping_is_obeyed_wherever_its_columns_stand(tmp_path: Path) -> None:
    mapping = propose_mapping(table("Werk,Tag\nA,03/04/2001\n"))
    (sheet,) = mapping.sheets
    first, second = sheet.columns
    corrected = replace(
        sheet, columns=(replace(first, field="title"), replace(second, field="published", dates="mdy"))
    )
    save_mapping(Mapping((corrected,)), tmp_path / "map.toml")
    entries, refusals = read("Tag,x,Werk\n03/04/2001,,A\n", mapping=str(tmp_path / "map.toml"))
    assert [(one.title, one.published) for one in entries] == [("A", "2001-03-04")]
    assert refusals == []
    with pytest.raises(
        CatalogError, match="names a column 'Tag' for published, which the file lacks; found: 'Werk'"
    ):
        read("Werk\nA\n", mapping=str(tmp_path / "map.toml"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no mapping; it begins with"),
        ("x = [", "is no TOML"),
        ('format = "countermark.mapping/1"', "has no"),
        ('format = "countermark.mapping/1"\nsheet = 3', "is written"),
        ('format = "countermark.mapping/1"\n[[sheet]]\nmedium = "dance"', "sheet 1: medium is 'dance'"),
        ('format = "countermark.mapping/1"\n[[sheet]]\nheader = "x"', "header is 'x'"),
        ('format = "countermark.mapping/1"\n[[sheet]]\nencoding = "x"', "encoding 'x' is not known"),
        ('format = "countermark.mapping/1"\n[[sheet]]\ndelimiter = ";;"', "delimiter is ';;'"),
        (
            'format = "countermark.mapping/1"\n[[sheet]]\n[[sheet.column]]\nat = 1\nfield = "colour"',
            "sheet 1, column 1: 'colour' is no field",
        ),
        (
            'format = "countermark.mapping/1"\n[[sheet]]\n[[sheet.column]]\nfield = "title"',
            "needs its header",
        ),
        (
            'format = "countermark.mapping/1"\n[[sheet]]\n[[sheet.column]]\nat = 1\ndates = "ymd"',
            "dates is 'ymd'",
        ),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "map.toml").write_text(text, "utf-8")
    with pytest.raises(CatalogError, match=said):
        load_mapping(tmp_path / "map.toml")


def test_a_mapping_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="cannot be read"):
        load_mapping(tmp_path / "none.toml")
    with pytest.raises(OutputError, match="cannot be written"):
        save_mapping(Mapping(()), tmp_path / "none" / "map.toml")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(sorted(NAMES)))
def test_any_header_survives_saving(header: str, why: str, field: str) -> None:
    path = Path("/dev/null")
    with suppress(UnicodeEncodeError):
        save_mapping(Mapping((SheetMapping("", (1,), (Column(0, header, field, why),)),)), path)
