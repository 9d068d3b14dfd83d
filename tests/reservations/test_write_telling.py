"""The table of what the protocols cannot say: short, narrow, and nothing missing from the JSON."""

from __future__ import annotations

import itertools

import pytest

from countermark.reservations.use import USES, Use
from countermark.reservations.writing.everything import write_all
from countermark.reservations.writing.inexpressible import Inexpressible
from countermark.reservations.writing.telling import WIDTH, inexpressible_json, inexpressible_lines, wrap
from reservations.random_policies import random_policy


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("seed", range(20))
def test_no_line_is_wider_than_a_terminal(seed: int, language: str) -> None:
    """Whatever the policy."""
    lost = write_all(random_policy(seed), {}).lost
    lines = inexpressible_lines(lost, language)
    assert max(map(len, lines), default=0) <= WIDTH
    assert len(inexpressible_json(lost)) == len(lost)


def test_what_differs_in_path_only_shares_a_row() -> None:
    """The first paths by name, the others by number."""
    lost = [Inexpressible("aipref", Use.TDM, f"/{number}/") for number in range(9)]
    lines = inexpressible_lines(lost, "en")
    assert len(lines) == 3
    assert "/0/, /1/, /2/, +6" in lines[2]


def test_many_sets_of_uses_with_one_reason_share_a_row() -> None:
    """It says that not each path has all of them."""
    pairs = itertools.combinations(USES, 2)
    lost = [Inexpressible("rsl", use, f"/{number}/") for number, pair in enumerate(pairs) for use in pair]
    text = " ".join(" ".join(inexpressible_lines(lost, "en")).split())
    assert text.count("RSL") == 1
    assert "one or more of:" in text


def test_what_a_headers_file_leaves_out_is_told_below() -> None:
    """It is no matter of a protocol."""
    lost = [
        Inexpressible(protocol, Use.TRAIN, path, reason="static-headers")
        for protocol in ("aipref", "noai")
        for path in ("/", "/a/")
    ]
    lines = inexpressible_lines(lost, "en")
    assert lines[0].startswith("_headers is left without the header fields of AIPREF; noai, noimageai:")
    assert "(here /, /a/)" in " ".join(lines)


@pytest.mark.parametrize("text", ["", "one", "one two three four", "x" * 50, "x" * 50 + " y", "\u65e5" * 30])
def test_a_long_text_is_wrapped_and_nothing_is_lost(text: str) -> None:
    """Wide letters count twice."""
    lines = wrap(text, 10)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(sum(2 if letter == "\u65e5" else 1 for letter in line) <= 10 for line in lines)
