"""ai.txt as Spawning's generator writes it, and other files of that name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.reservations.ai_txt import read_ai_txt
from countermark.reservations.statement import Place, Reading
from countermark.reservations.target import Target
from countermark.reservations.use import Answer, Use
from countermark.reservations.verdict import judge
from countermark.reservations.words import sentence

PLACE = Place("https://example.org/ai.txt")
# The shape of a generated file: pictures and sound not for training, texts and the rest open.
MIXED = b"""# Spawning AI
User-agent: */
Disallow: *.jpg
Disallow: *.c
Allow: *.html
Allow: /
"""


def read(data: bytes, path: str, agent: str = "NovelBot") -> Reading:
    """What a file says of a path."""
    return read_ai_txt(data, Target(f"https://example.org{path}", agent), PLACE)


def answer(data: bytes, path: str, agent: str = "NovelBot") -> Answer:
    """The answer for training; that for generation is the same, the others are unknown."""
    target = Target(f"https://example.org{path}", agent)
    verdict = judge(target, [read(data, path, agent)])
    assert verdict.answer(Use.TRAIN) is verdict.answer(Use.GENERATIVE)
    assert {verdict.answer(use) for use in (Use.TDM, Use.INPUT, Use.SEARCH)} == {Answer.UNKNOWN}
    return verdict.answer(Use.TRAIN)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/a/cover.jpg", Answer.RESERVED),
        ("/a/cover.JPG?size=2", Answer.RESERVED),
        ("/novel.html", Answer.ALLOWED),
        ("/novel", Answer.ALLOWED),
        ("/page.css", Answer.ALLOWED),
        ("/main.c", Answer.RESERVED),
        ("/x.jpg/more", Answer.ALLOWED),
    ],
)
def test_file_types(path: str, said: Answer) -> None:
    """A file type is the end of a path, whatever its case; `*.c` is not `.css`."""
    assert answer(MIXED, path) is said


def test_everything_is_reserved() -> None:
    """What the generator writes where nothing is let free."""
    assert answer(b"User-agent: *\nDisallow: *\nDisallow: /\n", "/novel") is Answer.RESERVED


def test_agents_and_paths() -> None:
    """Groups are those of robots.txt."""
    data = b"User-agent: NovelBot\nDisallow: /poems/\n\nUser-agent: *\nAllow: /\n"
    assert answer(data, "/poems/1") is Answer.RESERVED
    assert answer(data, "/novel") is Answer.UNKNOWN
    assert answer(data, "/poems/1", "Other") is Answer.ALLOWED


def test_statements() -> None:
    """Line, bytes, scope, revision."""
    first = read(MIXED, "/cover.jpg").statements[0]
    assert (first.line, first.raw, first.scope) == (3, b"Disallow: *.jpg", "* *.jpg")
    assert (first.technique, first.revision, first.protocol) == ("well-known", "2023-05-30", "ai-txt")


@pytest.mark.parametrize(
    ("data", "code", "doubt"),
    [
        (b"<!doctype html><title>Shop</title>", "markup", False),
        (b"Spec-Version: 1.0\nTraining: deny\n", "another-format", True),
        (b"Disallow: *.jpg\n", "before-any-group", True),
        (b"User-agent: *\nDsallow: /\n", "misspelt", True),
        (b"User-agent: *\nDisallow: " + b"/x" * 20_000, "too-long", True),
    ],
)
def test_what_is_not_read_is_told(data: bytes, code: str, *, doubt: bool) -> None:
    """With a doubt where it may have been a reservation."""
    (remark,) = read(data, "/novel").remarks
    assert (remark.code, remark.doubt) == (f"ai-txt.{code}", doubt)
    assert sentence(remark) != sentence(remark, "fr")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_bytes_can_be_read(data: bytes, path: str) -> None:
    """Nothing is allowed that no Allow line allows."""
    reading = read(data, f"/{path}")
    assert all(sentence(remark) for remark in reading.remarks)
    if any(statement.answer is Answer.ALLOWED for statement in reading.statements):
        assert b"allow" in data.lower()
