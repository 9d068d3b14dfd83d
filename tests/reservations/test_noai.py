"""noai and noimageai, in X-Robots-Tag and in robots metas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.reservations.noai import read_headers, read_page
from countermark.reservations.page import read_page as page_of
from countermark.reservations.response import Headers
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge
from countermark.reservations.words import sentence

CASES = Path(__file__).parents[2] / ".." / "shared" / "conformance/noai/cases.json"
PLACE = Place("https://example.org/novel")
URL = "https://example.org/novel"


def header(value: str, agent: str = "NovelBot") -> Reading:
    """What a field says to an agent."""
    return read_headers(Headers([("X-Robots-Tag", value)]), Target(URL, agent), PLACE)


def html(page: str, agent: str = "NovelBot") -> Reading:
    """What a page says to an agent."""
    return read_page(page_of(page.encode()), Target(URL, agent), PLACE)


def reserved(reading: Reading, medium: str = "") -> bool:
    """Whether training is reserved for a medium; never anything else."""
    verdict = judge(Target(URL, medium=medium), [reading])
    answers = {verdict.answer(use) for use in (Use.TRAIN, Use.GENERATIVE)}
    assert len(answers) == 1
    assert {verdict.answer(use) for use in (Use.TDM, Use.INPUT, Use.SEARCH)} == {Answer.UNKNOWN}
    return answers == {Answer.RESERVED}


@pytest.mark.skipif(not CASES.exists(), reason="the derived cases are not in this checkout")
def test_all_cases() -> None:
    """5 cases."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    assert len(cases) == 5
    for case in cases:
        agent = case.get("agent", "NovelBot")
        if "html" in case:
            reading = html(case["html"], agent)
        else:
            name, _, value = case["header"].partition(": ")
            reading = read_headers(Headers([(name, value)]), Target(URL, agent), PLACE)
        assert reserved(reading) is (case["text"] == "reserved"), case
        if "image" in case:
            assert reserved(reading, "image") is (case["image"] == "reserved"), case


# Ours: X-Robots-Tag value, agent, whether text is reserved, whether pictures are.
HEADERS = [
    ("noai", "NovelBot", True, True),
    ("NOINDEX, NoImageAI", "NovelBot", False, True),
    ("novelbot: noai", "NovelBot", True, True),
    ("NovelBot: nofollow, noai", "Other", False, False),
    ("noai, otherbot: nofollow", "NovelBot", True, True),
    ("otherbot: nofollow, novelbot: noimageai, noindex", "NovelBot", False, True),
    ("unavailable_after: Friday, 25-Jun-27 15:00:00 PST, noai", "NovelBot", True, True),
    ("unavailable_after: 25 Jun 2026 15:00:00 PST", "NovelBot", False, False),
    ("max-snippet: 20, noai", "NovelBot", True, True),
    ("novelbot: noai", "*", False, False),
    ("*: noai", "NovelBot", True, True),
    ("noaix, nonoai", "NovelBot", False, False),
]


@pytest.mark.parametrize(("value", "agent", "text", "image"), HEADERS)
def test_headers(value: str, agent: str, *, text: bool, image: bool) -> None:
    """Each value."""
    reading = header(value, agent)
    assert (reserved(reading), reserved(reading, "image")) == (text, image)
    assert all(statement.raw == value.encode() for statement in reading.statements)


def test_several_fields() -> None:
    """An agent that one field names is not that of the next."""
    headers = Headers([("X-Robots-Tag", "otherbot: nofollow"), ("x-robots-tag", "noai")])
    assert reserved(read_headers(headers, Target(URL, "NovelBot"), PLACE))


def test_metas_of_an_agent() -> None:
    """A meta named after an agent is for that agent alone."""
    page = '<meta name="NovelBot" content="noindex, NoAI"><meta name="robots" content="noimageai">'
    assert reserved(html(page))
    assert not reserved(html(page, "Other"))
    assert reserved(html(page, "Other"), "image")
    first = html(page).statements[0]
    assert (first.scope, first.technique, first.revision) == ("novelbot", "html", "2022-11")
    assert b"NoAI" in first.raw


def test_near_misses_leave_a_doubt() -> None:
    """`no-ai` is not the directive."""
    (remark,) = header("no-ai").remarks
    assert remark.doubt
    assert sentence(remark) != sentence(remark, "fr")


def test_pictures_alone() -> None:
    """`noimageai` is told where a page was asked about, and is no remark where a picture was."""
    for reading in (html('<meta name="robots" content="noimageai">'), header("noimageai")):
        assert [(remark.code, remark.doubt) for remark in reading.remarks] == [("noai.images-only", False)]
        assert sentence(reading.remarks[0]) != sentence(reading.remarks[0], "fr")
    picture = Target(URL, "NovelBot", medium="image")
    assert read_headers(Headers([("X-Robots-Tag", "noimageai")]), picture, PLACE).remarks == ()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=50), st.binary(max_size=80))
def test_anything_can_be_read(value: str, body: bytes) -> None:
    """Nothing crashes, nothing is allowed."""
    readings = [
        header(value.encode("utf-8").decode("latin-1")),
        read_page(page_of(b'<meta name=robots content="' + body), Target(URL), PLACE),
    ]
    for reading in readings:
        assert all(statement.answer is Answer.RESERVED for statement in reading.statements)
