"""The editor's sheet: what it shows and hides, what comes back from a spreadsheet, what was changed by hand."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import InputError, PlanError
from countermark.memorization.traps.candidates import published_texts
from countermark.memorization.traps.forms.pairs import Headline, read_headlines
from countermark.memorization.traps.key import TrapKey
from countermark.memorization.traps.planting.applying import write_copies
from countermark.memorization.traps.planting.proposing import Wish
from countermark.memorization.traps.sheet import COLUMNS, NAME, TWIN, read_sheet
from countermark.memorization.traps.trap_file import read_traps
from memorization.planted_works import KEY, WORKS, approve, copies, proposed, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def rows(out: Path) -> list[dict[str, str]]:
    text = (out / NAME).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_sheet_shows_both_renderings_in_context_and_asks(tmp_path: Path) -> None:
    """One row a place; nothing is approved yet."""
    proposed(written(tmp_path / "works", "mill.txt"), tmp_path / "out")
    (first, *_) = found = rows(tmp_path / "out")
    assert tuple(first) == COLUMNS
    assert first["first rendering"].endswith(
        "miller kept [twelve] hens by the water and did not sell them. It was cold, dark, …"
    )
    assert "kept [12] hens" in first["second rendering"]
    assert first["file"] == "mill.txt"
    assert {row["approve"] for row in found} == {""}
    assert [row["kind"] for row in found] == [
        "number",
        "contraction",
        "serial-comma",
        "number",
        "contraction",
    ]
    with pytest.raises(PlanError, match="nothing is approved"):
        copies(tmp_path / "out")


def test_neither_half_of_the_sheet_tells_what_will_be_published(tmp_path: Path) -> None:
    """The same sheet for every key: approvals cannot hang on the draw."""
    works = written(tmp_path / "works", "mill.txt", "moulin.md")
    for form in ("variants", "passphrase", "letter-reference"):
        told = []
        for number in range(2):
            out = tmp_path / f"{form}-{number}"
            key = TrapKey(bytes([number]) * 32)
            proposed(works, out, Wish(form), key)
            told.append((rows(out), json.loads((out / TWIN).read_text()) | {"key": ""}))
        assert told[0] == told[1]


def test_the_same_works_give_the_same_sheet(tmp_path: Path) -> None:
    """Byte for byte."""
    works = written(tmp_path / "works")
    proposed(works, tmp_path / "one")
    proposed(works, tmp_path / "two")
    for name in (NAME, TWIN):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_cells_begin_no_formula(tmp_path: Path) -> None:
    """A title is what a stranger may have written."""
    works = tmp_path / "works"
    works.mkdir()
    (works / "a.md").write_bytes(
        b"# =HYPERLINK(1)\n\nThe man had twelve hens and the dog did not go to the sea.\n"
    )
    proposed(works, tmp_path / "out")
    assert {row["title"] for row in rows(tmp_path / "out")} == {"'=HYPERLINK(1)"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_as_a_spreadsheet_saved_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Another separator, another encoding, rows in another order, empty rows, columns moved."""
    out = tmp_path / "out"
    proposed(written(tmp_path / "works", "mill.txt"), out)
    found = rows(out)[::-1]
    found[0]["approve"], found[1]["approve"], found[2]["approve"] = " Oui", "NO", "x"
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(reversed(COLUMNS)), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(found)
    writer.writerow({})
    (out / NAME).write_bytes(stream.getvalue().encode(encoding, "replace"))
    (work,) = read_sheet(out).works
    assert [site.approved for site in work.sites] == [False, False, True, False, True]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"approve": "perhaps"}, r"sheet.csv, line 2, column approve: 'perhaps'; yes or no"),
        ({"id": "w9-9"}, r"column id: 'w9-9' is none of this sheet"),
        ({"id": "w1-2"}, r"column id: 'w1-2' stands twice"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path, change: dict[str, str], message: str) -> None:
    """With its line and its column."""
    out = tmp_path / "out"
    proposed(written(tmp_path / "works", "mill.txt"), out)
    approve(out, lambda row: row.update(change) if row["id"] == "w1-1" else None)
    with pytest.raises(PlanError, match=message):
        read_sheet(out)


def test_a_head_of_any_length_is_an_error_in_words(tmp_path: Path) -> None:
    """Of the sheet, and of a table of headlines: the limit of the reader is no traceback, whatever others set."""
    csv.field_size_limit(1 << 24)
    proposed(written(tmp_path / "works", "mill.txt"), tmp_path / "out")
    (tmp_path / "out" / NAME).write_text(f"id,approve,{'x' * 200_000}\nw1-1,yes\n")
    with pytest.raises(PlanError, match="is no CSV"):
        read_sheet(tmp_path / "out")
    (tmp_path / "heads.csv").write_text(f"work,headline,alternative,{'x' * 200_000}\na,b,c,d\n")
    with pytest.raises(InputError, match="is no CSV"):
        read_headlines(tmp_path / "heads.csv")


def test_a_place_that_the_file_does_not_have_is_named(tmp_path: Path) -> None:
    """With those that it has."""
    out = tmp_path / "out"
    proposed(written(tmp_path / "works", "mill.txt"), out, Wish("passphrase"))
    approve(out, lambda row: row.update(place="caption"))
    with pytest.raises(PlanError, match="column place: 'caption'; accepted here: end, before-licence"):
        read_sheet(out)


def drop(name: str) -> Callable[[dict[str, Any]], None]:
    def change(said: dict[str, Any]) -> None:
        del said[name]

    return change


def put(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(said: dict[str, Any]) -> None:
        said[name] = value

    return change


def in_work(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(said: dict[str, Any]) -> None:
        said["works"][0][name] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        *(drop(name) for name in ("channels", "works", "form", "candidates", "key", "works_folder")),
        put("channels", ["../x"]),
        put("channels", ["web", "web"]),
        put("channels", []),
        put("candidates", 1),
        put("candidates", True),
        put("form", "acrostic"),
        put("generator", "traps-v9"),
        put("works", "abc"),
        put("works", [1]),
        in_work("file", "../../etc/passwd"),
        in_work("file", "/etc/passwd"),
        in_work("language", "tlh"),
        in_work("sites", [{}]),
    ],
)
def test_a_twin_that_was_changed_is_refused(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """By name, whatever was done to it."""
    out = tmp_path / "out"
    proposed(written(tmp_path / "works", "mill.txt"), out)
    said = json.loads((out / TWIN).read_text())
    change(said)
    (out / TWIN).write_text(json.dumps(said))
    with pytest.raises(PlanError):
        read_sheet(out)


@pytest.mark.parametrize(
    ("name", "value"), [("start", 3), ("end", 10**9), ("start", -5), ("renderings", ["a", "b"])]
)
def test_a_site_that_no_longer_fits_the_text_is_refused(tmp_path: Path, name: str, value: object) -> None:
    """Nothing is planted at a place that was not shown."""
    out = tmp_path / "out"
    proposed(written(tmp_path / "works", "mill.txt"), out)
    said = json.loads((out / TWIN).read_text())
    said["works"][0]["sites"][0][name] = value
    (out / TWIN).write_text(json.dumps(said))
    approve(out)
    with pytest.raises(PlanError, match="does not fit the text"):
        copies(out)


def test_another_key_than_that_of_the_sheet_is_refused(tmp_path: Path) -> None:
    """It would plant what no test finds."""
    out = tmp_path / "out"
    proposed(written(tmp_path / "works", "mill.txt"), out)
    approve(out)
    with pytest.raises(PlanError, match="key is another"):
        copies(out, TrapKey(bytes(32)))


def test_an_editors_pairs_and_headlines_are_offered(tmp_path: Path) -> None:
    """And published, one side or the other, in all places of a pair alike."""
    out = tmp_path / "out"
    headlines = (Headline("mill.txt", "The Mill", "A Mill by the Sea"),)
    wish = Wish(
        channels=tuple(f"c{n}" for n in range(8)), pairs=(("stayed", "remained"),), headlines=headlines
    )
    proposed(written(tmp_path / "works", "mill.txt"), out, wish)
    approve(out, lambda row: row.update(approve="yes" if row["kind"] in {"pair", "headline"} else "no"))
    texts = {published_texts(copy.planted.trap, KEY) for copy in copies(out)}
    assert len(texts) > 1
    assert {one for text in texts for one in text} == {"The Mill", "A Mill by the Sea", "stayed", "remained"}


def test_a_second_file_of_a_work_is_left_out_and_told(tmp_path: Path) -> None:
    """One trap, one work, one channel."""
    works = written(tmp_path / "works", "mill.txt", "crlf.txt")
    (works / "works.csv").write_text("path,work_id,title\nmill.txt,m1,The Mill\ncrlf.txt,m1,The Mill\n")
    proposal = proposed(works, tmp_path / "out")
    assert [work.work for work in proposal.sheet.works] == ["m1"]
    assert "another file of a work" in proposal.refused[0].detail


def test_a_catalogue_names_the_works(tmp_path: Path) -> None:
    """Its identifiers are those of the traps."""
    works = written(tmp_path / "works", "mill.txt")
    (works / "list.csv").write_text("path,work_id,title\nmill.txt,m1,The Mill of Ours\n")
    proposed(works / "list.csv", tmp_path / "out")
    approve(tmp_path / "out")
    (copy,) = copies(tmp_path / "out")
    assert (copy.planted.trap.work, copy.planted.trap.title) == ("m1", "The Mill of Ours")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("candidates", 1),
        ("candidates", 10**6),
        ("candidates", 33),
        ("channel", "../up"),
        ("form", "passphrase"),
        ("language", "xx"),
        ("file", "../x"),
        ("copy", "sha256:0"),
        ("payload", []),
        ("work", 3),
    ],
)
def test_a_file_of_traps_that_was_changed_is_refused(tmp_path: Path, name: str, value: object) -> None:
    """The trap is named by its number."""
    out = tmp_path / "out"
    proposed(written(tmp_path / "works", "mill.txt"), out)
    approve(out)
    path = write_copies(out, lambda: iter(copies(out)), KEY)
    assert read_traps(path).traps[0].candidates == 32
    said = json.loads(path.read_text())
    said["traps"][0][name] = value
    path.write_text(json.dumps(said))
    with pytest.raises(PlanError, match=r"traps.json, trap 0"):
        read_traps(path)


def test_a_file_of_traps_holds_no_secret(tmp_path: Path) -> None:
    """Neither the key nor which side was published."""
    out = tmp_path / "out"
    proposed(written(tmp_path / "works"), out, Wish("passphrase"))
    approve(out)
    path = write_copies(out, lambda: iter(copies(out)), KEY)
    text = path.read_text("utf-8")
    assert KEY.secret.hex() not in text
    for trap in read_traps(path).traps:
        assert published_texts(trap, KEY)[0] not in text
    assert len(read_traps(path).traps) == len(WORKS)
