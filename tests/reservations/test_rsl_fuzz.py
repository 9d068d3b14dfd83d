"""Hostile input: no crash, bounded time, nothing allowed in silence; and what must hold of any terms."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.reservations import rsl
from countermark.reservations.page import read_page
from countermark.reservations.response import Headers
from countermark.reservations.rsl.links import parse_links
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import USES, Answer, strictness
from countermark.reservations.verdict import judge

NS = "https://rslstandard.org/rsl"
TARGET = Target("https://example.org/a/b")
PLACE = Place("https://example.org/licence.xml")
GOOD = f"""<rsl xmlns="{NS}" max-age="7"><content url="/" lastmod="2026-01-01">
<license><permits type="usage">all</permits><payment type="free"/></license>
<license><permits type="usage">ai-train</permits>
<payment type="crawl"><amount currency="EUR">1</amount></payment></license>
<copyright type="person">A</copyright></content>
<content url="/a/*"><license><prohibits type="usage">ai-input</prohibits></license></content></rsl>""".encode()

tokens = st.lists(
    st.sampled_from(["all", "ai-all", "ai-train", "ai-input", "ai-index", "search"]), max_size=3
)
urls = st.sampled_from(
    ["", "/", "/a", "/a/*", "/a/b$", "/c", "https://example.org/a", "https://example.com/"]
)
asked = st.sampled_from(
    ["", '<payment type="free"/>', '<payment type="crawl"/>', '<permits type="user">education</permits>']
)


@st.composite
def licenses(draw: st.DrawFn) -> str:
    permits, prohibits = " ".join(draw(tokens)), " ".join(draw(tokens))
    lists = f'<permits type="usage">{permits}</permits>' if permits else ""
    lists += f'<prohibits type="usage">{prohibits}</prohibits>' if prohibits else ""
    return f"<license>{lists}{draw(asked)}</license>"


contents = st.lists(st.tuples(urls, st.lists(licenses(), min_size=1, max_size=3)), min_size=1, max_size=4)


def document(parts: list[tuple[str, list[str]]]) -> bytes:
    inner = "".join(f'<content url="{url}">{"".join(inner)}</content>' for url, inner in parts)
    return f'<rsl xmlns="{NS}">{inner}</rsl>'.encode()


def answers(data: bytes, target: Target = TARGET) -> dict[str, Answer]:
    verdict = judge(target, [rsl.read_terms(data, target, PLACE)])
    return {str(use): verdict.answer(use) for use in USES}


def never_allowed(reading: Reading) -> None:
    verdict = judge(TARGET, [reading])
    assert Answer.ALLOWED not in {verdict.answer(use) for use in USES}


@given(contents, st.data())
@settings(max_examples=300, deadline=None)
def test_a_prohibition_more_never_loosens(parts: list[tuple[str, list[str]]], data: st.DataObject) -> None:
    """Of any terms: one more <prohibits> anywhere turns no use to allowed, and loosens none."""
    before = answers(document(parts))
    which = data.draw(st.integers(0, len(parts) - 1))
    url, inner = parts[which]
    word = data.draw(st.sampled_from(["all", "ai-all", "ai-train", "ai-input", "ai-index", "search"]))
    more = f'<license><prohibits type="usage">{word}</prohibits></license>'
    after = answers(document([*parts[:which], (url, [*inner, more]), *parts[which + 1 :]]))
    for use, answer in after.items():
        assert answer is not Answer.ALLOWED or before[use] is Answer.ALLOWED
        assert strictness(answer) >= strictness(before[use])


@given(contents, st.data())
@settings(max_examples=150, deadline=None)
def test_a_prohibition_within_a_license_never_turns_to_allowed(
    parts: list[tuple[str, list[str]]], data: st.DataObject
) -> None:
    before = answers(document(parts))
    which = data.draw(st.integers(0, len(parts) - 1))
    kind, word = data.draw(
        st.sampled_from([("usage", "ai-train"), ("usage", "all"), ("user", "commercial"), ("geo", "FR")])
    )
    url, (first, *rest) = parts[which]
    first = first.replace("</license>", f'<prohibits type="{kind}">{word}</prohibits></license>')
    after = answers(document([*parts[:which], (url, [first, *rest]), *parts[which + 1 :]]))
    for use, answer in after.items():
        assert answer is not Answer.ALLOWED or before[use] is Answer.ALLOWED


@given(contents, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_is_irrelevant(parts: list[tuple[str, list[str]]], chance: random.Random) -> None:
    mixed = [(url, chance.sample(inner, len(inner))) for url, inner in chance.sample(parts, len(parts))]
    assert answers(document(parts)) == answers(document(mixed))


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes(data: bytes) -> None:
    for one in (data, b"<rsl>" + data, f'<rsl xmlns="{NS}">'.encode() + data + b"</rsl>"):
        reading = rsl.read_terms(one, TARGET, PLACE)
        assert reading.remarks or not reading.statements
        never_allowed(reading)
        assert rsl.validate(one)
    rsl.read_feed(data + NS.encode(), TARGET, PLACE)


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6))
@settings(max_examples=400, deadline=None)
def test_a_mutated_document(changes: list[tuple[int, int]]) -> None:
    """Whatever is changed: it is read, and what conforms no longer is never more permissive than what does."""
    data = bytearray(GOOD)
    for at, value in changes:
        data[at] = value
    reading = rsl.read_terms(bytes(data), TARGET, PLACE)
    if any(remark.doubt for remark in reading.remarks):
        never_allowed(reading)
    for statement in reading.statements:
        assert statement.raw in bytes(data)
    rsl.validate(bytes(data))


@given(st.integers(0, len(GOOD) - 1))
@settings(max_examples=100, deadline=None)
def test_a_cut_document(end: int) -> None:
    reading = rsl.read_terms(GOOD[:end], TARGET, PLACE)
    assert not reading.statements
    assert reading.remarks[0].doubt


@given(st.text(alphabet='<>;,="\\ \trel=licensetypeapplication/rsl+xml*', max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_link_field(value: str) -> None:
    links, rest = parse_links(value)
    assert all(link.raw in value for link in links)
    assert rest in value
    rsl.read_headers(Headers([("Link", value)]), TARGET, PLACE, {})


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_script(data: bytes) -> None:
    page = read_page(b'<script type="application/rsl+xml">' + data + b"</script>")
    never_allowed(rsl.read_page(page, TARGET, PLACE, {}))


BOMBS = {
    "laughs": b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><a>&c;</a>',
    "external": b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    "parameter": b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://example.org/b"> %b;]><a/>',
    "depth": b"<a>" * 1_000_000,
    "width": b"<a>" + b"<a/>" * 1_000_000,
    "attributes": b"<a " + b" ".join(b'b%d=""' % n for n in range(100_000)) + b"/>",
    "stars": document([("/" + "*a" * 5000, ['<license><prohibits type="usage">all</prohibits></license>'])]),
    "words": document([("/", [f'<license><permits type="usage">{"a b " * 400_000}</permits></license>'])]),
    "contents": document([("/a", ['<license><prohibits type="usage">all</prohibits></license>'])] * 6000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str) -> None:
    target = Target("https://example.org/" + "a" * 5000)
    reading = rsl.read_terms(BOMBS[name], target, PLACE)
    assert Answer.ALLOWED not in {statement.answer for statement in reading.statements}
    rsl.validate(BOMBS[name])
    rsl.read_feed(BOMBS[name] + NS.encode(), target, PLACE)
