"""TDMRep in header fields, web pages, XMP and EPUB packages; compact vectors after the report's examples."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.documents.xmp import parse_xmp
from countermark.reservations import page as pages
from countermark.reservations.response import Headers
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.tdmrep import read_headers, read_package, read_page, read_xmp
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge
from countermark.reservations.words import sentence

URL = "https://example.org/a/page.html"
PLACE = Place(URL, "2026-11-01T00:00:00Z")
POLICY = "https://example.org/policies/policy.json"
R, C, A, U = Answer.RESERVED, Answer.CONDITIONAL, Answer.ALLOWED, Answer.UNKNOWN


def headers(*fields: tuple[str, str]) -> Reading:
    return read_headers(Headers(fields), Target(URL), PLACE)


def html(body: str) -> Reading:
    return read_page(pages.read_page(body.encode()), Target(URL), PLACE)


def xmp(namespace: str, inner: str, technique: str = "pdf") -> Reading:
    packet = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:tdm="http://www.w3.org/ns/tdmrep{namespace}" {inner}</rdf:Description></rdf:RDF>'
    )
    return read_xmp(parse_xmp(packet.encode()), technique, Target(), Place("book.pdf"))


def package(*metas: tuple[str, str], prefixes: str | None = None) -> Reading:
    return read_package(metas, Target(), Place("book.epub"), prefixes)


def answer(reading: Reading) -> Answer:
    verdict = judge(Target(), [reading])
    found = {verdict.answer(use) for use in (Use.TDM, Use.TRAIN, Use.GENERATIVE)}
    assert (verdict.answer(Use.INPUT), verdict.answer(Use.SEARCH), len(found)) == (U, U, 1)
    return found.pop()


def codes(reading: Reading) -> list[str]:
    for remark in reading.remarks:
        assert sentence(remark)
        assert sentence(remark, "fr")
    return [remark.code.removeprefix("tdmrep.") for remark in reading.remarks]


@pytest.mark.parametrize(
    ("fields", "expected", "told"),
    [
        ([("TDM-Reservation", " 1 ")], R, []),
        ([("tdm-reservation", "0")], A, []),
        ([("tdm-reservation", "1"), ("tdm-policy", POLICY)], C, []),
        ([("tdm-reservation", "1"), ("tdm-policy", "/p.json")], C, ["policy-relative"]),
        ([("tdm-reservation", "1"), ("tdm-policy", "mailto:a@example.org")], R, ["policy-unusable"]),
        ([("tdm-reservation", "0"), ("tdm-policy", POLICY)], A, ["policy-without-use"]),
        ([("tdm-policy", POLICY)], U, ["policy-alone"]),
        ([("tdm-reservation", "2")], U, ["value"]),
        ([("tdm-reservation", "true")], U, ["value"]),
        ([("tdm-reservation", "")], U, ["value"]),
        ([("tdm-reservation", "0"), ("tdm-reservation", "1")], R, ["repeated"]),
        ([("tdm-reservation", "1, 0")], R, ["repeated"]),
        ([("tdm-reservation", "0, x")], U, ["value", "repeated"]),
        ([("tdm-reservation", "1"), ("tdm-policy", POLICY), ("tdm-policy", POLICY + "2")], C, ["policies"]),
        ([("x-tdm-reservation", "1")], U, ["near-name"]),
        ([("content-type", "text/html")], U, []),
    ],
)
def test_header_fields(fields: list[tuple[str, str]], expected: Answer, told: list[str]) -> None:
    reading = headers(*fields)
    assert (answer(reading), codes(reading)) == (expected, told)


def test_a_header_statement_has_its_bytes_and_its_step() -> None:
    first = headers(("TDM-Reservation", "1"), ("TDM-Policy", POLICY)).statements[0]
    assert (first.raw, first.technique, first.rank, first.terms) == (
        b"tdm-reservation: 1",
        "header",
        1,
        POLICY,
    )


@pytest.mark.parametrize(
    ("body", "expected", "told"),
    [
        ('<meta name="tdm-reservation" content="1">', R, []),
        (f'<meta name="TDM-Reservation" content="1"><meta name=tdm-policy content="{POLICY}">', C, []),
        ('<body><meta name="tdm-reservation" content="0">', A, []),
        ('<!-- <meta name="tdm-reservation" content="1"> -->', U, []),
        ('<meta property="tdm-reservation" content="1">', U, ["near-name"]),
        ('<meta name="tdm:reservation" content="1">', U, ["near-name"]),
        ('<meta http-equiv="tdm-reservation" content="1">', U, ["near-name"]),
        ("<meta name=tdm-reservation content=0><meta name=tdm-reservation content=1>", R, ["repeated"]),
    ],
)
def test_metas_of_a_page(body: str, expected: Answer, told: list[str]) -> None:
    reading = html(f"<!DOCTYPE html><html><head>{body}")
    assert (answer(reading), codes(reading)) == (expected, told)
    assert all(remark.doubt for remark in reading.remarks if "near" in remark.code)


def test_a_page_of_too_many_metas_is_doubted() -> None:
    reading = html("<meta name=tdm-reservation content=0>" + "<meta name=a>" * pages.MAX_TAGS)
    assert (answer(reading), codes(reading)) == (U, ["page-cut"])


def test_xmp_and_its_two_namespaces() -> None:
    inner = f"><tdm:reservation>1</tdm:reservation><tdm:policy>{POLICY}</tdm:policy>"
    assert (answer(xmp("/", inner)), codes(xmp("/", inner))) == (C, [])
    assert (answer(xmp("#", inner)), codes(xmp("#", inner))) == (C, ["namespace"])
    assert codes(xmp("/", inner, "xmp")) == ["xmp-outside-pdf"]
    assert answer(xmp("/", 'tdm:reservation="0">')) is A
    assert (answer(xmp("/", 'tdm:Reservation="1">')), codes(xmp("/", 'tdm:Reservation="1">'))) == (
        U,
        ["near-name"],
    )
    assert not xmp("/", ">")
    assert xmp("/", inner).statements[0].rank == 3


@pytest.mark.parametrize(
    ("metas", "prefixes", "expected", "told"),
    [
        ([("tdm:reservation", "1")], None, R, []),
        ([("tdm:reservation", "1"), ("tdm:policy", POLICY)], "tdm: http://www.w3.org/ns/tdmrep#", C, []),
        ([("tdm:reservation", "1")], "tdm: http://www.w3.org/ns/tdmrep/", R, ["namespace"]),
        ([("t:reservation", "0")], "rdf: urn:x  t: http://www.w3.org/ns/tdmrep#", A, []),
        ([("http://www.w3.org/ns/tdmrep#reservation", "1")], None, R, []),
        ([("tdm-reservation", "1")], None, U, ["near-name"]),
        ([("dcterms:modified", "2026-01-01T00:00:00Z")], None, U, []),
    ],
)
def test_epub_packages(
    metas: list[tuple[str, str]], prefixes: str | None, expected: Answer, told: list[str]
) -> None:
    reading = package(*metas, prefixes=prefixes)
    assert (answer(reading), codes(reading)) == (expected, told)


NAMES = st.sampled_from(["tdm-reservation", "tdm-policy", "TDM-Reservation", "tdm:reservation", "tdm", "x"])
FIELDS = st.lists(
    st.tuples(NAMES, st.one_of(st.sampled_from(["0", "1", POLICY, "1,0"]), st.text(max_size=8))), max_size=5
)


@given(FIELDS)
@settings(max_examples=300)
def test_only_a_0_allows_and_every_1_reserves(fields: list[tuple[str, str]]) -> None:
    lines = [(name, value.encode("latin-1", "replace").decode("latin-1")) for name, value in fields]
    served, packed = headers(*lines), package(*fields)
    assert all(codes(reading) is not None for reading in (served, packed))
    if any(value.strip() == "1" for name, value in lines if name.lower() == "tdm-reservation"):
        assert answer(served) in {R, C}
    if any(value.strip() == "1" for name, value in fields if name == "tdm:reservation"):
        assert answer(packed) in {R, C}
    for reading in (served, packed):
        assert answer(reading) is not A or any("0" in value for _, value in fields)
