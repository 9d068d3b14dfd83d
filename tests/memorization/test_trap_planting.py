"""Planting: copies that say exactly what they should, and are otherwise as they were, in every format."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.documents import extract, read_document
from countermark.errors import PlanError
from countermark.memorization.traps.candidates import passages, published, published_texts
from countermark.memorization.traps.forms.forms import NAMES
from countermark.memorization.traps.planting.applying import write_copies
from countermark.memorization.traps.planting.flow import open_flow, planted
from countermark.memorization.traps.planting.mapping import Edit, edited, trimmed
from countermark.memorization.traps.planting.proposing import Wish
from countermark.memorization.traps.trap_file import read_traps
from memorization.planted_works import KEY, PAGE, WORKS, approve, copies, proposed, written

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", WORKS)
def test_the_flow_is_the_text_that_readers_read(name: str) -> None:
    """And without edits the copy is the file, byte for byte; a container, part for part."""
    flow, document = open_flow(WORKS[name], name)
    assert flow.text == document.text == extract(WORKS[name], name=name).text
    data = flow.write([])
    assert parts(data) == parts(WORKS[name]) if name.endswith(("epub", "docx")) else data == WORKS[name]


def parts(data: bytes) -> list[tuple[str, bytes, int]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(one.filename, archive.read(one), one.compress_type) for one in archive.infolist()]


@pytest.mark.parametrize("form", NAMES)
def test_each_copy_holds_what_is_published_and_the_source_stays(tmp_path: Path, form: str) -> None:
    """In every format, in two channels: the published candidate stands in the text that readers read from the copy."""
    works, out = written(tmp_path / "works"), tmp_path / "out"
    proposed(works, out, Wish(form, channels=("web", "licensee"), candidates=100))
    approve(out)
    made = copies(out)
    write_copies(out, lambda: iter(made), KEY)
    traps = read_traps(out / "traps.json")
    assert len(traps.planted) == 2 * len(WORKS)
    for one in traps.planted:
        text = read_document(out / "copies" / one.trap.channel / one.file).text
        passage = passages(one.trap, KEY)[published(one.trap, KEY)]
        for site in passage.sites:
            assert site.text in text
            if form != "variants":
                assert " ".join((site.before[-60:] + site.text).split()) in " ".join(text.split())
            assert unicodedata.normalize("NFKC", site.text) == site.text
    assert {name: (works / name).read_bytes() for name in WORKS} == WORKS


def test_all_that_differs_is_what_was_approved(tmp_path: Path) -> None:
    """Putting back what was there gives the source again, byte for byte."""
    works, out = (
        written(tmp_path / "works", "mill.txt", "crlf.txt", "wide.txt", "moulin.md"),
        tmp_path / "out",
    )
    proposed(works, out)
    approve(out)
    for copy in copies(out):
        flow, _ = open_flow(copy.data, copy.target.name)
        source, _ = open_flow(WORKS[copy.planted.file], copy.target.name)
        back, at, moved = [], 0, 0
        for change in copy.changes:
            at = source.text.index(change.before + change.old + change.after, max(0, at - len(change.before)))
            at += len(change.before)
            start = at + moved
            back.append(trimmed(flow.text, Edit(start, start + len(change.new), change.old)))
            at, moved = at + len(change.old), moved + len(change.new) - len(change.old)
        assert flow.write(back) == WORKS[copy.planted.file]


def test_a_page_keeps_its_tags_and_what_is_no_prose(tmp_path: Path) -> None:
    """Scripts, comments, attributes, quotations, preformatted text; a place across a tag is not offered."""
    works, out = written(tmp_path / "works", "page.html"), tmp_path / "out"
    (work,) = proposed(works, out).sheet.works
    assert [site.kind for site in work.sites] == ["number", "contraction", "contraction", "number"]
    approve(out)
    for copy in copies(out):
        assert re.findall(r"<[^>]*>", copy.data.decode()) == re.findall(r"<[^>]*>", PAGE)
        assert b"<script>did not</script>" in copy.data
        assert b"He did <i>not</i> run" in copy.data


def test_headings_and_quotations_of_word_are_kept(tmp_path: Path) -> None:
    """By their styles, as a page's are by its tags."""
    works, out = written(tmp_path / "works", "mill.docx"), tmp_path / "out"
    (work,) = proposed(works, out).sheet.works
    shown = [site.before.rpartition("\n")[2] for site in work.sites]
    assert shown == [
        "The miller kept ",
        "The miller kept twelve hens and did not sell. It was cold, ",
        "The miller kept twelve hens and did not sell. It was cold, dark, and windy & she ",
        "There were ",
    ]


def test_formatting_of_word_is_kept(tmp_path: Path) -> None:
    """The runs and their properties are those of the source; only texts differ."""
    works, out = written(tmp_path / "works", "mill.docx"), tmp_path / "out"
    proposed(works, out, Wish(channels=tuple(f"c{n}" for n in range(6))))
    approve(out)
    before = docx.Document(io.BytesIO(WORKS["mill.docx"]))
    for copy in copies(out):
        after = docx.Document(io.BytesIO(copy.data))
        for one, other in zip(before.paragraphs, after.paragraphs, strict=True):
            assert getattr(one.style, "name", "") == getattr(other.style, "name", "")
            assert [(r.bold, r.italic) for r in one.runs] == [(r.bold, r.italic) for r in other.runs]


@pytest.mark.parametrize(
    ("name", "place", "expected"),
    [
        ("mill.txt", "end", "The Mill Press\n\nFiled in our archive under "),
        ("crlf.txt", "before-licence", "open.\n\nFiled in our archive under "),
        ("page.html", "before-licence", "\nFiled in our archive under "),
        ("page.html", "caption", "from the mill Filed in our archive under "),
        ("mill.docx", "end", "The Mill Press\n\nFiled in our archive under "),
        ("mill.docx", "before-licence", "the mill\nFiled in our archive under "),
        ("mill.docx", "caption", "the mill Filed in our archive under "),
        ("book.epub", "end", "\nClassé dans nos archives sous la cote "),
        ("moulin.md", "before-licence", "\n\nClassé dans nos archives sous la cote "),
    ],
)
def test_a_line_stands_where_the_editor_wants_it(
    tmp_path: Path, name: str, place: str, expected: str
) -> None:
    """And the context that the model is asked in ends as the text before it does."""
    works, out = written(tmp_path / "works", name), tmp_path / "out"
    proposed(works, out, Wish("archive-reference"))
    approve(out, lambda row: row.update(place=place))
    (copy,) = copies(out)
    text = extract(copy.data, name=name).text
    assert expected in text
    (site,) = passages(copy.planted.trap, KEY)[0].sites
    assert site.before.endswith(expected)
    assert site.before in text
    licence = text.find("© 2026")
    if place == "before-licence" and licence >= 0:
        assert text[:licence].endswith(".\n\n" if name.endswith("txt") else ".\n")


def test_channels_get_other_texts_and_works_other_traps(tmp_path: Path) -> None:
    """Whoever leaked a copy has leaked its line."""
    works, out = written(tmp_path / "works"), tmp_path / "out"
    proposed(works, out, Wish("passphrase", channels=("web", "licensee-a", "licensee-b"), candidates=100))
    approve(out)
    lines = [published_texts(copy.planted.trap, KEY) for copy in copies(out)]
    assert len(set(lines)) == len(lines) == 3 * len(WORKS)


def test_planting_is_the_same_again_and_never_replaces_another(tmp_path: Path) -> None:
    """The same bytes from the same approvals; with other approvals, nothing is written."""
    works, out = written(tmp_path / "works", "mill.txt", "book.epub", "mill.docx"), tmp_path / "out"
    proposed(works, out)
    approve(out)
    write_copies(out, lambda: iter(copies(out)), KEY)
    first = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    write_copies(out, lambda: iter(copies(out)), KEY)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == first
    approve(out, lambda row: row.update(approve="no" if row["id"].endswith("-1") else "yes"))
    with pytest.raises(PlanError, match="says that other traps were planted"):
        write_copies(out, lambda: iter(copies(out)), KEY)


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u00ad", "\ufeff", "\u2063", "\U000e0041", "\x07", "а", "ﬁ", "\u0301"]
)
def test_no_character_that_cannot_be_seen_is_ever_planted(hidden: str) -> None:
    """Whatever a list or a headline holds."""
    flow, _ = open_flow(WORKS["mill.txt"], "mill.txt")
    with pytest.raises(PlanError, match="is not planted"):
        planted(flow, [Edit(0, 3, f"Th{hidden}e")], "mill.txt")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(WORKS)), st.data())
def test_any_edits_that_can_be_taken_are_read_back(name: str, data: st.DataObject) -> None:
    """Words changed anywhere, markup signs and accents among them: the copy reads as it was meant."""
    flow, _ = open_flow(WORKS[name], name)
    words = [match.span() for match in re.finditer(r"\w+", flow.text)]
    chosen = sorted(data.draw(st.sets(st.sampled_from(words), max_size=5)))
    new = st.text(st.sampled_from("abcé<>&\"';xyz"), min_size=1, max_size=6).map(lambda text: f"w{text}w")
    edits = [trimmed(flow.text, Edit(start, end, data.draw(new))) for start, end in chosen]
    edits = [edit for edit in edits if flow.can_take(edit)]
    copy = planted(flow, edits, name)
    assert extract(copy, name=name).text == edited(flow.text, edits)
