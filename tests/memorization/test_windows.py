"""Windows: cut between characters, and where the model cuts them too."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.errors import InputError, ModelError, PlanError
from countermark.memorization.drivers.driver import Token
from countermark.memorization.extraction import windows as module
from countermark.memorization.extraction.rules import Rules
from countermark.memorization.extraction.windows import cut_windows, tokens_of

SMALL = Rules(prefix=4, continuation=3, stride=2)


def words(text: str) -> list[Token]:
    return [Token(*match.span()) for match in re.finditer(r"\s*\S+|\s+$", text)]


def bytes_of(text: str) -> list[Token]:
    """One token a byte, as a byte-level model has for characters that it does not know."""
    return [Token(n, n + 1) for n, character in enumerate(text) for _ in character.encode()]


def test_windows_slide_by_tokens_and_join_without_a_gap() -> None:
    text = "a bb ccc d ee fff g hh iii j"
    found = cut_windows(text, words, SMALL)
    assert found.tokens == 10
    assert [text[w.start : w.border] + "|" + text[w.border : w.end] for w in found.windows] == [
        "a bb ccc d| ee fff g",
        " ccc d ee fff| g hh iii",
    ]
    assert (found.moved, found.otherwise, found.left_out) == (0, 0, 0)


@pytest.mark.parametrize("text", ["", " ", "a b c d e f"])
def test_a_text_shorter_than_a_window_has_none(text: str) -> None:
    assert cut_windows(text, words, SMALL).windows == ()


def test_no_cut_lies_within_a_character() -> None:
    """Two or three tokens share a character; the cut goes to the next one, and is counted."""
    text = "né à Évreux, 東京 était là"
    found = cut_windows(text, bytes_of, SMALL)
    assert found.moved
    assert found.otherwise == 0
    for window in found.windows:
        assert len(bytes_of(text[window.start : window.border])) >= SMALL.prefix
        assert len(bytes_of(text[window.border : window.end])) >= SMALL.continuation


def test_a_cut_within_a_token_of_the_window_itself_is_moved() -> None:
    """Cut by itself, `b c` becomes one token where it is the fourth: the prefix may not end there."""

    def greedy(text: str) -> list[Token]:
        if len(text) > 12:
            return [Token(n, n + 1) for n in range(len(text))]
        return [Token(match.start(), match.end()) for match in re.finditer(r"bc|.", text)]

    text = "aaabcaaaaaaaaaaaa"
    found = cut_windows(text, greedy, SMALL)
    assert found.windows[0].border == 5
    assert found.moved == 1
    assert found.otherwise == 2  # the bc of two windows


def test_where_no_cut_is_found_the_place_is_left_out() -> None:
    def glued(text: str) -> list[Token]:
        return words(text) if len(text) > 60 else [Token(0, len(text))]

    found = cut_windows("ab " * 40, glued, SMALL)
    assert found.windows == ()
    assert found.left_out == len(range(0, found.tokens - 7 + 1, 2))


@pytest.mark.parametrize(
    "tokens",
    [[Token(0, 99)], [Token(3, 2)], [Token(-1, 2)], [Token(2, 4), Token(0, 2)], [Token(0, 3), Token(1, 2)]],
)
def test_tokens_that_are_none_of_the_text_are_refused(tokens: list[Token]) -> None:
    with pytest.raises(ModelError, match="one after the other"):
        cut_windows("ten letters", lambda _: tokens, SMALL)


def test_a_long_text_is_cut_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces end before a space, so that words stay whole."""
    monkeypatch.setattr(module, "PIECE", 50)
    text = "some words of a text\nthat is long enough to be cut into several pieces of fifty each " * 5
    seen: list[str] = []

    def cut(piece: str) -> list[Token]:
        seen.append(piece)
        return words(piece)

    assert [text[t.start : t.end] for t in tokens_of(text, cut)] == [
        text[t.start : t.end] for t in words(text)
    ]
    assert max(map(len, seen)) <= 50
    assert "".join(seen) == text
    monkeypatch.setattr(module, "PIECE", 4)
    assert [token.start for token in tokens_of("abcdefgh", bytes_of)] == list(range(8))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=120))
def test_any_text_is_cut_between_characters(text: str) -> None:
    """Every window lies in the text, and both of its sides hold something."""
    text = text.encode("utf-8", "replace").decode()
    for window in cut_windows(text, bytes_of, SMALL).windows:
        assert 0 <= window.start < window.border < window.end <= len(text)


@pytest.mark.parametrize(
    "wrong",
    [{"stride": 0}, {"prefix": 10**9}, {"threshold": 0.0}, {"threshold": float("nan")}, {"alpha": 1.0},
     {"rule": "beam"}, {"quoted_letters": 0}, {"continuation": 2.5}],
)  # fmt: skip
def test_rules_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match="accepted"):
        Rules(**wrong)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="rules"):
        Rules.of(Rules().facts() | wrong)
    with pytest.raises(PlanError, match="rules"):
        Rules.of({"stride": "two"})
