"""Windows: a prefix that the model is given, and the continuation whose probability is asked.

Hayes et al. (arXiv 2410.19482) and Cooper et al. (arXiv 2505.12546): 50 + 50 of the model's own tokens, slid over the
whole work. A window is handed to the model as text and is cut there again. So every cut lies between two characters,
and none lies within a token of what the model will be given; where one would, it is moved to the next place, and that
is counted. A window may still be cut otherwise than within the whole text, mostly in its first tokens. Its
probability is exact for the tokens that it is cut into, and such windows are counted too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.errors import ModelError
from countermark.memorization.drivers.driver import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from countermark.memorization.extraction.rules import Rules

PIECE: Final = 50_000
"""Characters that a tokenizer is given at a time: one behind HTTP takes no book at once."""
MOVES: Final = 8
"""So many tokens a cut is moved at most; else the place is left out, and counted."""


class Window(NamedTuple):
    """Places in the text, in code points: the prefix is `[start, border)`, the continuation `[border, end)`."""

    start: int
    border: int
    end: int


class Windows(NamedTuple):
    """The windows of a text of so many `tokens`.

    `moved` windows have a cut that was moved, `otherwise` are cut otherwise by themselves than within the text, and at
    `left_out` places no cut was found. A text shorter than one window has none.
    """

    windows: tuple[Window, ...]
    tokens: int
    moved: int
    otherwise: int
    left_out: int


def cut_windows(text: str, cut: Callable[[str], list[Token]], rules: Rules) -> Windows:
    """Slide over a text; `cut` is a Scorer's `tokens`. Raises ModelError where that gives no tokens of the text."""
    tokens = tokens_of(text, cut)
    cuts = _clean_cuts(tokens)
    found, moved, otherwise, left_out = [], 0, 0, 0
    last = len(tokens) - rules.prefix - rules.continuation
    for first in range(0, last + 1, rules.stride):
        placed = _place(text, cut, (tokens, cuts), first, rules)
        if placed is None:
            left_out += 1
            continue
        window, shifted, same = placed
        found.append(window)
        moved += shifted
        otherwise += not same
    return Windows(tuple(found), len(tokens), moved, otherwise, left_out)


def tokens_of(text: str, cut: Callable[[str], list[Token]]) -> list[Token]:
    """The tokens of a long text, asked piece by piece; pieces end before a space where there is one."""
    tokens: list[Token] = []
    begin = 0
    while begin < len(text):
        end = _piece_end(text, begin)
        piece = cut(text[begin:end])
        _check(piece, end - begin)
        tokens += [Token(begin + token.start, begin + token.end) for token in piece]
        begin = end
    return tokens


def _piece_end(text: str, begin: int) -> int:
    end = begin + PIECE
    if end >= len(text):
        return len(text)
    space = max(text.rfind(" ", begin + PIECE // 2, end), text.rfind("\n", begin + PIECE // 2, end))
    return space if space > 0 else end


def _check(tokens: Sequence[Token], length: int) -> None:
    """Raise ModelError unless tokens lie in a text one after the other. Halves of a character share its place."""
    before = Token(0, 0)
    for token in tokens:
        inside = 0 <= token.start <= token.end <= length
        if not inside or token.start < before.start or token.end < before.end:
            raise ModelError(
                "the model's tokens do not lie in the text one after the other; it cannot be cut"
            )
        before = token


def _clean_cuts(tokens: Sequence[Token]) -> list[bool]:
    """For each token whether a cut before it lies between two characters; the last is the end of the text."""
    inner = [tokens[n - 1].end <= tokens[n].start for n in range(1, len(tokens))]
    return [True, *inner, True]


def _place(
    text: str,
    cut: Callable[[str], list[Token]],
    whole: tuple[list[Token], list[bool]],
    first: int,
    rules: Rules,
) -> tuple[Window, bool, bool] | None:
    """The window at a token: whether it had to be moved, and whether it is cut as within the text; None without a cut.

    The end of the prefix is tried at the place wanted and at those after it, until it is an end of a token also where
    the window is cut by itself.
    """
    tokens, _ = whole
    begin = _next_cut(whole, first)
    for shift in range(MOVES):
        border = None if begin is None else _next_cut(whole, begin + rules.prefix + shift)
        finish = None if border is None else _next_cut(whole, border + rules.continuation)
        if begin is None or border is None or finish is None:
            return None
        end = tokens[finish].start if finish < len(tokens) else tokens[-1].end
        window = Window(tokens[begin].start, tokens[border].start, end)
        own = cut(text[window.start : window.end])
        _check(own, window.end - window.start)
        middle = window.border - window.start
        if own and not any(token.start < middle < token.end for token in own):
            there = [(t.start - window.start, t.end - window.start) for t in tokens[begin:finish]]
            length = rules.prefix + rules.continuation
            moved = begin != first or finish - begin != length or bool(shift)
            return window, moved, there == [tuple(token) for token in own]
    return None


def _next_cut(whole: tuple[list[Token], list[bool]], wanted: int) -> int | None:
    """The first token from `wanted` on that a character begins with; the end of the text counts."""
    _, cuts = whole
    return next((n for n in range(wanted, min(wanted + MOVES, len(cuts))) if cuts[n]), None)
