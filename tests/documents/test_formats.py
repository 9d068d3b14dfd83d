"""Every format is read whole, with its metadata, and told by its content."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter

from countermark.documents import extract, read_document
from countermark.errors import DocumentError
from documents.written_documents import PARAGRAPHS, docx_bytes, epub_entries, odt_entries, pdf_bytes, zipped

if TYPE_CHECKING:
    from pathlib import Path


def test_an_epub_is_read_in_the_order_of_its_spine() -> None:
    """Title, author, language and the date of the edition come from the package document."""
    book = extract(zipped(epub_entries()), name="book.epub")
    assert book.text == "\n\n".join(PARAGRAPHS)
    assert (book.title, book.author, book.language) == ("The Copyist", "A. Writer", "fr")
    assert (book.format, book.published, book.warnings) == ("epub", date(2019, 5, 3), ())


def test_an_epub_without_one_chapter_says_so() -> None:
    """A missing chapter is a warning; the others are read."""
    entries = epub_entries()
    del entries["OEBPS/text/chapter 2.xhtml"]
    book = extract(zipped(entries), name="book.epub")
    assert book.text == f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[2]}"
    assert "chapter 2.xhtml" in book.warnings[0]


def test_a_docx_is_read_with_its_tables_and_footnotes() -> None:
    """Notes come last; separators and deleted text do not come at all."""
    document = extract(docx_bytes(), name="a.docx")
    assert document.text.startswith("\n".join(PARAGRAPHS) + "\n")
    assert document.text.endswith("in a cell\nA note.")
    assert "gone" not in document.text
    assert (document.title, document.author, document.format) == ("The Copyist", "A. Writer", "docx")
    assert document.published is None


def test_an_odt_is_read_with_its_notes_at_the_end() -> None:
    """Comments and tracked deletions are no part of the text; spaces and tabs are."""
    document = extract(zipped(odt_entries()), name="a.odt")
    assert document.text == "\n".join([*PARAGRAPHS[:2], PARAGRAPHS[2] + "  end", "of\ttext", "A note."])
    assert (document.title, document.author, document.format) == ("The Copyist", "A. Writer", "odt")


def test_a_pdf_is_read_page_by_page() -> None:
    """Text in order, title and author; a page without text is told."""
    document = extract(pdf_bytes("First page, caf\xe9.", "", "Third page."), name="a.pdf")
    assert document.text.split() == ["First", "page,", "café.", "Third", "page."]
    assert (document.title, document.author, document.published) == ("The Copyist", "A. Writer", None)
    assert "1 of 3 pages hold no text" in document.warnings


def test_the_title_that_a_word_processor_makes_up_is_no_title() -> None:
    """`Microsoft Word - x.doc` says nothing of the work."""
    assert extract(pdf_bytes("Text.", title="Microsoft Word - x.doc"), name="a.pdf").title == ""


def test_scanned_and_encrypted_pdfs_are_refused_with_their_reason() -> None:
    """What to do stands in the message."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_bytes("Secret."))))
    writer.encrypt("a password", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    for data, reason, said in (
        (pdf_bytes("", ""), "no-text", "OCR"),
        (buffer.getvalue(), "encrypted", "password"),
    ):
        with pytest.raises(DocumentError, match=said) as caught:
            extract(data, name="a.pdf")
        assert caught.value.reason == reason


def test_a_page_gives_its_metadata() -> None:
    """Title, author, language and date of publication from the head."""
    page = (
        "<!doctype html><html lang='fr'><head><title>L&rsquo;art </title><meta content='A. Writer' name=author>"
        "<meta property='article:published_time' content='2021-03-04T05:06:07Z'></head><p>Text</p>"
    )
    document = extract(page.encode(), name="a.html")
    assert (document.text, document.title, document.author) == ("Text", "L’art", "A. Writer")
    assert (document.language, document.published) == ("fr", date(2021, 3, 4))


@pytest.mark.parametrize(
    ("source", "title", "author"),
    [
        ("---\ntitle: 'The Copyist'\nauthor: A. Writer\n---\n# Other\n", "The Copyist", "A. Writer"),
        ("Title: The Copyist\nAuthor: A. Writer\n\nText", "The Copyist", "A. Writer"),
        ("Some words.\n\n# The Copyist #\n", "The Copyist", ""),
        ("No heading at all.", "", ""),
    ],
)
def test_markdown_gives_its_front_matter_or_heading(source: str, title: str, author: str) -> None:
    """The text itself is kept as it is, markup included."""
    document = extract(source.encode(), name="a.md")
    assert (document.text, document.title, document.author, document.format) == (
        source,
        title,
        author,
        "markdown",
    )


def test_line_endings_are_kept_but_for_crlf() -> None:
    """Offsets count in this text."""
    assert extract(b"a\r\nb\rc\nd", name="a.txt").text == "a\nb\rc\nd"


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (pdf_bytes("Text."), "a.txt", "pdf"),
        (zipped(epub_entries()), "a.docx", "epub"),
        (b"<!DOCTYPE html><p>Text</p>", "a.txt", "html"),
        ("<html><p>Text</p>".encode("utf-16"), "a.txt", "html"),
        (b"Plain words.", "a.pdf", "text"),
        (b"Plain words.", "a.epub", "text"),
        (zipped(odt_entries()), "a.html", "odt"),
    ],
)
def test_a_wrong_label_is_told_and_the_content_is_read(data: bytes, name: str, found: str) -> None:
    """What a file is wins over what it is called."""
    document = extract(data, name=name)
    assert document.format == found
    assert f"but is {found}" in document.warnings[0]


def test_a_media_type_says_format_and_charset() -> None:
    """As a server would send it."""
    document = extract("Ружа".encode("cp1251"), name="page", media_type='text/html; charset="windows-1251"')
    assert (document.text, document.format, document.encoding, document.warnings) == (
        "Ружа",
        "html",
        "cp1251",
        (),
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"<html><script>x</script></html>", "no-text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40), "binary"),
        (b"{\\rtf1 text}", "unsupported"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unsupported"),
        (zipped({"a.txt": "text"}), "unsupported"),
        (b"%PDF-1.7\nnothing more", "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    """Reasons are stable words, for counting."""
    with pytest.raises(DocumentError) as caught:
        extract(data, name="a.html" if reason == "binary" else "a")
    assert caught.value.reason == reason


@pytest.mark.parametrize("make", [lambda: zipped(epub_entries()), docx_bytes, lambda: zipped(odt_entries())])
def test_a_container_cut_off_anywhere_is_refused(make: object) -> None:
    """A truncated download is damaged, whatever remains of it."""
    data = make()  # type: ignore[operator]
    for part in (1, 3, 5, 7):
        with pytest.raises(DocumentError) as caught:
            extract(data[: len(data) * part // 8], name="a.epub")
        assert caught.value.reason == "damaged"


def test_a_pdf_cut_off_is_read_or_refused() -> None:
    """Some are repaired; none raises anything else."""
    data = pdf_bytes("First.", "Second.")
    for end in range(40, len(data), 97):
        try:
            assert extract(data[:end], name="a.pdf").format == "pdf"
        except DocumentError as error:
            assert error.reason in {"damaged", "no-text"}  # noqa: PT017 - either outcome is right


def test_read_document_names_the_file(tmp_path: Path) -> None:
    """From a path: the document, or a message that begins with the path."""
    (tmp_path / "a.txt").write_text("Mots à garder.", encoding="utf-8")
    assert read_document(tmp_path / "a.txt").text == "Mots à garder."
    for name, reason in (("none.txt", "missing"), (".", "unreadable")):
        with pytest.raises(DocumentError) as caught:
            read_document(tmp_path / name)
        assert caught.value.reason == reason
        assert str(caught.value).startswith(str(tmp_path / name))
