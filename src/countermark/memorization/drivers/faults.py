"""The faults of drivers that a self-test knows by name, and how each is seen in numbers."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.memorization.drivers.driver import Completion, Query, Scored

_ENOUGH: Final = 8  # numbers that must not all be one
_TELLING: Final = (
    3  # tokens whose neighbours' numbers must differ from theirs, to tell an echo that is off by one
)
_ROUNDING: Final = 1e-4


@dataclass(frozen=True)
class Check:
    """One thing that was tried and held: `name`, and what was seen in one sentence."""

    name: str
    seen: str


def whole(name: str, query: Query, scored: Scored) -> None:
    """Each token has a number, and the tokens reach to the end of the text. Raises ModelError."""
    if not scored.tokens or len(scored.logprobs) != len(scored.tokens):
        raise ModelError(
            f"{name}: {len(scored.logprobs)} log-probabilities for {len(scored.tokens)} tokens of"
            f" {query.continuation[:40]!r}: log-probabilities of the prompt are missing"
        )
    end = max(token.end for token in scored.tokens)
    if end < len(query.continuation.rstrip()) or min(token.start for token in scored.tokens) > 1:
        raise ModelError(
            f"{name}: the tokens reach only to character {end} of {len(query.continuation)}: the text was changed on"
            " the way (stripped, or cut)"
        )


def numbers(name: str, scored: Scored) -> None:
    """They are log-probabilities: finite, none above 0, not one and the same for all. Raises ModelError."""
    for number in scored.logprobs:
        if not math.isfinite(number) or number > 0:
            raise ModelError(
                f"{name}: {number} is given for a log-probability; accepted are finite numbers up to 0"
            )
    if len(scored.logprobs) >= _ENOUGH and len(set(scored.logprobs)) == 1:
        value = scored.logprobs[0]
        what = "zero" if value == 0 else "constant"
        raise ModelError(
            f"{name}: {what} log-probabilities: all {len(scored.logprobs)} tokens are given {value:g}"
        )
    for under_k, plain in zip(scored.top or (), scored.logprobs, strict=False):
        if -math.inf < under_k < plain - _ROUNDING:
            raise ModelError(
                f"{name}: wrong normalisation: the likeliest tokens add up to a probability over 1"
                f" ({plain:.4f} among all tokens, {under_k:.4f} among those)"
            )


def difference(name: str, one: Scored, other: Scored) -> float:
    """The most by which two scorings of one text differ. Raises ModelError where even the tokens differ."""
    if one.tokens != other.tokens or len(one.logprobs) != len(other.logprobs):
        raise ModelError(f"{name}: one text scored twice is cut into different tokens")
    return max((abs(a - b) for a, b in zip(one.logprobs, other.logprobs, strict=True)), default=0.0)


def same_tokens(written: Completion, echo: Scored) -> int:
    """How many tokens from the first on are cut alike when the text is read back; what follows is not comparable.

    A token that holds half a character is told as U+FFFD, and read back as that sign itself: another token.
    """
    half = written.text.find("\ufffd")
    whole = [token for token in written.tokens if half < 0 or token.end <= half]
    pairs = zip(whole, echo.tokens, strict=False)
    return next(
        (n for n, (one, other) in enumerate(pairs) if one != other), min(len(whole), len(echo.tokens))
    )


def agreement(
    name: str, own: Sequence[Sequence[float]], echo: Sequence[Sequence[float]], tolerance: float
) -> Check:
    """The numbers of each text as it was written against those of its echo. Raises ModelError, the fault by name."""
    here = list(_beside(own, echo, 0))
    worst = max(abs(a - b) for a, b in here)
    if worst > tolerance:
        raise ModelError(f"{name}: {_named(own, echo, here, tolerance)}")
    telling = min(sum(abs(a - b) > tolerance for a, b in _beside(own, echo, step)) for step in (-1, 1))
    if telling < _TELLING:
        raise ModelError(
            f"{name}: an echo that is off by one could not be told: only {telling} of {len(here)} tokens differ from"
            f" their neighbours by more than the tolerance of {tolerance:g}"
        )
    return Check(
        "echo equals generation",
        f"{len(here)} tokens that it wrote itself differ by at most {worst:.2g} when they are read back"
        f" (tolerance {tolerance:g}); off by one, {telling} of them would differ by more",
    )


def most_probable(name: str, best: Sequence[bool], allowed: float) -> Check:
    """Each token written greedily is the most probable, but for `allowed` of them. Raises ModelError."""
    wrong = len(best) - sum(best)
    if wrong > allowed * len(best):
        raise ModelError(
            f"{name}: {wrong} of {len(best)} tokens that it wrote as the most probable are not the most probable when"
            " they are read back: the log-probabilities belong to other tokens"
        )
    return Check(
        "greedy", f"{len(best) - wrong} of {len(best)} tokens that it wrote are the most probable ones"
    )


def _named(
    own: Sequence[Sequence[float]],
    echo: Sequence[Sequence[float]],
    here: Sequence[tuple[float, float]],
    tolerance: float,
) -> str:
    """The fault that explains the numbers, with an example."""
    worst, seen = max((abs(a - b), (a, b)) for a, b in here)
    example = f"written with {seen[0]:.4f}, read back with {seen[1]:.4f}"
    for step, whose in ((-1, "token before"), (1, "token after")):
        moved = list(_beside(own, echo, step))
        if len(moved) >= _TELLING and _within(moved, tolerance) > 0.9:
            return f"log-probabilities are off by one: each is read back at the {whose} it ({example})"
    gap = statistics.median(b - a for a, b in here)
    ratios = [b / a for a, b in here if a < -_ROUNDING]
    ratio = statistics.median(ratios) if ratios else 1.0
    by_gap, by_ratio = [(a + gap, b) for a, b in here], [(a * ratio, b) for a, b in here]
    if max(_within(by_gap, tolerance), _within(by_ratio, tolerance)) > 0.9:
        how = f"{gap:+.4f} from" if _apart(by_gap) <= _apart(by_ratio) else f"{ratio:.4f} times"
        return (
            f"wrong normalisation: each log-probability is read back {how} what it was written with (not normalised,"
            f" another base of the logarithm, or a temperature; {example})"
        )
    return (
        f"echo and generation differ by up to {worst:.4f} ({example}); allowed are {tolerance:g}: the log-probabilities"
        " of a given text are not those of the model that writes"
    )


def _within(pairs: Sequence[tuple[float, float]], tolerance: float) -> float:
    return sum(abs(a - b) <= tolerance for a, b in pairs) / len(pairs)


def _apart(pairs: Sequence[tuple[float, float]]) -> float:
    return statistics.fmean(abs(a - b) for a, b in pairs)


def _beside(
    own: Sequence[Sequence[float]], echo: Sequence[Sequence[float]], step: int
) -> Iterator[tuple[float, float]]:
    """Each number as written with the one read back `step` places after it."""
    for written, back in zip(own, echo, strict=True):
        for n, number in enumerate(written):
            if 0 <= n + step < len(back):
                yield number, back[n + step]
