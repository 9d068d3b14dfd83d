"""Files that mean harm, or cannot be written back: refused by name, and nothing leaves the folder."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from countermark.documents.archive import MAX_RATIO, RATIO_FROM
from countermark.errors import CountermarkError, DocumentError, InputError, PlanError
from countermark.memorization.traps.planting.applying import write_copies
from countermark.memorization.traps.planting.flow import open_flow, planted
from countermark.memorization.traps.planting.mapping import Edit
from countermark.memorization.traps.planting.proposing import Wish
from documents.written_documents import epub_entries, pdf_bytes, zipped
from memorization.planted_works import CHAPTER, KEY, WORKS, approve, copies, proposed, written

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY x SYSTEM "file:///etc/passwd">]><w><body><p><t>&b;&x;</t></p></body></w>'
)


def docx_entries(**changed: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(WORKS["mill.docx"])) as archive:
        entries: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return entries | {name.replace("__", "/"): data for name, data in changed.items()}


def refused(data: bytes, name: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        open_flow(data, name)
    return caught.value


def test_entities_in_word_are_refused() -> None:
    """Neither laughs nor files of this machine."""
    entries = docx_entries() | {"word/document.xml": BOMB}
    assert refused(zipped(entries), "x.docx").reason == "bomb"


def test_entities_in_an_epub_are_refused_in_its_package_and_inert_in_its_chapters() -> None:
    """A chapter is read as a page is: what it declares means nothing, and the copy holds it as it was."""
    package = BOMB.replace("<w>", "<package>").replace("</w>", "</package>")
    assert refused(zipped(epub_entries() | {"OEBPS/book.opf": package}), "x.epub").reason == "bomb"
    chapter = (
        BOMB.replace("<w>", "<html>").replace("</w>", "</html>").replace("&b;&x;", "douze poules &b; &x;")
    )
    data = zipped(epub_entries() | {"OEBPS/text/chapter 2.xhtml": chapter})
    try:
        flow, _ = open_flow(data, "x.epub")
    except DocumentError as error:
        assert error.reason == "unplantable"  # noqa: PT017  either is right, and neither reads the file
    else:
        assert "root:" not in flow.text
        assert "aaaaaaaaaa" not in flow.text


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/x", "a/../../x", "..\\x", "C:x"])
def test_names_that_leave_the_container_are_refused(name: str) -> None:
    """A copy would hand them on."""
    assert "leaves the container" in str(refused(zipped(epub_entries() | {name: "x"}), "x.epub"))
    assert "leaves the container" in str(refused(zipped(docx_entries() | {name: "x"}), "x.docx"))


def test_a_part_that_stands_twice_is_refused() -> None:
    """Readers disagree on which of the two counts."""
    buffer = io.BytesIO(zipped(epub_entries()))
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("OEBPS/text/chapter 2.xhtml", CHAPTER)
    assert "twice" in str(refused(buffer.getvalue(), "x.epub"))


def test_signed_and_encrypted_containers_are_refused() -> None:
    """A changed copy of a signed one would not verify."""
    assert "signed" in str(refused(zipped(epub_entries() | {"META-INF/signatures.xml": "<s/>"}), "x.epub"))
    assert "signed" in str(refused(zipped(docx_entries() | {"_xmlsignatures/sig1.xml": "<s/>"}), "x.docx"))
    data = bytearray(zipped(docx_entries()))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    assert refused(bytes(data), "x.docx").reason == "encrypted"


def test_a_part_that_inflates_beyond_reason_is_refused() -> None:
    """Also where no reader would have opened it: the copy would hold it."""
    assert MAX_RATIO < 1000
    data = zipped(docx_entries() | {"word/media/image1.png": bytes(RATIO_FROM * 2)})
    flow, _ = open_flow(data, "x.docx")
    with pytest.raises(DocumentError, match="inflates more than"):
        planted(flow, [], "x.docx")


@pytest.mark.parametrize("name", ["book.epub", "mill.docx"])
@pytest.mark.parametrize("cut", [10, 300, -400, -30])
def test_cut_off_containers_are_errors_by_name(name: str, cut: int) -> None:
    """Whatever is missing."""
    with pytest.raises(DocumentError):
        open_flow(WORKS[name][:cut], name)


@pytest.mark.parametrize(
    "body",
    [
        b"<w:body/>",
        b"<w:body><w:p><w:r><w:t>one</w:t></w:r></w:p></w:body>",
        b"<w:body><w:p><w:r><w:t><![CDATA[did not]]></w:t></w:r></w:p></w:body>",
        b"<w:p><w:r><w:t>no body, twelve hens</w:t></w:r></w:p>",
        b'<w:body><w:p w:a="&gt;>"><w:r><w:t>a &lt;b&gt; &#100;id not</w:t></w:r></w:p><w:sectPr/></w:body>',
    ],
)
def test_odd_word_documents_are_planted_or_refused(body: bytes) -> None:
    """Never planted wrongly."""
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    data = zipped(
        docx_entries() | {"word/document.xml": b"<w:document " + space + b">" + body + b"</w:document>"}
    )
    try:
        flow, _ = open_flow(data, "x.docx")
    except DocumentError as error:
        assert error.reason in {"no-text", "unplantable"}  # noqa: PT017
        return
    for place in flow.places:
        planted(flow, [Edit(place.at, place.at, "a line <of> ours & more", place)], "x.docx")


@pytest.mark.parametrize(
    "page",
    [
        "<p>twelve hens</body> after the end",
        "<p>twelve hens",
        "<body><table><tr><td>twelve hens<td>and more</table>",
        "<body><p>a<pre>twelve\nhens\n\n did not</pre><p>z&nbsp &amp &#0; &notanentity; &#xD800;</body>",
        "<body><p>twelve <b>hens<p>did not</i></b><script>twelve</body>",
        "<!--><body><p>x<textarea>did\nnot</textarea>",
        "<body><p title='a > b'>twelve hens</p><p>© 2026 x</p></body></html>",
    ],
)
def test_odd_pages_are_planted_or_refused(page: str) -> None:
    """Unclosed, misplaced, half escaped: what is written reads as it was meant, or is not written."""
    data = f"<!doctype html>{page}".encode()
    try:
        flow, _ = open_flow(data, "x.html")
    except DocumentError as error:
        assert error.reason == "unplantable"  # noqa: PT017
        return
    for place in flow.places:
        try:
            planted(flow, [Edit(place.at, place.at, "a line <of> ours & more", place)], "x.html")
        except DocumentError as error:
            assert error.reason == "unplantable"  # noqa: PT017


def test_bytes_that_cannot_be_written_back_are_refused() -> None:
    """A file that is not quite UTF-8 would lose what it holds."""
    assert refused("Ça fait douze clés".encode() * 20 + b"\xff\xfe\xfa", "x.txt").reason == "unplantable"
    assert refused(b"twelve hens did not " * 100 + b"\0", "x.txt").reason == "unplantable"


def test_a_character_that_an_encoding_lacks_is_named() -> None:
    """In text; a page writes it as a reference."""
    flow, _ = open_flow(WORKS["crlf.txt"], "crlf.txt")
    with pytest.raises(DocumentError, match=r"cp1252, which has no 'ł'"):
        planted(flow, [Edit(0, 3, "zł")], "crlf.txt")
    page = "<!doctype html><meta charset=windows-1252><body><p>caf\xe9 twelve</p></body>".encode("cp1252")
    html, _ = open_flow(page, "x.html")
    assert b"z&#322;" in planted(html, [Edit(0, 4, "zł")], "x.html")


def test_formats_that_cannot_be_planted_are_refused_by_name(tmp_path: Path) -> None:
    """PDF can be read, and not planted."""
    assert "PDF, which cannot be planted" in str(refused(pdf_bytes("twelve hens"), "x.pdf"))
    (tmp_path / "x.pdf").write_bytes(pdf_bytes("The twelve hens"))
    with pytest.raises(InputError, match=r"nothing in it that can be planted; the first: x.pdf: is PDF"):
        proposed(tmp_path, tmp_path / "out", Wish(language="en"))


def test_a_work_that_changed_since_is_refused(tmp_path: Path) -> None:
    """The editor approved another text."""
    works, out = written(tmp_path / "works", "mill.txt"), tmp_path / "out"
    proposed(works, out)
    approve(out)
    (works / "mill.txt").write_bytes(WORKS["mill.txt"] + b"more")
    with pytest.raises(PlanError, match=r"mill.txt: changed since the sheet was made"):
        copies(out)
    (works / "mill.txt").unlink()
    with pytest.raises(PlanError, match="does not exist"):
        copies(out)


def test_nothing_is_written_where_a_copy_cannot_be(tmp_path: Path) -> None:
    """traps.json comes last: without it, nothing counts as planted."""
    works, out = written(tmp_path / "works", "mill.txt"), tmp_path / "out"
    proposed(works, out)
    approve(out)
    (out / "copies").write_text("in the way")
    with pytest.raises(CountermarkError):
        write_copies(out, lambda: iter(copies(out)), KEY)
    assert not (out / "traps.json").exists()


def test_a_folder_with_a_link_out_of_it_is_not_followed(tmp_path: Path) -> None:
    """The works are read as they are for an index."""
    outside = tmp_path / "secret.txt"
    outside.write_text("twelve hens did not go to the sea and the mill")
    works = written(tmp_path / "works", "mill.txt")
    (works / "link.txt").symlink_to(outside)
    proposal: Any = proposed(works, tmp_path / "out")
    assert [work.file for work in proposal.sheet.works] == ["mill.txt"]
    assert "links" in proposal.refused[0].detail
