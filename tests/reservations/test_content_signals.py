"""Content Signals in robots.txt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.reservations.content_signals import SIGNALS, read_headers, read_robots, read_signals
from countermark.reservations.response import Headers, Response
from countermark.reservations.robots import parse_robots
from countermark.reservations.sources import verdict_of
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge
from countermark.reservations.words import sentence

CASES = Path(__file__).parents[2] / ".." / "shared" / "conformance/content_signals/cases.json"
PLACE = Place("https://example.org/robots.txt")
YES_NO = {Answer.ALLOWED: "yes", Answer.RESERVED: "no"}


def read(text: str, path: str = "/blog/novel", agent: str = "NovelBot") -> Reading:
    """What a file says of a path."""
    return read_robots(parse_robots(text.encode()), Target(f"https://example.org{path}", agent), PLACE)


def codes(reading: Reading) -> list[tuple[str, bool]]:
    """The remarks, short; all have their sentences."""
    assert all(sentence(remark) and sentence(remark, "fr") for remark in reading.remarks)
    return [(remark.code.partition(".")[2], remark.doubt) for remark in reading.remarks]


@pytest.mark.skipif(not CASES.exists(), reason="the derived cases are not in this checkout")
def test_all_cases() -> None:
    """5 cases, as a line in the group of everybody."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    assert len(cases) == 5
    for case in cases:
        statements = read(f"User-agent: *\n{case['line']}\nAllow: /\n").statements
        said = {
            name: YES_NO[statement.answer]
            for name, uses in SIGNALS.items()
            for statement in statements
            if statement.use is uses[0]
        }
        assert said == case["out"]
        assert {statement.scope for statement in statements} <= {case.get("path", "")}


def test_statements() -> None:
    """Uses, line, bytes, revision."""
    reading = read("User-agent: *\nCONTENT-SIGNAL: AI-Train = NO , search=Yes, use=reference\nAllow: /\n")
    assert [(s.use, s.answer) for s in reading.statements] == [
        (Use.TRAIN, Answer.RESERVED),
        (Use.GENERATIVE, Answer.RESERVED),
        (Use.SEARCH, Answer.ALLOWED),
    ]
    first = reading.statements[0]
    assert (first.line, first.revision, first.technique) == (2, "2025-09-24", "robots")
    assert first.raw.startswith(b"CONTENT-SIGNAL: AI-Train")
    assert reading.remarks == ()


def test_paths() -> None:
    """A line with a path is for what it covers; where lines disagree the strictest stands, and it is told."""
    text = "User-agent: *\nContent-Signal: ai-train=no\nContent-Signal: /blog/ ai-train=yes\n"
    reading = read(text)
    assert codes(reading) == [("lines-disagree", False)]
    assert judge(Target("https://example.org/blog/novel"), [reading]).answer(Use.TRAIN) is Answer.RESERVED
    assert codes(read(text, "/shop")) == []
    assert read_signals("/a") == ("/a", ())


def test_groups() -> None:
    """The agent's own group replaces that of everybody; absence says nothing."""
    text = "User-agent: *\nContent-Signal: ai-train=no\nAllow: /\nUser-agent: NovelBot\nAllow: /\n"
    assert not read(text)
    assert read(text, agent="Other").statements


def test_what_cannot_be_read_leaves_a_doubt() -> None:
    """Other words, other protocols' words, lines for nobody."""
    assert codes(read("User-agent: *\nContent-Signal: ai-train=n\n")) == [("not-yes-or-no", True)]
    assert codes(read("User-agent: *\nContent-Signal: train-ai=no\n")) == [("foreign-signal", True)]
    assert codes(read("User-agent: *\nContent-Signal: ai-everything=no\n")) == [("unknown-signal", True)]
    assert codes(read("Content-Signal: ai-train=no\nUser-agent: *\nAllow: /\n")) == [("outside-group", True)]


def header(*values: str, name: str = "Content-Signal") -> Reading:
    """What header fields say."""
    fields = Headers((name, value) for value in values)
    return read_headers(fields, Target("https://example.org/blog/novel"), PLACE)


def test_as_a_header_field() -> None:
    """Read as in robots.txt, though the policy does not speak of it; that is told."""
    reading = header("search=yes, ai-train=no")
    assert [(s.use, s.answer, s.technique) for s in reading.statements] == [
        (Use.SEARCH, Answer.ALLOWED, "header"),
        (Use.TRAIN, Answer.RESERVED, "header"),
        (Use.GENERATIVE, Answer.RESERVED, "header"),
    ]
    assert reading.statements[0].raw == b"content-signal: search=yes, ai-train=no"
    assert codes(reading) == [("as-header", False)]
    assert codes(header("ai-train=disallow")) == [("not-yes-or-no", True)]
    assert codes(header("ai-train=yes", "ai-train=no")) == [("as-header", False), ("lines-disagree", False)]
    assert codes(header("," * 100)) == [("too-many", True)]
    assert not header("/shop ai-train=no")


def test_as_a_header_field_of_a_response() -> None:
    """It outweighs what another protocol allows."""
    fields = Headers([("Content-Signal", "ai-train=no"), ("tdm-reservation", "0")])
    url = "https://example.org/blog/novel"
    verdict = verdict_of(Target(url), None, Response(url, headers=fields))
    assert verdict.answer(Use.TRAIN) is Answer.RESERVED
    assert verdict.answer(Use.TDM) is Answer.ALLOWED


def test_names_that_come_near() -> None:
    """The plural is no name of the policy; a doubt where it may refuse."""
    assert codes(read("User-agent: *\nContent-Signals: ai-train=no\n")) == [("near-name", True)]
    assert codes(read("User-agent: *\nContent-Signals: ai-train=yes\n")) == [("near-name", False)]
    assert codes(read("User-agent: Other\nContent-Signals: ai-train=no\n")) == []
    assert codes(header("ai-train=no", name="Content-Signals")) == [("near-name", True)]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_any_field_can_be_read(value: str) -> None:
    """The same of a header field."""
    reading = header(value)
    assert len(codes(reading)) == len(reading.remarks)
    if any(statement.answer is Answer.ALLOWED for statement in reading.statements):
        assert "yes" in value.lower()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_value_can_be_read(value: str) -> None:
    """Nothing is allowed that was not said with yes."""
    reading = read(f"User-agent: *\nContent-Signal: {value}\n")
    assert len(codes(reading)) == len(reading.remarks)
    if any(statement.answer is Answer.ALLOWED for statement in reading.statements):
        assert "yes" in value.lower()
