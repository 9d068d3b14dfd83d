"""`countermark index merge`, `add`, `drop`, `compact`: what is told, and what changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from countermark.cli import main
from countermark.index import read_manifest
from written_works import prose

if TYPE_CHECKING:
    from pathlib import Path


def run(*words: object, code: int = 0) -> str:
    """What a command says, on both streams, after the exit code was checked."""
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == code, done.output + repr(done.exception)
    return done.output


@pytest.fixture
def works(tmp_path: Path) -> Path:
    """Two folders with works, and an index of each."""
    for name, seeds in (("old", range(4)), ("new", range(3, 6))):
        (tmp_path / name).mkdir()
        for seed in seeds:
            (tmp_path / name / f"text{seed}.txt").write_text(prose(200, seed), encoding="utf-8")
        run("index", "build", tmp_path / name, "--out", tmp_path / f"{name}.index")
    return tmp_path


def test_merge(works: Path) -> None:
    """Two indices become one; what both hold is told by name."""
    said = run("index", "merge", works / "old.index", works / "new.index", "--out", works / "all.index")
    assert "Held by an earlier index already, and left out: 1 file" in said
    assert "text3.txt" in said
    assert "6 works in 6 files" in said
    facts = json.loads(run("index", "merge", works / "old.index", "--out", works / "again.index", "--json"))
    assert facts["left_out"] == []
    assert facts["identity"] == read_manifest(works / "old.index").identity


def test_add_drop_compact(works: Path) -> None:
    """The whole way: works are added, one is dropped, the index becomes one segment again."""
    index = works / "old.index"
    said = run("index", "add", index, works / "new")
    assert "2 files added" in said
    assert "In the index already, and left out: 1 file" in said
    told = json.loads(run("index", "info", index, "--verify", "--json"))
    assert [segment["files"] for segment in told["segments"]] == [4, 2]
    first = read_manifest(works / "new.index").works
    assert first == 3
    work_id = told_ids(index)[1]
    assert "would be dropped; nothing was changed" in run(
        "index", "drop", index, "--work", work_id, "--dry-run"
    )
    (works / "withdrawn.txt").write_text(f"{work_id}\n\n", encoding="utf-8")
    said = run("index", "drop", index, "--list", works / "withdrawn.txt")
    assert "1 work dropped. The index holds 5 works in 5 files" in said
    assert "\nsegment as built: 4 files, 1 of them dropped" in run("index", "info", index)
    assert "\nsegment-000001: 2 files, " in run("index", "info", index)
    listed = run("index", "info", index, "--works").splitlines()
    assert [line.split("\t")[0] for line in listed] == told_ids(index)
    assert work_id not in told_ids(index)
    assert "2 segments would become one" in run("index", "compact", index, "--dry-run")
    assert "in one segment now. The index holds 5 works" in run("index", "compact", index)
    assert "nothing to do" in run("index", "compact", index)
    assert work_id not in told_ids(index)


def test_ids_are_listed_for_dropping(works: Path) -> None:
    """Ids, titles and authors, once a work whatever its files; the first column is what `drop --list` takes."""
    catalogue = works / "catalog.csv"
    catalogue.write_text(
        "title,author,path\n"
        "Low Water,A. Delorme,old/text0.txt\nLow Water,A. Delorme,old/text1.txt\nWinter,,old/text2.txt\n",
        encoding="utf-8",
    )
    index = works / "named.index"
    run("index", "build", catalogue, "--out", index)
    told = json.loads(run("index", "info", index, "--works", "--json"))
    assert [(work["work_title"], work["work_author"], work["files"]) for work in told] == [
        ("Low Water", "A. Delorme", 2),
        ("Winter", "", 1),
    ]
    lines = run("index", "info", index, "--works").splitlines()
    assert lines == [f"{work['work_id']}\t{work['work_title']}\t{work['work_author']}" for work in told]
    (works / "withdrawn.txt").write_text(lines[0].split("\t")[0] + "\n", encoding="utf-8")
    run("index", "drop", index, "--list", works / "withdrawn.txt")
    assert run("index", "info", index, "--works").splitlines() == lines[1:]
    assert "segment as built: 3 files, 2 of them dropped" in run("index", "info", index)


def told_ids(index: Path) -> list[str]:
    """The ids of the works of an index."""
    from countermark.index import Index

    return [row["work_id"] for row in Index.unkeyed(index, read_manifest(index)).assets()]


def test_refusals(works: Path) -> None:
    """What cannot be done ends with code 2 or 3 and one line."""
    index = works / "old.index"
    assert "holds no work with the id nobody" in run("index", "drop", index, "--work", "nobody", code=2)
    assert "no work was named" in run("index", "drop", index, code=2)
    assert "holds all 4 files already" in run("index", "add", index, works / "old", code=2)
    assert "is not an index" in run("index", "compact", works / "old", code=3)
    assert "cannot be read as text" in run("index", "drop", index, "--list", works / "no.txt", code=2)
