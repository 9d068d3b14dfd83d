"""Works in: folders, documents and catalogues, and what is refused of them."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest

from countermark.errors import CatalogError
from countermark.media import Medium, Refusal
from countermark.works.reading import READ_ANYWAY, read_works
from countermark.works.work import WorkFile

if TYPE_CHECKING:
    from pathlib import Path


def _write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def _read(*paths: Path) -> tuple[dict[str, WorkFile], list[Refusal]]:
    """Work files by the path of their asset, and refusals."""
    items = list(read_works(paths))
    files = [item for item in items if isinstance(item, WorkFile)]
    return {file.asset.path: file for file in files}, [item for item in items if isinstance(item, Refusal)]


def _page(title: str, author: str, text: str, suffix: str = "") -> str:
    return f"<html><title>{title}</title><meta name=author content='{author}'>{suffix}<p>{text}</html>"


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    """Files before folders, each by name; the file's name is the title of what has none."""
    _write(tmp_path, {"b.txt": "Bb", "a/z.txt": "Zz", "a/y.md": "# Yy", "c.html": _page("Tt", "Aa", "Cc")})
    files, refused = _read(tmp_path)
    assert list(files) == ["b.txt", "c.html", "a/y.md", "a/z.txt"]
    assert [file.work.title for file in files.values()] == ["b", "Tt", "Yy", "z"]
    assert files["c.html"].work.author == "Aa"
    assert refused == []


def test_an_asset_has_the_digest_of_its_bytes_and_the_text(tmp_path: Path) -> None:
    """As media.Asset promises."""
    _write(tmp_path, {"a.txt": "one\r\ntwo"})
    asset = _read(tmp_path)[0]["a.txt"].asset
    assert (asset.text, asset.medium) == ("one\ntwo", Medium.TEXT)
    assert asset.digest == hashlib.sha256(b"one\r\ntwo").hexdigest()


def test_every_skip_has_a_reason(tmp_path: Path) -> None:
    """Hidden, linked, binary, empty and foreign files: one refusal each."""
    outside = _write(tmp_path / "outside", {"secret.txt": "secret"})
    root = _write(
        tmp_path / "works",
        {
            ".hidden.txt": "x",
            ".git/config": "x",
            "a.txt": "A",
            "b.png": b"\x89PNG\0\0\0",
            "c.txt": "",
            "d.csv": "a,b\n1,2",
        },
    )
    (root / "out.txt").symlink_to(outside / "secret.txt")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(root / "loop")
    os.mkfifo(root / "pipe")
    files, refused = _read(root)
    assert list(files) == ["a.txt"]
    assert {refusal.where: refusal.reason for refusal in refused} == {
        ".git": "hidden",
        ".hidden.txt": "hidden",
        "b.png": "binary",
        "c.txt": "empty",
        "d.csv": "table",
        "folder": "symlink",
        "loop": "unreadable",
        "out.txt": "symlink",
        "pipe": "special",
    }


def test_a_catalogue_gives_works_with_several_files(tmp_path: Path) -> None:
    """Rows of one work_id are files of one work, and complete each other."""
    catalog = (
        "work_id,title,author,published,licence,path\nW1,Ode,A. B.,2020-05,CC0-1.0,one.txt\nW1,,,,,two.txt\n"
    )
    _write(tmp_path, {"works.csv": catalog, "one.txt": "One", "two.txt": "Two", "three.txt": "not listed"})
    files, refused = _read(tmp_path / "works.csv")
    assert list(files) == ["one.txt", "two.txt"]
    works = {file.work for file in files.values()}
    assert len(works) == 1
    work = works.pop()
    assert (work.work_id, work.title, work.author, work.licence) == ("W1", "Ode", "A. B.", "CC0-1.0")
    assert work.published == date(2020, 5, 1)
    assert refused == []


@pytest.mark.parametrize(
    "catalog",
    [
        "Titre;Auteur;Date;Licence;Chemin\r\nÉté;Zoé;03/04/2020;tous droits;a.txt\r\n".encode("cp1252"),
        "sep=;\r\ntitre;AUTEUR;année;License;fichier\r\nÉté;Zoé;2020-04-03;tous droits;a.txt\r\n".encode(
            "utf-8-sig"
        ),
        "path\ttitle\tauthor\tpublished\tlicence\na.txt\tÉté\tZoé\t2020-04-03\ttous droits\n".encode(
            "utf-16"
        ),
        '"chemin"|"titre"|"auteur"|"date"|"licence"|"x"\n"a.txt"|"Été"|"Zoé"|2020-04-03|"tous droits"|"y"\n'.encode(),
    ],
)
def test_catalogues_of_any_common_dialect_are_read(tmp_path: Path, catalog: bytes) -> None:
    """Delimiter, encoding, language and order of columns are found."""
    _write(tmp_path, {"c.csv": catalog, "a.txt": "Text"})
    files, refused = _read(tmp_path / "c.csv")
    work = files["a.txt"].work
    assert (work.title, work.author, work.published) == ("Été", "Zoé", date(2020, 4, 3))
    assert work.licence == "tous droits"
    assert refused == []


def test_a_parquet_catalogue_is_read(tmp_path: Path) -> None:
    """With real dates, lists of authors and nulls."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    columns = {
        "Title": ["Ode", None],
        "author": [["A", "B"], None],
        "date": [date(2020, 4, 3), None],
        "path": ["a.txt"] * 2,
    }
    _write(tmp_path, {"a.txt": "Text", "damaged.parquet": b"PAR1 and nothing"})
    pq.write_table(pa.table(columns), tmp_path / "c.parquet")
    files, _ = _read(tmp_path / "c.parquet")
    assert {f.work.title for f in files.values()} <= {"Ode", "a"}
    work = next(item.work for item in read_works([tmp_path / "c.parquet"]) if isinstance(item, WorkFile))
    assert (work.title, work.author, work.published) == ("Ode", "A; B", date(2020, 4, 3))
    with pytest.raises(CatalogError, match=r"damaged\.parquet: the Parquet file is damaged"):
        list(read_works([tmp_path / "damaged.parquet"]))


def test_a_row_may_name_a_folder(tmp_path: Path) -> None:
    """All its documents are files of the one work."""
    _write(tmp_path, {"c.csv": "path,title\npoems,Poems\n", "poems/a.txt": "A", "poems/in/b.txt": "B"})
    files, refused = _read(tmp_path / "c.csv")
    assert list(files) == ["poems/a.txt", "poems/in/b.txt"]
    assert {file.work.title for file in files.values()} == {"Poems"}
    assert len({file.work.work_id for file in files.values()}) == 1
    assert refused == []


def test_a_sidecar_speaks_of_files_and_the_others_are_read_too(tmp_path: Path) -> None:
    """Precedence, column by column: sidecar, file, file name; deeper sidecars first."""
    _write(
        tmp_path,
        {
            "works.csv": "path,title,licence\na.html,Listed,CC0-1.0\nsub,,CC-BY-4.0\n",
            "a.html": _page("Own", "Author", "A"),
            "b.html": _page("Own B", "Author", "B"),
            "sub/metadata.csv": "path,title\nc.txt,Deep\n",
            "sub/c.txt": "C",
        },
    )
    files, refused = _read(tmp_path)
    told = {path: (f.work.title, f.work.author, f.work.licence) for path, f in files.items()}
    assert told == {
        "a.html": ("Listed", "Author", "CC0-1.0"),
        "b.html": ("Own B", "Author", ""),
        "sub/c.txt": ("Deep", "", "CC-BY-4.0"),
    }
    assert refused == []


def test_a_catalogue_wins_over_a_sidecar(tmp_path: Path) -> None:
    """The sidecar fills what the catalogue leaves open."""
    _write(
        tmp_path,
        {
            "c.csv": "path,title\nw,Catalogue\n",
            "w/works.csv": "path,title,author\na.txt,Sidecar,Zoé\n",
            "w/a.txt": "A",
        },
    )
    work = _read(tmp_path / "c.csv")[0]["w/a.txt"].work
    assert (work.title, work.author) == ("Catalogue", "Zoé")


def test_a_bad_date_is_told_and_the_work_is_read(tmp_path: Path) -> None:
    """File, row, column, value and what is accepted."""
    _write(tmp_path, {"c.csv": "path,title,published\na.txt,T,2020\na.txt,U,spring 2020\n", "a.txt": "A"})
    items = list(read_works([tmp_path / "c.csv"]))
    assert [item.work.published for item in items if isinstance(item, WorkFile)] == [date(2020, 1, 1), None]
    refusal = next(item for item in items if isinstance(item, Refusal))
    assert (refusal.row, refusal.reason) == (1, "date")
    assert refusal.reason in READ_ANYWAY
    for part in ("c.csv, row 3, column published", "'spring 2020'", "YYYY-MM-DD", "DD/MM/YYYY"):
        assert part in refusal.detail


def test_rows_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    """Ragged, without a path, missing, leading out: each with its row, and the rest is read."""
    rows = [
        "path,title",
        "none.txt,T",
        "a.txt,T,extra",
        ",T",
        "../x.txt,T",
        "/etc/passwd,T",
        '"a.txt","two',
        'lines"',
        "a.txt",
    ]
    _write(tmp_path / "in", {"c.csv": "\n".join(rows) + "\n", "a.txt": "A"})
    _write(tmp_path, {"x.txt": "outside"})
    files, refused = _read(tmp_path / "in" / "c.csv")
    assert files["a.txt"].work.title == "two lines"
    assert [(r.detail.split(":")[0], r.reason) for r in sorted(refused, key=lambda r: r.row)] == [
        ("c.csv, row 2, column path", "missing"),
        ("c.csv, row 3", "ragged-row"),
        ("c.csv, row 4, column path", "no-path"),
        ("c.csv, row 5, column path", "outside"),
        ("c.csv, row 6, column path", "outside"),
        ("c.csv, row 9", "ragged-row"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"title,author\nT,A\n", "no column path; found: title, author"),
        (b"", "no column path"),
        (b"\x89PNG\0\0\0\0", "binary"),
        (b'path,title\na.txt,"never closed\n', "row 2"),
    ],
)
def test_a_catalogue_that_is_none_stops_before_anything_is_read(
    tmp_path: Path, content: bytes, said: str
) -> None:
    """Named on purpose, it is an error; found in a folder, it is a refusal."""
    _write(tmp_path, {"a.txt": "A", "works.csv": content})
    with pytest.raises(CatalogError, match=said):
        next(read_works([tmp_path / "a.txt", tmp_path / "works.csv"]))
    files, refused = _read(tmp_path)
    assert list(files) == ["a.txt"]
    assert [(r.where, r.reason) for r in refused] == [("works.csv", "table")]


def test_a_missing_title_column_is_a_remark(tmp_path: Path) -> None:
    """Titles then come from the files."""
    _write(tmp_path, {"c.csv": "path\na.txt\n", "a.txt": "A"})
    files, refused = _read(tmp_path / "c.csv")
    assert files["a.txt"].work.title == "a"
    assert [r.reason for r in refused] == ["missing-column"]
    assert refused[0].reason in READ_ANYWAY


def test_what_does_not_exist_is_refused(tmp_path: Path) -> None:
    """By the name that was given."""
    _, refused = _read(tmp_path / "nowhere")
    assert [r.reason for r in refused] == ["missing"]
    assert str(tmp_path / "nowhere") in refused[0].detail


def test_the_same_bytes_count_once_for_one_work(tmp_path: Path) -> None:
    """Two works may share a text; one work has each of its files once."""
    catalog = "path,work_id,title\na.txt,W1,T\nb.txt,W1,T\nb.txt,W2,U\n"
    _write(tmp_path, {"c.csv": catalog, "a.txt": "same", "b.txt": "same"})
    items = list(read_works([tmp_path / "c.csv"]))
    assert [(i.work.work_id, i.asset.path) for i in items if isinstance(i, WorkFile)] == [
        ("W1", "a.txt"),
        ("W2", "b.txt"),
    ]
    assert [i.reason for i in items if isinstance(i, Refusal)] == ["duplicate"]


def test_one_work_told_in_two_ways_is_a_remark(tmp_path: Path) -> None:
    """The first description is kept."""
    _write(
        tmp_path, {"c.csv": "path,work_id,title\na.txt,W1,Ode\nb.txt,W1,Elegy\n", "a.txt": "A", "b.txt": "B"}
    )
    files, refused = _read(tmp_path / "c.csv")
    assert {file.work.title for file in files.values()} == {"Ode"}
    assert [r.reason for r in refused] == ["conflict"]
    assert "Ode and Elegy" in refused[0].detail


def test_editions_are_one_work_only_where_they_say_so(tmp_path: Path) -> None:
    """The same stem, title and author; never the name alone, and never title and author alone."""
    agreeing = _page("Hamlet", "W. Shakespeare", "To be")
    _write(
        tmp_path,
        {
            "hamlet.html": agreeing,
            "hamlet.htm": _page("HAMLET", "W Shakespeare", "To be!"),
            "hamlet.txt": "To be",
            "chapter2.html": agreeing,
            "other/hamlet.html": agreeing,
        },
    )
    files, _ = _read(tmp_path)
    ids = {path: file.work.work_id for path, file in files.items()}
    assert ids["hamlet.html"] == ids["hamlet.htm"]
    assert len(set(ids.values())) == 4


def test_titles_and_authors_in_a_catalogue_make_one_work(tmp_path: Path) -> None:
    """Whatever their case and accents; a title alone does not."""
    catalog = "path,title,author\na.txt,Été,Zoé\nb.txt,ete,ZOE\nc.txt,Poems,\nd.txt,Poems,\n"
    _write(tmp_path, {"c.csv": catalog, **{f"{n}.txt": n for n in "abcd"}})
    ids = [file.work.work_id for file in _read(tmp_path / "c.csv")[0].values()]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_identifiers_do_not_depend_on_where_the_folder_stands(tmp_path: Path) -> None:
    """The same folder in two places gives the same works and paths."""
    content: dict[str, str | bytes] = {"a.txt": "A", "sub/b.html": _page("T", "A", "B")}
    first, second = _write(tmp_path / "x", content), _write(tmp_path / "y" / "z", content)
    assert _read(first) == _read(second)


def test_several_paths_are_named_from_the_folder_that_holds_them_all(tmp_path: Path) -> None:
    """So two files of one name stay two works."""
    _write(tmp_path, {"x/a.txt": "A", "y/a.txt": "A"})
    files, refused = _read(tmp_path / "x", tmp_path / "y" / "a.txt")
    assert list(files) == ["x/a.txt", "y/a.txt"]
    assert len({file.work.work_id for file in files.values()}) == 2
    assert refused == []


def _epub(published: str) -> bytes:
    """An EPUB of one chapter, with the date of its edition."""
    package = (
        f"<package><metadata><title>T</title><date>{published}</date></metadata><manifest>"
        '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="p.opf"/></container>')
        archive.writestr("p.opf", package)
        archive.writestr("c.xhtml", "<html><p>Text</p></html>")
    return buffer.getvalue()


def test_the_date_of_an_edition_is_not_taken(tmp_path: Path) -> None:
    """That of a page is the date of its text; that of an EPUB may be centuries after the work."""
    dated = "<meta name='article:published_time' content='2021-02-03'>"
    _write(tmp_path, {"a.html": _page("T", "A", "A", dated), "b.epub": _epub("2021-02-03")})
    files, refused = _read(tmp_path)
    assert {path: file.work.published for path, file in files.items()} == {
        "a.html": date(2021, 2, 3),
        "b.epub": None,
    }
    assert refused == []


def test_warnings_of_documents_are_remarks(tmp_path: Path) -> None:
    """A wrong label is told; the file is read."""
    _write(tmp_path, {"a.pdf": "Plain words."})
    files, refused = _read(tmp_path)
    assert files["a.pdf"].asset.text == "Plain words."
    assert [r.reason for r in refused] == ["warning"]
    assert "a.pdf: is named as pdf, but is text" in refused[0].detail


def test_names_that_are_no_utf8_are_shown_without_surrogates(tmp_path: Path) -> None:
    """A file name of another age."""
    path = os.fsencode(tmp_path) + b"/\xe9t\xe9.txt"
    with open(path, "wb") as stream:  # noqa: PTH123 - a path of bytes
        stream.write(b"A")
    assert list(_read(tmp_path)[0]) == ["\ufffdt\ufffd.txt"]
