"""Bombs, entities, nesting and lying names in EPUB, DOCX and ODT."""

from __future__ import annotations

import pytest

from countermark.documents import extract
from countermark.documents.archive import Archive
from countermark.errors import DocumentError
from documents.written_documents import epub_entries, odt_entries, zipped

_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
_FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _reason(entries: dict[str, str | bytes]) -> str:
    with pytest.raises(DocumentError) as caught:
        extract(zipped(entries), name="a.odt")
    return caught.value.reason


def test_a_part_that_inflates_too_much_is_refused() -> None:
    """Ten megabytes of zeros in ten kilobytes, in a part that is read."""
    assert _reason({**odt_entries(), "content.xml": bytes(10 << 20)}) == "bomb"


def test_a_container_may_inflate_to_so_much_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit counts what is read, over all parts."""
    monkeypatch.setattr("countermark.documents.archive.MAX_READ", 1000)
    archive = Archive(zipped({"a": b"x" * 600, "b": b"y" * 600}))
    assert len(archive.read("a")) == 600
    with pytest.raises(DocumentError, match="inflates to more than 1,000 bytes"):
        archive.read("b")


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any of them is read."""
    monkeypatch.setattr("countermark.documents.archive.MAX_ENTRIES", 2)
    assert _reason(odt_entries()) == "bomb"


@pytest.mark.parametrize("doctype", [_LAUGHS, _FILE])
@pytest.mark.parametrize("part", ["content.xml", "meta.xml"])
def test_entities_are_refused(doctype: str, part: str) -> None:
    """Neither expanded nor fetched."""
    entries = odt_entries()
    entries[part] = doctype + str(entries[part])
    assert _reason(entries) == "bomb"


def test_a_container_with_entities_is_refused() -> None:
    """The same in an EPUB's container.xml."""
    entries = epub_entries()
    entries["META-INF/container.xml"] = _LAUGHS + str(entries["META-INF/container.xml"])
    assert _reason(entries) == "bomb"


def test_a_million_nested_elements_are_refused_in_office_files() -> None:
    """Unknown elements may nest, but not without end."""
    assert _reason(odt_entries("<t:p>" * 1_000_000)) == "bomb"


def test_a_million_nested_elements_are_read_in_a_chapter() -> None:
    """A chapter is a page: the walk over its tokens does not care."""
    entries = epub_entries()
    nested = b"".join(b"<i>" if n % 7 else b"<b class='%d'>" % n for n in range(1_000_000))
    entries["OEBPS/text/chapter 1.xhtml"] = b"<html><body>" + nested + b"deep"
    assert extract(zipped(entries), name="a.epub").text.startswith("deep\n\n")


def test_names_that_lead_out_reach_nothing() -> None:
    """Nothing is unpacked, and a path out of the container is only a name that is not in it."""
    entries = epub_entries()
    entries["../../etc/passwd"] = "root"
    package = str(entries["OEBPS/book.opf"])
    entries["OEBPS/book.opf"] = package.replace("text/chapter%201.xhtml", "../../../../etc/passwd")
    book = extract(zipped(entries), name="a.epub")
    assert "root" not in book.text
    assert "/etc/passwd" in book.warnings[0]


def test_a_million_spaces_are_not_a_billion() -> None:
    """`<text:s c="1000000000"/>` is bounded."""
    assert len(extract(zipped(odt_entries("<t:p>a<t:s t:c='99999999'/>b</t:p>")), name="a").text) < 2000


def test_encrypted_office_files_and_books_say_so() -> None:
    """The reason is the password or the DRM, not damage."""
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    assert _reason({**odt_entries(), "META-INF/manifest.xml": manifest}) == "encrypted"
    entries = epub_entries()
    for number in (1, 2, 3):
        entries[f"OEBPS/text/chapter {number}.xhtml"] = bytes(range(256)) * 4
    entries["META-INF/encryption.xml"] = "<encryption/>"
    assert _reason(entries) == "encrypted"
