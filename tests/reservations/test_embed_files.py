"""Reservations into copies of files: what is written, what is kept, what is read back."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countermark.documents.xmp import parse_xmp
from countermark.errors import DocumentError, InputError
from countermark.reservations.containers.pdf import pdf_packet
from countermark.reservations.containers.pictures import picture_packets
from countermark.reservations.embedded import read_embedded
from countermark.reservations.statement import Place
from countermark.reservations.target import Target
from countermark.reservations.use import USES, Answer, Use
from countermark.reservations.verdict import judge
from countermark.reservations.words import room_languages
from countermark.reservations.writing.embed import Embedded, Embedding, embed
from countermark.reservations.writing.embed_xmp import Property, with_properties
from reservations import embedded_files as files

MINING = (Use.TDM, Use.TRAIN, Use.GENERATIVE)
TERMS = "https://example.org/licence"
POLICY = "https://example.org/policy.json"
ALL = Embedding(dict.fromkeys(MINING, Answer.RESERVED), terms=TERMS, holder="Ada Example")
PICTURES: dict[str, Callable[..., bytes]] = {"a.jpg": files.jpeg, "a.png": files.png, "a.webp": files.webp}
SOURCES: dict[str, Callable[..., bytes]] = {
    **PICTURES,
    "a.pdf": files.pdf,
    "a.epub": files.epub,
    "a.tif": files.tiff,
}


def _embed(folder: Path, name: str, data: bytes, embedding: Embedding = ALL) -> tuple[Embedded, bytes]:
    source = folder / "in" / name
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(data)
    told = embed(source, folder / "out" / name, embedding)
    assert source.read_bytes() == data
    return told, (folder / "out" / name).read_bytes()


def _answers(*contents: tuple[bytes, str]) -> dict[Use, Answer]:
    readings = [read_embedded(data, name, Target(), Place(name)) for data, name in contents]
    verdict = judge(Target(), readings)
    return {use: verdict.answer(use) for use in USES}


RESERVED, CONDITIONAL, ALLOWED = Answer.RESERVED, Answer.CONDITIONAL, Answer.ALLOWED


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_keeps_its_coded_bytes_and_its_packet(tmp_path: Path, name: str) -> None:
    old = files.packet('<dc:title>Elm</dc:title><!-- kept --><plus:Licensor plus:LicensorName="A > B"/>')
    for data in (PICTURES[name](b""), PICTURES[name](old)):
        told, copy = _embed(tmp_path, name, data)
        assert told.why_sidecar == ""
        # PROHIBITED speaks of input too; the next smaller value would leave text and data mining unsaid.
        assert [(i.protocol, i.use, i.reason) for i in told.inexpressible] == [
            ("iptc-plus", Use.INPUT, "coarse")
        ]
        packets = picture_packets(copy, {"a.jpg": "jpeg"}.get(name, name[2:]))
        assert packets.damage == []
        assert len(packets.found) == 1
        values = parse_xmp(packets.found[0])
        assert values["tdm:reservation"] == ["1"]
        assert values["xmpRights:WebStatement"] == [TERMS]
        assert values["xmpRights:Owner"] == ["Ada Example"]
        if old in data:
            assert b"<!-- kept -->" in copy
            assert values["dc:title"] == ["Elm"]
        assert {b"picture" in copy, zlib.compress(b"\0\x80") in copy, b"VP8L" in copy} == {True, False}


@pytest.mark.parametrize("name", [*PICTURES, "a.pdf", "a.epub", "a.tif"])
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    data = SOURCES[name]()
    first, second = _embed(tmp_path / "1", name, data)[1], _embed(tmp_path / "2", name, data)[1]
    assert first == second
    again = tmp_path / "3" / name
    embed(tmp_path / "1" / "out" / name, again, ALL)
    assert _answers((again.read_bytes(), name)) == _answers((first, name))


def test_pillow_reads_the_pictures_as_before(tmp_path: Path) -> None:
    image_module = pytest.importorskip("PIL.Image")
    image = image_module.new("RGBA", (5, 4), (10, 20, 30, 40))
    for name, mode, options in (
        ("a.jpg", "RGB", {}),
        ("a.png", "RGBA", {}),
        ("a.webp", "RGBA", {"lossless": True}),
        ("b.webp", "RGB", {"quality": 80}),
    ):
        out = io.BytesIO()
        image.convert(mode).save(out, {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[name[2:]], **options)
        _, copy = _embed(tmp_path, name, out.getvalue())
        before, after = (image_module.open(io.BytesIO(data)) for data in (out.getvalue(), copy))
        assert (before.mode, before.size, before.tobytes()) == (after.mode, after.size, after.tobytes())
        assert _answers((copy, name))[Use.TRAIN] is Answer.RESERVED


def test_what_stood_in_the_packet_is_replaced_as_element_and_as_attribute() -> None:
    old = files.packet(
        f"<plus:DataMining>{files.DMI}ALLOWED</plus:DataMining>", ' tdm:reservation="0" dc:format="a > b"'
    )
    new = with_properties(old, [Property("tdm:reservation", "1"), Property("plus:DataMining", "x")])
    values = parse_xmp(new)
    assert (values["tdm:reservation"], values["plus:DataMining"]) == (["1"], ["x"])
    assert b'dc:format="a > b"' in new
    wide = with_properties(old.decode().encode("utf-16"), [Property("tdm:reservation", "1")])
    assert parse_xmp(wide)["tdm:reservation"] == ["1"]


@pytest.mark.parametrize(
    "root",
    [
        "<r:RDF xmlns:r='{}'/>",
        "<r:RDF xmlns:r='{}'></r:RDF>",
        "<RDF xmlns='{}'></RDF>",
        "<r:RDF xmlns:rdf='x' xmlns:r='{}'/>",
    ],
)
def test_an_empty_packet_with_another_prefix_is_filled(root: str) -> None:
    packet = root.format("http://www.w3.org/1999/02/22-rdf-syntax-ns#").encode()
    assert parse_xmp(with_properties(packet, [Property("tdm:reservation", "1")]))["tdm:reservation"] == ["1"]


@pytest.mark.parametrize("packet", [b"<a>", b"\xff\xff<a/>", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'])
def test_a_packet_that_cannot_be_kept_whole_is_not_written_to(packet: bytes) -> None:
    with pytest.raises(DocumentError):
        with_properties(packet, [Property("tdm:reservation", "1")])


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("xmp", [b"", files.packet("<dc:title>Elm</dc:title>")])
def test_a_pdf_is_appended_to(tmp_path: Path, streams: bool, xmp: bytes) -> None:
    from pypdf import PdfReader

    data = files.pdf(xmp, streams=streams)
    told, copy = _embed(tmp_path, "a.pdf", data)
    assert copy.startswith(data)
    assert told.inexpressible == ()
    values = parse_xmp(pdf_packet(copy))
    assert values["tdm:reservation"] == ["1"]
    assert values.get("dc:title", []) == (["Elm"] if xmp else [])
    assert b"http://www.w3.org/ns/tdmrep/" in pdf_packet(copy)
    reader = PdfReader(io.BytesIO(copy), strict=True)
    assert len(reader.pages) == 1
    assert reader.trailer["/ID"] is not None
    twice, _ = _embed(tmp_path / "again", "a.pdf", copy)
    assert twice.inexpressible == ()


def test_a_signed_or_encrypted_pdf_gets_a_sidecar(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    signed = files.pdf().replace(b"/MediaBox", b"/X << /ByteRange [0 1 2 3] >> /MediaBox")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(files.pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    for data, why in ((signed, "signed"), (locked.getvalue(), "encrypted")):
        told, copy = _embed(tmp_path / why, "a.pdf", data)
        assert copy == data
        assert told.why_sidecar == why
        beside = tmp_path / why / "out" / "a.pdf.xmp"
        assert told.written[1] == beside
        assert _answers((beside.read_bytes(), "a.pdf.xmp"))[Use.TDM] is Answer.RESERVED


@pytest.mark.parametrize("data", [files.pdf()[:-30], b"%PDF-1.7\n", b"junk" + files.pdf()])
def test_a_damaged_pdf_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"in/a\.pdf: "):
        _embed(tmp_path, "a.pdf", data)


@pytest.mark.parametrize(
    ("package", "written"),
    [
        (files.OPF3, '<meta property="tdm:reservation">1</meta>'),
        (files.OPF2, '<meta name="tdm:reservation" content="1"/>'),
        (
            files.OPF3.replace("unique", 'prefix="a: https://example.org/a#" unique'),
            'a# tdm: http://www.w3.org/ns/tdmrep#"',
        ),
    ],
)
def test_an_epub_gets_metas_and_keeps_its_other_members(tmp_path: Path, package: str, written: str) -> None:
    data = files.epub('<meta name="tdm:reservation" content="0"/>', package)
    told, copy = _embed(tmp_path, "a.epub", data)
    assert told.inexpressible == ()
    before, after = (zipfile.ZipFile(io.BytesIO(d)) for d in (data, copy))
    assert after.testzip() is None
    assert [i.filename for i in after.infolist()] == [i.filename for i in before.infolist()]
    first = after.infolist()[0]
    assert (first.filename, first.compress_type, first.header_offset, first.extra) == ("mimetype", 0, 0, b"")
    assert after.getinfo("OEBPS/one.xhtml").date_time == (2024, 5, 6, 7, 8, 10)
    assert after.read("OEBPS/one.xhtml") == before.read("OEBPS/one.xhtml")
    opf = after.read("OEBPS/book.opf").decode()
    assert written in opf
    assert opf.count("tdm:reservation") == 1
    assert (package != files.OPF2) == ("http://www.w3.org/ns/tdmrep#" in opf)
    fromstring(opf)  # noqa: S314 - our own
    assert _answers((copy, "a.epub"))[Use.TDM] is Answer.RESERVED


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"META-INF/rights.xml": b"<rights/>"}, "DRM"),
        ({"META-INF/signatures.xml": b"<signatures/>"}, "signed"),
        ({"META-INF/encryption.xml": b"<e><EncryptionMethod Algorithm='aes'/></e>"}, "encrypted"),
    ],
)
def test_a_protected_epub_is_refused(tmp_path: Path, more: dict[str, bytes], message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        _embed(tmp_path, "a.epub", files.epub(more=more))


def test_an_epub_with_obfuscated_fonts_is_not_under_drm(tmp_path: Path) -> None:
    method = b"<e><EncryptionMethod Algorithm='http://www.idpf.org/2008/embedding'/></e>"
    told, _ = _embed(tmp_path, "a.epub", files.epub(more={"META-INF/encryption.xml": method}))
    assert told.inexpressible == ()


def test_a_damaged_epub_is_refused(tmp_path: Path) -> None:
    data = bytearray(files.epub())
    at = data.index(b"application/epub+zip")
    data[at] ^= 1
    with pytest.raises(DocumentError, match=r"checksum|damaged"):
        _embed(tmp_path, "a.epub", bytes(data[:at] + data[at:]))


@pytest.mark.parametrize(
    ("name", "data"), [("a.tif", files.tiff()), ("a.mp3", b"ID3\4\0"), ("a.gif", files.gif())]
)
def test_other_formats_get_a_sidecar_which_keeps_the_one_that_stands_there(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{name}.xmp").write_bytes(files.packet("<dc:title>Elm</dc:title>"))
    told, copy = _embed(tmp_path, name, data)
    assert (copy, told.why_sidecar) == (data, "format")
    values = parse_xmp((tmp_path / "out" / f"{name}.xmp").read_bytes())
    assert (values["dc:title"], values["tdm:reservation"]) == (["Elm"], ["1"])


def test_a_packet_that_outgrows_a_jpeg_segment_goes_beside(tmp_path: Path) -> None:
    old = files.packet(f"<dc:title>{'x' * 64_700}</dc:title>")
    data = files.jpeg(old)
    told, copy = _embed(tmp_path, "a.jpg", data)
    assert (copy, told.why_sidecar) == (data, "too-large")
    assert (tmp_path / "out" / "a.jpg.xmp").is_file()
    padded = files.packet(f"<dc:title>{'x' * 60_000}</dc:title>").replace(
        b"<?xpacket end", b" " * 4_500 + b"<?xpacket end"
    )
    told, copy = _embed(tmp_path, "b.jpg", files.jpeg(padded))
    assert told.why_sidecar == ""
    assert _answers((copy, "b.jpg"))[Use.TDM] is Answer.RESERVED


def test_whose_rights_stand_there_already_is_not_overwritten(tmp_path: Path) -> None:
    rights = ' xmlns:r="http://ns.adobe.com/xap/1.0/rights/" r:WebStatement="https://example.org/old"'
    _, copy = _embed(tmp_path, "a.jpg", files.jpeg(files.packet("", rights)))
    (packet,) = picture_packets(copy, "jpeg").found
    assert parse_xmp(packet)["xmpRights:WebStatement"] == ["https://example.org/old"]


def test_pdf_a_is_told(tmp_path: Path) -> None:
    note = ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2"'
    assert _embed(tmp_path, "a.pdf", files.pdf(files.packet("", note)))[0].remarks == ("pdf-a",)


def test_a_record_about_works_is_no_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="records"):
        _embed(tmp_path, "a.xml", b'<ONIXMessage release="3.0"/>')


def test_a_reason_has_its_sentence(tmp_path: Path) -> None:
    answers = {Use.TDM: RESERVED, Use.TRAIN: CONDITIONAL, Use.GENERATIVE: CONDITIONAL, Use.INPUT: ALLOWED}
    told, _ = _embed(tmp_path, "a.jpg", files.jpeg(), Embedding(answers, TERMS))
    reasons = {i.reason for i in told.inexpressible}
    assert reasons == {"licensed", "no-terms", "no-word"}
    for code in ("en", "fr"):
        messages = room_languages()[code].messages
        assert all(
            f"inexpressible.{reason}" in messages for reason in {*reasons, "protected", "stands-already"}
        )


def test_the_original_is_never_the_target(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(files.jpeg())
    with pytest.raises(InputError, match="copy"):
        embed(tmp_path / "a.jpg", tmp_path / "a.jpg", ALL)
    with pytest.raises(InputError, match="not read"):
        embed(tmp_path / "none.jpg", tmp_path / "b.jpg", ALL)


def test_a_statement_that_stands_in_the_file_is_told_when_nothing_replaces_it(tmp_path: Path) -> None:
    told, _ = _embed(
        tmp_path, "a.jpg", files.jpeg(files.PROHIBITED), Embedding({Use.SEARCH: Answer.RESERVED})
    )
    reasons = {i.use: i.reason for i in told.inexpressible}
    assert reasons[Use.SEARCH] == "no-word"
    assert reasons[Use.TRAIN] == "stands-already"


EMBEDDINGS = st.builds(
    Embedding,
    st.dictionaries(st.sampled_from(USES), st.sampled_from(list(Answer))),
    st.sampled_from(["", TERMS, "Ask « Ada » first & pay <10>", " \x00\ud800 x"]),
    st.sampled_from(["", "Ada Example"]),
    st.sampled_from(["", POLICY, "not an address"]),
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(SOURCES)), EMBEDDINGS)
def test_what_is_wanted_is_read_back_or_told(tmp_path: Path, name: str, embedding: Embedding) -> None:
    told, copy = _embed(tmp_path, name, SOURCES[name](), embedding)
    contents = [(copy, name)] + ([(told.written[1].read_bytes(), "a.xmp")] if len(told.written) > 1 else [])
    answers, excused = _answers(*contents), {i.use for i in told.inexpressible}
    wanted = embedding.wanted()
    for use in USES:
        assert answers[use] is wanted[use] or use in excused
        assert answers[use] is not Answer.ALLOWED or wanted[use] is Answer.ALLOWED
    assert "stands-already" not in {i.reason for i in told.inexpressible}


CUTS = st.lists(
    st.tuples(st.integers(0, 1 << 14), st.integers(0, 30), st.binary(max_size=8)), min_size=1, max_size=3
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(SOURCES)), CUTS)
def test_a_damaged_file_is_refused_or_its_copy_reserves(
    tmp_path: Path, name: str, cuts: list[tuple[int, int, bytes]]
) -> None:
    data = bytearray(
        SOURCES[name]() if name == "a.epub" else SOURCES[name](files.packet("<dc:title>Elm</dc:title>"))
    )
    for at, length, text in cuts:
        start = at % (len(data) + 1)
        data[start : start + length] = text
    try:
        told, copy = _embed(tmp_path, name, bytes(data))
    except (DocumentError, InputError):
        return
    contents = [(copy, name)] + ([(told.written[1].read_bytes(), "a.xmp")] if len(told.written) > 1 else [])
    assert _answers(*contents)[Use.TDM] is Answer.RESERVED or told.inexpressible
