"""AIPREF: the header, the robots rule, how statements combine, and what is told of what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.corpus.captured import may_speak
from countermark.reservations.aipref import (
    LABELS,
    RETIRED,
    combined,
    read_headers,
    read_page,
    read_preference,
    read_robots,
)
from countermark.reservations.page import read_page as page_of
from countermark.reservations.response import Headers
from countermark.reservations.robots import parse_robots
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge
from countermark.reservations.words import sentence

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "conformance/aipref"
PLACE = Place("https://example.org/novel")
TARGET = Target("https://example.org/novel", "NovelBot")
SAID = {"allow": Answer.ALLOWED, "disallow": Answer.RESERVED, "unknown": Answer.UNKNOWN}
absent = pytest.mark.skipif(not FOLDER.exists(), reason="the derived cases are not in this checkout")


def cases(name: str, part: str = "cases") -> list[dict[str, Any]]:
    """The cases of a file."""
    found: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))[part]
    return found


def read(*lines: str) -> Reading:
    """What the lines of a header say."""
    return read_headers(Headers(("Content-Usage", line) for line in lines), TARGET, PLACE)


def answers(reading: Reading) -> dict[str, Answer]:
    """The answer to each label."""
    verdict = judge(TARGET, [Reading(reading.statements)])
    return {label: verdict.answer(use) for label, use in LABELS.items()}


def codes(reading: Reading) -> list[tuple[str, bool]]:
    """The remarks, short; all have their sentences."""
    assert all(sentence(remark) and sentence(remark, "fr") for remark in reading.remarks)
    return [(remark.code.partition(".")[2], remark.doubt) for remark in reading.remarks]


@absent
def test_all_header_cases() -> None:
    """17 cases."""
    found = cases("content_usage_header.json")
    assert len(found) == 17
    for case in found:
        assert answers(read(*case["in"])) == {label: SAID[said] for label, said in case["out"].items()}, case


@absent
def test_all_combine_cases() -> None:
    """3 cases."""
    found = cases("content_usage_header.json", "combine")
    assert len(found) == 3
    for case in found:
        statements = [{label: SAID[said] for label, said in one.items()} for one in case["statements"]]
        assert combined(statements) == {label: SAID[said] for label, said in case["out"].items()}


@absent
def test_all_robots_cases() -> None:
    """7 cases; the one that AIPREF and RFC 9309 read differently is told."""
    found = cases("content_usage_robots.json")
    assert len(found) == 7
    for case in found:
        robots = parse_robots(case["robots_txt"].encode())
        target = Target(f"https://example.org{case['path']}", case["agent"])
        reading = read_robots(robots, target, PLACE)
        assert robots.allows(case["agent"], case["path"], closed_by="content-usage") is case["crawl"], case
        alone = case.get("rfc9309_only_crawl", case["crawl"])
        assert robots.allows(case["agent"], case["path"]) is alone
        assert answers(reading)["train-ai"] is SAID[case["train-ai"]], case
        assert codes(reading) == ([] if alone == case["crawl"] else [("agents-divided", False)])


# Ours, after draft-ietf-aipref-vocab-08 and attach-05; what each is about in the draft.
VECTORS = [
    ("format: both tokens", ["train-ai=n, search=y"], {"train-ai": "disallow", "search": "allow"}),
    ("labels: all", ["train-ai=n, ai-use=n, search=n"], dict.fromkeys(LABELS, "disallow")),
    ("processing: last of a line", ["search=y, search=n"], {"search": "disallow"}),
    ("processing: last of two lines", ["search=n", "search=y"], {"search": "allow"}),
    ("extensions: other labels", ["paint=n;x, search=n;q=1"], {"search": "disallow"}),
    ("processing: not a token", ['search="n"'], {}),
    ("processing: list of tokens", ["search=(n)"], {}),
    ("RFC 9651 4.2 key", ["Search=n, train-ai=n"], {}),
    ("RFC 9651 4.2 comma", ["search=n,"], {}),
    ("RFC 9651 4.2 spaces", ["  search=n  "], {"search": "disallow"}),
    ("empty", [""], {}),
]


@pytest.mark.parametrize(("about", "lines", "said"), VECTORS, ids=[row[0] for row in VECTORS])
def test_our_vectors(about: str, lines: list[str], said: dict[str, str]) -> None:
    """Each vector."""
    assert answers(read(*lines)) == {label: SAID[said.get(label, "unknown")] for label in LABELS}


def test_statements_carry_bytes_and_revision() -> None:
    """As they stood, joined."""
    first, second = read("train-ai=n", "search=n").statements
    assert (first.raw, first.revision, first.technique) == (b"train-ai=n, search=n", "vocab-08", "header")
    assert (first.use, second.use) == (Use.GENERATIVE, Use.SEARCH)
    text = b"User-agent: *\nContent-Usage: /no*l\tai-use=n # mine\n"
    (line,) = read_robots(parse_robots(text), TARGET, PLACE).statements
    assert (line.raw, line.line, line.scope) == (b"Content-Usage: /no*l\tai-use=n # mine", 2, "/no*l")
    assert line.use is Use.INPUT


def test_what_is_told() -> None:
    """Remarks, and which of them keep `allowed` away."""
    assert codes(read("Search=n")) == [("cannot-be-parsed", True)]
    assert codes(read("train-ai=N")) == [("not-y-or-n", True)]
    assert codes(read("train-ai")) == [("not-y-or-n", True)]
    assert codes(read("ai-train=no")) == [("foreign-label", True)]
    assert codes(read("search=n", "search=y")) == [("label-twice", False)]
    assert codes(read("search=y, train-ai=n")) == [("search-overrides", False)]
    for label in RETIRED:
        assert codes(read(f"{label}=n")) == [("retired-label", True)]
        assert codes(read(f"{label}=y")) == [("retired-label", False)]
    assert dict(read("bots=n").remarks[0].facts)["revisions"] == "vocab-03, -04"
    assert codes(read("x" * 70_000)) == [("cannot-be-parsed", True)]
    assert not read()


@pytest.mark.parametrize(
    ("tag", "doubt"),
    [
        ('<meta name="content-usage" content="train-ai=n">', True),
        ('<meta http-equiv="Content-Usage" content="train-ai=n">', True),
        ("<meta property=content-use content='ai-use=x'>", True),
        ('<meta name="content-usage" content="search=y">', False),
    ],
)
def test_metas_named_after_the_field(tag: str, *, doubt: bool) -> None:
    """No statement, but one may have been meant; a crawl archive keeps such pages."""
    reading = read_page(page_of(tag.encode()), TARGET, PLACE)
    assert (reading.statements, codes(reading)) == ((), [("near-name", doubt)])
    assert may_speak("text/html", tag.encode())


def test_names_that_come_near() -> None:
    """In the agent's group, and among the header fields."""

    def told(text: str) -> list[tuple[str, bool]]:
        return codes(read_robots(parse_robots(text.encode()), TARGET, PLACE))

    assert told("User-agent: *\nContent-Use: train-ai=n\n") == [("near-name", True)]
    assert told("User-agent: *\nContent-Use: /a train-ai=y\n") == [("near-name", False)]
    assert told("User-agent: Other\nContent-Use: train-ai=n\n") == []
    near = read_headers(Headers([("Content-Use", "train-ai=n")]), TARGET, PLACE)
    assert codes(near) == [("near-name", True)]


def test_retired_labels_are_told_in_words() -> None:
    """The uses by their names, not by their codes."""
    (remark,) = read("genai=n").remarks
    assert "visait\u00a0: entraînement de modèles génératifs" in sentence(remark, "fr")


def test_header_and_robots_combine_to_the_strictest() -> None:
    """Whichever says n."""
    robots = parse_robots(b"User-agent: *\nContent-Usage: train-ai=n, search=y\n")
    verdict = judge(TARGET, [read("train-ai=y, search=n"), read_robots(robots, TARGET, PLACE)])
    assert verdict.answer(Use.GENERATIVE) is Answer.RESERVED
    assert verdict.answer(Use.SEARCH) is Answer.RESERVED


def test_a_longer_rule_that_is_silent_stands() -> None:
    """Only the most specific rule speaks; a line that cannot be parsed leaves a doubt."""
    robots = parse_robots(b"User-agent: *\nContent-Usage: train-ai=n\nContent-Usage: /novel search=y\n")
    assert answers(read_robots(robots, TARGET, PLACE))["train-ai"] is Answer.UNKNOWN
    robots = parse_robots(b"User-agent: *\nContent-Usage: *.txt train-ai=n\n")
    assert codes(read_robots(robots, TARGET, PLACE)) == [("cannot-be-parsed", True)]


def test_a_path_that_may_not_be_fetched_has_no_preference() -> None:
    """Attachment, "Content-Usage Rule Semantics"."""
    robots = parse_robots(b"User-agent: *\nDisallow: /novel\nContent-Usage: train-ai=y\n")
    assert not read_robots(robots, TARGET, PLACE)


PIECES = [*LABELS, *' =,;"()?@:1.-%yYné']


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join).map(str.encode)
    )
)
def test_nothing_crashes_and_a_failure_allows_nothing(value: bytes) -> None:
    """Whatever stands in the field."""
    preference = read_preference(value)
    assert not (preference.failure and preference.answers)
    reading = read(value.decode("latin-1"))
    assert len(codes(reading)) == len(reading.remarks)
    if any(statement.answer is Answer.ALLOWED for statement in reading.statements):
        assert b"=y" in value
