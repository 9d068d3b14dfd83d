"""Streamed XML: whole records, lines, freed memory, and one clear refusal where a file cannot be read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.importers.base import CatalogFile
from countermark.works.importers.xml_stream import child_text, line_of, local, plain_text, records, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def catalog_file(data: bytes) -> CatalogFile:
    return CatalogFile("list.xml", "", data[:65536], lambda: io.BytesIO(data))


def read(data: bytes, tags: Iterable[str] = ("Product",), **options: int) -> tuple[list[str], list[Refusal]]:
    """The texts of the records, and the refusals."""
    texts, refusals = [], []
    for record in records(catalog_file(data), set(tags), **options):
        if isinstance(record, Refusal):
            refusals.append(record)
        else:
            texts.append(text_of(record))
    return texts, refusals


WHOLE = b"<M>\n<Product><a>1</a></Product>\n<Product><a>2</a></Product>\n"


def elements(data: bytes) -> Iterator[etree._Element]:
    """Each record, before the next one is read."""
    for record in records(catalog_file(data), {"Product"}):
        assert not isinstance(record, Refusal)
        yield record


def test_gives_records_with_their_lines() -> None:
    assert [line_of(record) for record in elements(WHOLE + b"</M>")] == [2, 3]


def test_knows_lines_beyond_65535() -> None:
    data = (
        b"<M>" + b"\n" * 100_000 + b"<Product>\n\n<a>x</a></Product>\n<Product/>\n<Product>\n1</Product></M>"
    )
    assert [line_of(record) for record in elements(data)] == [100_001, 100_004, 100_005]


def test_names_are_local_and_prefixes_do_not_matter() -> None:
    data = b'<o:M xmlns:o="urn:x"><o:Product><o:a>1</o:a></o:Product></o:M>'
    assert [(local(record), child_text(record, "a")) for record in elements(data)] == [("Product", "1")]


def test_a_record_within_a_record_stays_in_it() -> None:
    assert read(b"<M><Product>1<Product>2</Product></Product><Product>3</Product></M>") == (["12", "3"], [])


def test_records_in_containers_of_their_own_are_freed() -> None:
    data = b"<M>" + b"<w><Product>1</Product><x/></w>" * 3_000 + b"</M>"
    left = max(len(record.getroottree().getroot()) for record in elements(data))
    # what was parsed in the same piece of the file and not yet given stands there still, nothing else
    assert left <= 65_536 // 31 + 2


def test_html_names_are_resolved_with_a_doctype_and_without() -> None:
    body = b"<M><Product a='&eacute;'>caf&eacute; &mdash; &amp; &#233;</Product></M>"
    doctype = (
        b'<?xml version="1.0"?>\n<!DOCTYPE M SYSTEM\n "http://www.editeur.org/onix/2.1/reference/onix.dtd">\n'
    )
    for data, line in ((body, 1), (doctype + body, 4)):
        for record in elements(data):
            assert (text_of(record), record.get("a"), line_of(record)) == ("café — & é", "é", line)


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10 if i else b"lol") for i in range(10))


@pytest.mark.parametrize(
    "subset",
    [
        LAUGHS,
        b'<!ENTITY a "' + b"x" * 50_000 + b'">',
        b'<!ENTITY a SYSTEM "file:///etc/passwd">',
        b'<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;',
        b'<!ATTLIST Product a CDATA "x">',
        b"<!-- [ ]> --><!ENTITY a 'x'>",
    ],
)
def test_a_doctype_with_declarations_is_refused(subset: bytes) -> None:
    data = (
        b"<?xml version='1.0'?><!-- <M> -->\n<!DOCTYPE M [" + subset + b"]><M><Product>&a;&l9;</Product></M>"
    )
    with pytest.raises(CatalogError, match="line 2: its DOCTYPE declares entities"):
        read(data)


@pytest.mark.parametrize("padding", [65_530, 65_536 - 9, 70_000])
def test_a_doctype_behind_a_long_comment_is_refused_too(padding: int) -> None:
    data = (
        b"<!--" + b"x" * (padding - 7) + b"--><!DOCTYPE M [<!ENTITY a 'boo'>]><M><Product>&a;</Product></M>"
    )
    with pytest.raises(CatalogError, match=r"list\.xml"):
        read(data)


def test_an_entity_that_nothing_declares_ends_the_reading() -> None:
    texts, refusals = read(WHOLE + b"<Product>&nosuch;</Product><Product>4</Product></M>")
    assert texts == ["1", "2"]
    assert [(r.reason, r.row) for r in refusals] == [("entity", 4)]
    assert "nosuch" in refusals[0].detail


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (b"<Product><a>3", "truncated"),
        (b"", "truncated"),
        (b"<Product><a>3</b></Product></M>", "malformed"),
        (b"</M><M/>", "malformed"),
        (b"<Product>\x00</Product></M>", "malformed"),
        (b"<Product>caf\xe9</Product></M>", "encoding"),
        (b"<Product x:y='1'/></M>", "malformed"),
        (b"<Product>" + b"<a>" * 300 + b"</a>" * 300 + b"</Product></M>", "too-large"),
        (b"<Product>" + b"x" * 11_000_000 + b"</Product></M>", "too-large"),
    ],
)
def test_gives_what_is_whole_and_then_one_refusal(rest: bytes, reason: str) -> None:
    texts, refusals = read(WHOLE + rest)
    assert texts[:2] == ["1", "2"]
    assert [(r.where, r.reason) for r in refusals] == [("list.xml", reason)]
    assert refusals[0].row >= 3
    assert f"line {refusals[0].row}" in refusals[0].detail


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"title;isbn\n",
        b"<M>",
        b"<M><Product>",
        b"\n<?xml version='1.0'?><M/>",
        b"<!DOCTYPE M",
    ],
)
def test_a_file_without_anything_whole_is_an_error(data: bytes) -> None:
    with pytest.raises(CatalogError, match=r"list\.xml"):
        read(data)


def test_a_record_has_a_largest_size() -> None:
    texts, refusals = read(WHOLE + b"<Product>" + b"<a>more</a>" * 50_000, max_bytes=200_000)
    assert texts == ["1", "2"]
    assert [r.reason for r in refusals] == ["too-large"]
    assert "200,000 bytes" in refusals[0].detail


def test_what_stands_between_records_has_a_largest_size() -> None:
    _, refusals = read(WHOLE + b"<junk>more</junk>" * 50_000, max_bytes=200_000)
    assert [r.reason for r in refusals] == ["too-large"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "koi8-r"])
def test_reads_declared_encodings(encoding: str) -> None:
    text = "Ямб" if encoding == "koi8-r" else "Éléonore"
    declared = encoding.removesuffix("-sig")
    data = f'<?xml version="1.0" encoding="{declared}"?><M><Product>{text}</Product></M>'.encode(encoding)
    assert read(data) == ([text], [])


def test_windows_quotes_in_a_file_that_says_latin_1() -> None:
    assert read(b'<?xml version="1.0" encoding="ISO-8859-1"?><M><Product>l\x92\xe9t\xe9</Product></M>') == (
        ["l’été"],
        [],
    )


@pytest.mark.parametrize("name", ["UTF-7", "hz-gb-2312", "klingon", "utf-32"])
def test_encodings_that_could_hide_markup_are_refused(name: str) -> None:
    with pytest.raises(CatalogError, match="is not accepted; accepted are UTF-8"):
        read(f'<?xml version="1.0" encoding="{name}"?><M><Product/></M>'.encode())


def test_a_cut_utf_16_file_is_refused_where_it_ends() -> None:
    data = '<?xml version="1.0" encoding="UTF-16"?><M><Product>1</Product><Product>2</Product></M>'.encode(
        "utf-16"
    )
    texts, refusals = read(data[:-1])
    assert texts == ["1", "2"]
    assert [r.reason for r in refusals] == ["encoding"]


def test_a_stream_that_breaks_is_refused() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 80_000:
                raise EOFError("compressed file ended")
            return super().read(size)

    data = b"<M>" + b"<Product>1</Product>" * 10_000
    file = CatalogFile("list.xml", "", data[:65536], lambda: Broken(data))
    *rest, last = records(file, {"Product"})
    assert isinstance(last, Refusal)
    assert last.reason == "damaged"
    assert len(rest) > 3_000


def test_texts() -> None:
    element = etree.fromstring("<t>One <i>fine</i>\n day</t>")
    assert text_of(element) == "One fine day"
    assert plain_text(element) == "One fine day"
    assert (
        plain_text(etree.fromstring("<t>&lt;p&gt;R &amp;amp; D&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;</t>"))
        == "R & D two"
    )
    assert plain_text(etree.fromstring("<t><p>one</p><p>two</p></t>")) == "one two"
    assert plain_text(etree.fromstring("<t/>")) == ""


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, len(WHOLE) + 4), byte=st.integers(0, 255))
def test_any_changed_byte_gives_records_or_a_message(at: int, byte: int) -> None:
    data = bytearray(WHOLE + b"</M>x")
    data[at] = byte
    try:
        texts, refusals = read(bytes(data))
    except CatalogError:
        return
    assert len(texts) <= 2
    assert len(refusals) <= 1
