"""Folders: each file with what the sidecar says of it, within the limits of the walk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from countermark.media import Refusal
from countermark.works.entry import Entry
from countermark.works.identifiers import Identifier
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


NUMBERED = {
    "a.txt": "one",
    "b.txt": "two",
    "c/1.txt": "three",
    "c/2.txt": "four",
    "works.csv": "path;title;ISBN-13;isrc;iswc;doi;url;ean\n"
    "a.txt;La crue;978-2-07-036002-4, 2-07-036002-4;;T-034.524.680-1;10.1000/a;2(3)b;https://a.example/x?utm_source=y;\n"
    "b.txt;Le pont;9782070360025;AA6Q72000047;;;;4006381333931\n"
    "c;Deux tours;306406152;;;;;\n"
    "c/2.txt;La seconde;9782070360024.0;;;;;\n",
}


def test_the_sidecars_identifiers_reach_the_file(tmp_path: Path) -> None:
    """Each checked once, in its row; those of the file's own row before those of its folder."""
    table = NUMBERED["works.csv"].replace("10.1000/a;2(3)b", '"10.1000/a;2(3)b"')
    entries, refusals = entries_of(write(tmp_path, {**NUMBERED, "works.csv": table}))
    numbers = {path: [str(one) for one in entry.editions[0].identifiers] for path, entry in entries.items()}
    assert numbers == {
        "a.txt": ["isbn:9782070360024", "doi:10.1000/a;2(3)b", "url:https://a.example/x"],
        "b.txt": ["isrc:AA6Q72000047", "gtin:04006381333931"],
        "c/1.txt": ["isbn:9780306406157"],
        "c/2.txt": ["isbn:9782070360024"],
    }
    assert entries["a.txt"].identifiers == (Identifier("iswc", "T0345246801"),)
    assert [refusal.reason for refusal in refusals] == ["identifier", "repaired"]
    assert (
        "books/works.csv, row 3, column isbn: '9782070360025' is no ISBN: its check digit is 5"
        in refusals[0].detail
    )


def test_of_numbers_that_a_work_has_once_the_row_is_kept(tmp_path: Path) -> None:
    """DOI; of ISBN both are kept."""
    page = (
        "<title>La crue</title><meta name=citation_doi content='10.1000/b'>"
        "<meta name=citation_isbn content='9780306406157'><p>x"
    )
    table = "path,title,doi,isbn\na.html,La crue,10.1000/a,9782070360024\n"
    entries, (conflict,) = entries_of(write(tmp_path, {"a.html": page, "works.csv": table}))
    assert [str(one) for one in entries["a.html"].editions[0].identifiers] == [
        "doi:10.1000/a",
        "isbn:9782070360024",
        "isbn:9780306406157",
    ]
    assert "works.csv, row 2 says 10.1000/a, the file says 10.1000/b; the row is kept" in conflict.detail


def test_a_cell_of_many_numbers_is_cut(tmp_path: Path) -> None:
    """Hostile sidecars do not fill the memory."""
    many = " ".join(f"https://a.example/{at}" for at in range(5_000))
    entries, (refusal,) = entries_of(
        write(tmp_path, {"a.txt": "x", "works.csv": f"path,title,url\na.txt,T,{many}\n"})
    )
    assert len(entries["a.txt"].editions[0].identifiers) == 50
    assert "5,000 identifiers; the first 50 are read" in refusal.detail


def test_a_file_of_many_rows_takes_some_of_their_numbers(tmp_path: Path) -> None:
    """And says how many there were."""
    rows = "".join(f"a.txt,T,https://a.example/{at}\n" for at in range(300))
    entries, (refusal,) = entries_of(write(tmp_path, {"a.txt": "x", "works.csv": f"path,title,url\n{rows}"}))
    assert len(entries["a.txt"].editions[0].identifiers) == 200
    assert refusal.detail == "books/a.txt: its rows have 300 identifiers; the first 200 are taken"


def test_a_scan_does_not_see_them(tmp_path: Path) -> None:
    """Neither the identifiers nor what is wrong with them."""
    root = write(tmp_path, {"b.txt": "two", "works.csv": "path,title,isbn\nb.txt,Le pont,9782070360025\n"})
    (item,) = read_works([root])
    assert isinstance(item, WorkFile)
    assert item.work.title == "Le pont"
