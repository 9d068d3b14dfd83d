"""Where two passages differ, word by word.

The words are aligned so that the shared ones weigh most, each by its length: a heaviest common subsequence, found
with one table row at a time. Its time is the same for every text of a size, also for one that repeats a word.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

import numpy as np

MAX_TOKENS = 400
# A word, one sign of a script without spaces, white space, or one other sign.
_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
    r"|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
    r"|\s+|[^\w\s]"
)


class Level(StrEnum):
    """How two sides differ at a place."""

    NONE = ""
    TYPOGRAPHY = "typography"  # the same letters; case, accents or punctuation differ
    LETTERS = "letters"


class Piece(NamedTuple):
    """Some text of one side, and how the other side differs there."""

    text: str
    level: Level


def compare(left: str, right: str, *, cut: bool = False) -> tuple[list[Piece], list[Piece]]:
    """Both sides in pieces. White space counts as equal; everything else that differs is told, with its level.

    With `cut` the passages go on after the excerpts, so what is left over at their ends is no difference.
    Of each side the first 400 words and signs are compared and returned.
    """
    tokens = [_TOKEN.findall(side)[:MAX_TOKENS] for side in (left, right)]
    keys = [[_key(token) for token in side] for side in tokens]
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    at = (0, 0)
    end = (len(tokens[0]), len(tokens[1]))
    for pair in [*_aligned(keys[0], keys[1], early=cut), end]:
        gap = [tokens[side][at[side] : pair[side]] for side in (0, 1)]
        level = Level.NONE if cut and pair == end else _level(gap[0], gap[1])
        for side in (0, 1):
            _extend(sides[side], gap[side], level)
        if pair != end:
            one, other = tokens[0][pair[0]], tokens[1][pair[1]]
            level = Level.NONE if one == other or one.isspace() else Level.TYPOGRAPHY
            _extend(sides[0], [one], level)
            _extend(sides[1], [other], level)
        at = (pair[0] + 1, pair[1] + 1)
    return sides


def _aligned(left: list[str], right: list[str], *, early: bool) -> list[tuple[int, int]]:
    """The pairs of places of the heaviest common subsequence; of equals, the one that lies furthest right.

    With `early` the one furthest left: the last words of a cut side must not be sought in what follows on the other.
    """
    number = {key: place for place, key in enumerate(dict.fromkeys([*left, *right]))}
    other = np.array([number[key] for key in right], np.int64)
    best = np.zeros((len(left) + 1, len(right) + 1), np.int64)
    for row, key in enumerate(left):
        # White space weighs least, so that it aligns nothing against the words.
        weight = 1 if key == " " else 1 + 2 * len(key)
        taken = best[row, :-1] + weight * (other == number[key])
        best[row + 1, 1:] = np.maximum.accumulate(np.maximum(best[row, 1:], taken))
    pairs = []
    row, column = len(left), len(right)
    while row and column:
        if left[row - 1] == right[column - 1] and not (
            early and best[row, column] in (best[row - 1, column], best[row, column - 1])
        ):
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif best[row, column] == best[row - 1, column]:
            row -= 1
        else:
            column -= 1
    return pairs[::-1]


def _key(token: str) -> str:
    """What a token is compared by: its folded letters, or the sign itself."""
    return " " if token.isspace() else folded(token) or token


def folded(text: str) -> str:
    """Letters and digits without case and accents. It only serves to choose a mark, never to match."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def _level(mine: list[str], other: list[str]) -> Level:
    if folded("".join(mine)) != folded("".join(other)):
        return Level.LETTERS
    blank = all(token.isspace() for token in (*mine, *other))
    return Level.NONE if blank else Level.TYPOGRAPHY


def _extend(side: list[Piece], tokens: list[str], level: Level) -> None:
    """Append tokens to a side, joining neighbours of one level."""
    text = "".join(tokens)
    if text and side and side[-1].level == level:
        side[-1] = Piece(side[-1].text + text, level)
    elif text:
        side.append(Piece(text, level))
