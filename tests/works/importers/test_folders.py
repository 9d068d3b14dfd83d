"""Folders: each file with what the sidecar says of it, within the limits of the walk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from countermark.media import Refusal
from countermark.works.entry import Entry
from countermark.works.importers.base import CatalogFile
from countermark.works.importers.documents import IMPORTER
from countermark.works.importers.folders import folder_files
from countermark.works.reading import read_works
from countermark.works.work import WorkFile
from works.importers.catalog_files import on_disk

if TYPE_CHECKING:
    from collections.abc import Mapping


def made(path: Path, name: str, options: Mapping[str, str]) -> CatalogFile:
    return on_disk(path, name, options)


def write(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def walked(root: Path) -> tuple[list[CatalogFile], list[Refusal]]:
    items = list(folder_files(root, "books/", made))
    files = [item for item in items if isinstance(item, CatalogFile)]
    return files, [item for item in items if isinstance(item, Refusal)]


def entries_of(root: Path) -> tuple[dict[str, Entry], list[Refusal]]:
    files, refusals = walked(root)
    items = [item for file in files for item in IMPORTER.entries(file)]
    found = [item for item in items if isinstance(item, Entry)]
    refusals += [item for item in items if isinstance(item, Refusal)]
    return {entry.editions[0].assets[0].path: entry for entry in found}, refusals


def test_files_in_the_order_of_their_names_without_sidecars(tmp_path: Path) -> None:
    """Named as the user named the folder."""
    root = write(tmp_path, {"b.txt": "B", "a/z.txt": "Z", "works.csv": "path,title\nb.txt,Bee\n"})
    files, refusals = walked(root)
    assert [file.name for file in files] == ["books/b.txt", "books/a/z.txt"]
    assert refusals == []


def test_the_sidecar_wins_and_names_the_work_as_a_scan_does(tmp_path: Path) -> None:
    """Title and author, `work_id`, or a folder that is one work."""
    root = write(
        tmp_path,
        {
            "a.html": "<title>Wrong</title><meta name=author content='Somebody'><p>x",
            "b.txt": "y",
            "c/1.txt": "one",
            "c/2.txt": "two",
            "works.csv": "path,title,author,published,work_id,licence\n"
            "a.html,La crue,Jeanne Aubry,2012-09,,CC0\nb.txt,Le pont,,,pont-1,\nc,Deux tours,,,,\n",
        },
    )
    entries, refusals = entries_of(root)
    scanned = {item.asset.path: item.work for item in read_works([root]) if isinstance(item, WorkFile)}
    assert {path: entry.work_id for path, entry in entries.items()} == {
        p: w.work_id for p, w in scanned.items()
    }
    assert {path: entry.title for path, entry in entries.items()} == {p: w.title for p, w in scanned.items()}
    first = entries["a.html"]
    assert (first.contributors[0].name, first.published, first.licence) == ("Jeanne Aubry", "2012-09", "CC0")
    assert entries["b.txt"].work_id == "pont-1"
    assert [r.reason for r in refusals] == ["conflict", "conflict"]
    assert "books/works.csv, row 2 says 'La crue', the file says 'Wrong'" in refusals[0].detail


def test_a_date_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """With its row."""
    root = write(tmp_path, {"a.txt": "x", "works.csv": "path,title,date\na.txt,T,soon\n"})
    entries, refusals = entries_of(root)
    assert entries["a.txt"].published == ""
    assert "works.csv, row 2: 'soon' is no date" in refusals[0].detail


def test_nothing_leads_out_of_the_folder(tmp_path: Path) -> None:
    """Links, hidden files and rows that point elsewhere: one refusal each."""
    write(tmp_path / "out", {"secret.txt": "s"})
    root = write(
        tmp_path / "in",
        {"a.txt": "x", ".hidden": "h", "works.csv": "path,title\n../out/secret.txt,S\nnone.txt,N\n"},
    )
    (root / "link.txt").symlink_to(tmp_path / "out" / "secret.txt")
    (root / "loop").symlink_to(root)
    files, refusals = walked(root)
    assert [file.name for file in files] == ["books/a.txt"]
    assert sorted(r.reason for r in refusals) == ["hidden", "missing", "outside", "symlink", "symlink"]
    assert all("books/" in r.detail for r in refusals)
