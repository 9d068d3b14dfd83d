"""The file: deterministic, whole or not at all, found things, and hostile files."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

import pytest

from countermark.errors import CatalogError, OutputError
from countermark.media import Refusal
from countermark.works.catalog import Catalog, write_catalog
from countermark.works.catalog.facts import as_facts, from_facts
from countermark.works.catalog.importing import Importing
from countermark.works.identifiers import Identifier
from works.catalog.written_catalogs import bare, entry, owner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.works.entry import Entry

ISBN = "9782070360024"
ITEMS: list[Entry | Refusal] = [
    entry("The Salt Garden", ISBN, rights=(owner("House", "100", exclusive=False),)),
    Refusal("a.xml", 12, "check-digit", "a.xml, line 12: ISBN"),
    entry("Thunder \ud800", author="Odo Kern", line=3, identifiers=(Identifier("own:a:b", "x:y"),)),
]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "made.catalog"
    write_catalog(path, ITEMS, engine="1")
    return path


def test_same_items_same_bytes(made: Path) -> None:
    other = made.with_name("other.catalog")
    write_catalog(other, ITEMS, engine="1")
    assert other.read_bytes() == made.read_bytes()


def test_looking_things_up(made: Path) -> None:
    with Catalog.open(made) as catalog:
        assert len(catalog) == 2
        assert catalog.digest == catalog.stated_digest
        assert catalog.counts()["refusals"] == 1
        assert catalog.refused() == {"check-digit": 1}
        assert list(catalog.refusals()) == [ITEMS[1]]
        (work_id,) = catalog.find("ISBN 2-07-036002-4")
        assert (
            catalog.find(f"isbn:{ISBN}") == catalog.find("garden SALT") == catalog.find(work_id) == [work_id]
        )
        assert catalog.find("own:a:b:x:y")
        assert catalog.find("nothing of the kind") == catalog.find("") == []
        assert catalog.work("nobody") is None
        assert [work.work_id for work in catalog.works(["nobody", work_id])] == [work_id]
        for work in catalog.works():
            assert from_facts(as_facts(work)) == work


def test_adding_is_importing_anew(made: Path, tmp_path: Path) -> None:
    importing = Importing([made])
    target = tmp_path / "again.catalog"
    write_catalog(target, importing.items(), inputs=importing.inputs)
    with Catalog.open(made) as first, Catalog.open(target) as second:
        assert list(first.works()) == list(second.works())
        assert list(first.refusals()) == list(second.refusals())


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[Entry]:
        yield entry("Salt")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_catalog(tmp_path / "a.catalog", broken())
    assert not list(tmp_path.iterdir())
    with pytest.raises(OutputError, match="cannot be written"):
        write_catalog(tmp_path / "no" / "a.catalog", [])


def test_no_items_is_an_empty_catalog(tmp_path: Path) -> None:
    write_catalog(tmp_path / "a.catalog", [])
    with Catalog.open(tmp_path / "a.catalog") as catalog:
        assert len(catalog) == 0
        assert list(catalog.works()) == []


def _tampered(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON works BEGIN DELETE FROM works; END",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE works",
        "PRAGMA user_version = 9",
        "PRAGMA application_id = 1",
    ],
)
def test_foreign_tables_are_refused(made: Path, statement: str) -> None:
    _tampered(made, statement)
    with pytest.raises(CatalogError, match=r"made\.catalog: "):
        Catalog.open(made)


@pytest.mark.parametrize("body", ["not json", "[]", '{"title": 3}', '{"medium": "cheese"}', "[" * 100_000])
def test_damaged_bodies_are_one_message(made: Path, body: str) -> None:
    _tampered(made, f"UPDATE records SET body = '{body}'", "UPDATE works SET facts = NULL")  # noqa: S608
    with Catalog.open(made) as catalog:
        assert catalog.digest != catalog.stated_digest
        with pytest.raises(CatalogError, match="is damaged"):
            list(catalog.works())


def test_a_value_that_fills_memory_is_damage(made: Path) -> None:
    _tampered(made, "UPDATE records SET body = zeroblob(65 << 20)", "UPDATE works SET facts = NULL")
    with Catalog.open(made) as catalog:
        with pytest.raises(CatalogError, match=r"is damaged.*too big"):
            list(catalog.works())
        with pytest.raises(CatalogError, match=r"is damaged.*too big"):
            list(catalog.entries())


def test_a_schema_that_is_no_text_is_damage(made: Path) -> None:
    whole = made.read_bytes()
    at = whole.index(b"CREATE TABLE records")
    made.write_bytes(whole[:at] + b"\xff\xfe" + whole[at + 2 :])
    with pytest.raises(CatalogError, match="is damaged"):
        Catalog.open(made)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.catalog")
    with pytest.raises(CatalogError, match="no regular file"):
        Catalog.open(tmp_path / "a.catalog")


def test_every_cut_and_foreign_file_is_refused(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    for data in (b"", b"SQLite", whole[:72], whole[:100], whole[:-1], whole[: len(whole) // 2], b"x" * 5_000):
        bad = tmp_path / "bad.catalog"
        bad.write_bytes(data)
        with pytest.raises(CatalogError, match=r"bad\.catalog: "):
            Catalog.open(bad)
    for path in (tmp_path, tmp_path / "none.catalog"):
        with pytest.raises(CatalogError):
            Catalog.open(path)


def test_flipped_bytes_never_escape(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    for at in range(0, len(whole), 997):
        bad = tmp_path / "bad.catalog"
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            with Catalog.open(bad) as catalog:
                [bare(work) for work in catalog.works()]
                catalog.find("salt")
        except CatalogError:
            pass
