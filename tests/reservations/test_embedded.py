"""What stands within files: every container, alone and damaged, and that nothing damaged says `allowed`."""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.reservations.containers import manifest
from countermark.reservations.containers.kind import kind_of
from countermark.reservations.embedded import read_embedded
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge
from countermark.reservations.words import room_languages, sentence
from reservations import embedded_files as files

MAKERS: dict[str, Callable[[bytes], bytes]] = {
    "a.jpg": files.jpeg,
    "a.png": files.png,
    "b.png": lambda xmp: files.png(xmp, squeezed=True),
    "a.webp": files.webp,
    "a.tif": files.tiff,
    "b.tif": lambda xmp: files.tiff(xmp, ">"),
    "a.gif": files.gif,
    "a.avif": files.heif,
    "a.xmp": lambda xmp: xmp,
    "a.pdf": files.pdf,
    "b.pdf": lambda xmp: files.pdf(xmp, streams=True),
    "a.psd": lambda xmp: b"8BPS\0\1" + b"\0" * 20 + xmp,
    "a.svg": lambda xmp: (
        b"<svg xmlns='http://www.w3.org/2000/svg'><metadata>"
        + xmp[xmp.find(b"<x:") : xmp.rfind(b"<?")]
        + b"</metadata></svg>"
    ),
}


def _read(data: bytes, name: str = "a.jpg") -> Reading:
    return read_embedded(data, name, Target(), Place(name))


def _verdict(data: bytes, name: str) -> dict[str, str]:
    verdict = judge(Target(), [_read(data, name)])
    return {
        str(use): str(said.answer) for use, said in verdict.uses.items() if said.answer is not Answer.UNKNOWN
    }


def _codes(data: bytes, name: str) -> list[str]:
    return [remark.code for remark in _read(data, name).remarks if remark.protocol in {"embedded", "cawg"}]


MINING = {"tdm": "reserved", "train": "reserved", "generative": "reserved"}


@pytest.mark.parametrize("name", MAKERS)
def test_tdmrep_and_plus_are_found_in_every_container(name: str) -> None:
    assert _verdict(MAKERS[name](files.RESERVED), name) == MINING
    assert _verdict(MAKERS[name](files.PROHIBITED), name) == {**MINING, "input": "reserved"}
    assert _codes(MAKERS[name](files.PROHIBITED), name) == []


@pytest.mark.parametrize("name", [name for name in MAKERS if name not in {"a.xmp", "a.svg"}])
def test_a_container_without_metadata_says_nothing(name: str) -> None:
    assert not _read(MAKERS[name](b""), name)


@pytest.mark.parametrize("package", [files.OPF2, files.OPF3])
def test_epub_metas(package: str) -> None:
    meta = (
        '<meta name="tdm:reservation" content="1"/>'
        if package == files.OPF2
        else '<meta property="tdm:reservation">1</meta>'
    )
    assert _verdict(files.epub(meta, package), "a.epub") == MINING
    assert _verdict(files.epub("", package), "a.epub") == {}


def test_content_is_believed_before_the_name() -> None:
    assert _verdict(files.png(files.RESERVED), "a.jpg") == MINING
    assert _codes(b"<html>not found</html>", "a.pdf") == ["embedded.not-what-it-says"]
    assert _codes(b"plain text", "a.txt") == []


def _extended(whole: bytes, main: bytes, *, lost: bool = False) -> bytes:
    name = hashlib.md5(whole).hexdigest().upper().encode()  # noqa: S324 - the format names pieces by it
    pieces = []
    for offset in range(0, len(whole), 100):
        head = b"http://ns.adobe.com/xmp/extension/\0" + name + len(whole).to_bytes(4) + offset.to_bytes(4)
        pieces.append(files.segment(0xE1, head + whole[offset : offset + 100]))
    named = main.replace(b"@@", name)
    return files.jpeg(named, *(pieces[1:] if lost else pieces))


def test_extended_xmp_of_a_jpeg_is_put_together_or_leaves_doubt() -> None:
    note = ' xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="@@"'
    main = files.packet("", note)
    assert _verdict(_extended(files.RESERVED, main), "a.jpg") == MINING
    assert _codes(_extended(files.RESERVED, main, lost=True), "a.jpg") == ["embedded.incomplete"]


def test_the_raw_profile_of_imagemagick_is_read() -> None:
    dump = b"\nxmp\n%8d\n" % len(files.RESERVED) + files.RESERVED.hex().encode()
    body = b"Raw profile type xmp\0\0" + zlib.compress(dump)
    whole = files.png()
    at = whole.index(b"IDAT") - 4
    assert _verdict(whole[:at] + files.chunk(b"zTXt", body) + whole[at:], "a.png") == MINING


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "b.png", "a.webp", "a.tif", "a.gif", "a.avif"])
def test_a_file_that_is_cut_within_its_metadata_leaves_doubt(name: str) -> None:
    whole = MAKERS[name](files.ALLOWED)
    start = whole.find(b"x:xmpmeta") if name != "b.png" else whole.find(b"iTXt") + 40
    reading = _read(whole[: start + 60], name)
    assert any(remark.doubt for remark in reading.remarks)
    assert all(a is Answer.UNKNOWN for a in (judge(Target(), [reading]).answer(use) for use in Use))


def test_a_reservation_is_found_behind_a_broken_part() -> None:
    broken = files.jpeg(files.RESERVED).replace(b"\xff\xe0\0\x10", b"\xff\xe0\0\1", 1)
    assert _verdict(broken, "a.jpg") == MINING
    assert "embedded.malformed" in _codes(broken, "a.jpg")


def test_entities_are_refused() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + files.ALLOWED[files.ALLOWED.find(b"<x:") :]
    )
    assert "embedded.xmp-unreadable" in _codes(files.png(bomb), "a.png")
    assert _verdict(files.png(bomb), "a.png") == {}


def test_compressed_text_that_inflates_without_end_is_not_read() -> None:
    head = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"x" * (64 << 20))
    whole = files.png()
    at = whole.index(b"IDAT") - 4
    assert "embedded.compressed" in _codes(whole[:at] + files.chunk(b"iTXt", head) + whole[at:], "a.png")


def test_directories_of_a_tiff_that_point_at_themselves_end() -> None:
    data = bytearray(files.tiff(files.RESERVED))
    data[8 + 2 + 24 : 8 + 2 + 28] = (8).to_bytes(4, "little")
    assert _verdict(bytes(data), "a.tif") == MINING


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xd8" + b"\xff\xe0\0\2" * 600_000, "embedded.many"),
        (files.png()[:33] + files.chunk(b"tEXt", b"") * 600_000, "embedded.many"),
        (b"8BPS" + b"".join(b"<x:xmpmeta>%d</x:xmpmeta>" % n for n in range(100)), "embedded.many"),
        (b"%PDF-1.7\n" + b"startxref\n" * 200_000, "embedded.pdf-unreadable"),
        (
            b"8BPS<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b"<a>" * 50_000 + b"</x:xmpmeta>",
            "embedded.xmp-unreadable",
        ),
    ],
    ids=["segments", "chunks", "packets", "pdf", "depth"],
)
def test_what_has_no_end_is_bounded(data: bytes, code: str) -> None:
    assert code in _codes(data, "a.bin")


def test_a_manifest_elsewhere_is_told_and_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    note = ' xmlns:t="http://purl.org/dc/terms/" t:provenance="https://example.org/a.c2pa"'
    data = files.jpeg(files.packet(f"<plus:DataMining>{files.DMI}ALLOWED</plus:DataMining>", note))
    assert _codes(data, "a.jpg") == ["cawg.elsewhere"]
    assert _verdict(data, "a.jpg") == {}
    core: Any = manifest.OFFLINE["core"]
    assert (core["allowed_network_hosts"], core["decode_identity_assertions"]) == ([], False)
    assert not any(manifest.OFFLINE["verify"].values())


def test_a_manifest_without_the_library_leaves_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    box = b"\0\0\0\x40jumb\0\0\0\x1ejumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\3c2pa\0"
    data = files.jpeg(files.ALLOWED, files.segment(0xEB, b"JP\0\1\0\0\0\1" + box))
    assert _codes(data, "a.jpg") == ["cawg.not-installed"]
    assert _verdict(data, "a.jpg") == {}


def test_a_manifest_that_is_no_manifest_leaves_doubt() -> None:
    pytest.importorskip("c2pa")
    box = b"\0\0\0\x40jumb\0\0\0\x1ejumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\3c2pa\0"
    data = files.jpeg(b"", files.segment(0xEB, b"JP\0\1\0\0\0\1" + box))
    assert _codes(data, "a.jpg") == ["cawg.unreadable"]


def test_an_epub_with_entities_or_without_its_package_leaves_doubt() -> None:
    bomb = files.OPF3.replace("<package", '<!DOCTYPE p [<!ENTITY a "b">]><package')
    assert _codes(files.epub("", bomb), "a.epub") == ["embedded.epub-unreadable"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
    assert _codes(out.getvalue(), "a.epub") == ["embedded.epub-unreadable"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'<?xml version="1.0"?><!-- a --><ONIXMessage release="3.0">', "onix"),
        ('\ufeff<rsl xmlns="https://rslstandard.org/rsl">'.encode("utf-16-le"), "rsl"),
        (b'<rss xmlns:rsl="https://rslstandard.org/rsl" version="2.0">', "feed"),
        (b'<rss version="2.0">', "feed"),
        (b'<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/">', "feed"),
        (b'<rdf:RDF xmlns:rdf="r">', "xmp"),
        (b"<!DOCTYPE svg [ <!ELEMENT a (b)> ]><svg>", "svg"),
        (b"<?xml", ""),
        (b"<!--" * 10_000, ""),
        (b"PK\3\4", ""),
        (b"", ""),
    ],
)
def test_kinds(data: bytes, kind: str) -> None:
    assert kind_of(data, "a") == kind


def test_every_remark_has_its_sentence() -> None:
    for name, make in MAKERS.items():
        whole = make(files.RESERVED)
        for remark in _read(whole[: len(whole) // 2], name).remarks:
            assert sentence(remark)
            assert sentence(remark, "fr")
    english, french = (room_languages()[code].messages for code in ("en", "fr"))
    ours = [key for key in english if key.startswith(("cawg.", "embedded.", "embed."))]
    assert ours
    assert all(key in french for key in ours)


def _mutated(whole: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    data = bytearray(whole)
    for at, length, text in cuts:
        start = at % (len(data) + 1)
        data[start : start + length] = text
    return bytes(data)


CUTS = st.lists(
    st.tuples(st.integers(0, 1 << 16), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=4
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*MAKERS, "a.epub"]), CUTS)
def test_mutated_files_never_crash_and_are_never_made_to_allow(
    name: str, cuts: list[tuple[int, int, bytes]]
) -> None:
    if name == "a.epub":
        whole = files.epub('<meta property="tdm:reservation">1</meta>')
    else:
        whole = MAKERS[name](files.PROHIBITED)
    reading = _read(_mutated(whole, cuts), name)
    verdict = judge(Target(), [reading])
    assert Answer.ALLOWED not in {verdict.answer(use) for use in Use}
    assert not [r for r in reading.remarks if r.code == "embedded.failed" and not name.endswith("pdf")]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        [
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\x20\0\0\0WEBP",
            b"II*\0",
            b"MM\0+",
            b"GIF89a",
            b"%PDF-1.4",
            b"PK\3\4",
            b"",
        ]
    ),
    st.binary(max_size=200),
)
def test_arbitrary_bytes_never_crash(magic: bytes, rest: bytes) -> None:
    reading = _read(magic + rest, "a.jpg")
    assert all(s.answer is not Answer.ALLOWED for s in reading.statements)
