"""The exact probabilities of the two tests that need no controls: a random text emitted, a published version picked.

Both rest on one fact: under the null, nothing that the model learnt depended on the draws of the key. What it writes is
then independent of which candidate was published.

Emission. The published text is uniform on a space of S texts. Whatever Q outputs say, at one place of an output there
stands at most one text of the space. Q outputs that are searched at L places each hold at most Q L of the S texts, so
P(any output holds the published one) <= Q L / S, the union bound. Over several traps, whose draws are independent, the
probability of h emissions or more is at most the sum over all h traps of the products of their bounds.

Choice. k versions are shown, the published one in a place that is uniform given all that is shown. Any way to answer
is right with probability 1/k, and the draws of questions are independent: the number right is Binomial(n, 1/k). A model
that always says A, or that prefers a style, changes nothing: its answer is a function of what is shown, and given that
each place is as probable as any other. An answer that is no letter is wrong, which can only make the number smaller.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from countermark.probability.binomial import beta_cdf

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST: Final = sys.float_info.min
"""What is smaller is told as this, about 2e-308: a p is never nothing."""


def emission_bound(outputs: int, positions: int, space: int) -> float:
    """The union bound for one trap: at most `outputs` x `positions` / `space`, and at most 1."""
    if outputs < 0 or positions < 0 or space < 1:
        raise ValueError(f"{outputs} outputs, {positions} positions and a space of {space} are no test")
    return min(1.0, outputs * positions / space)


def emissions_bound(bounds: Sequence[float], hits: int) -> float:
    """At least `hits` of independent traps are emitted: the sum of the products of so many bounds, at most 1."""
    if not 0 <= hits <= len(bounds):
        raise ValueError(f"{hits} hits of {len(bounds)} traps")
    sums = [1.0, *([0.0] * hits)]
    for bound in bounds:
        for size in range(hits, 0, -1):
            sums[size] += sums[size - 1] * bound
    return min(1.0, max(sums[hits], _LEAST))


def choice_p(right: int, questions: int, versions: int) -> float:
    """P(X >= right) for X binomial(questions, 1/versions)."""
    return max(_tail(right, questions, 1 / _checked(versions)), _LEAST)


def choice_needed(questions: int, versions: int, alpha: float) -> int | None:
    """The fewest right answers whose p is at most alpha; None where even all are too few."""
    fit = (right for right in range(questions + 1) if choice_p(right, questions, versions) <= alpha)
    return next(fit, None)


def choice_power(questions: int, versions: int, accuracy: float, alpha: float) -> float:
    """The probability that a model which is right with probability `accuracy` passes at alpha."""
    needed = choice_needed(questions, versions, alpha)
    return 0.0 if needed is None else _tail(needed, questions, accuracy)


def _tail(right: int, questions: int, share: float) -> float:
    if not 0 <= right <= questions:
        raise ValueError(f"{right} right of {questions} questions")
    if right == 0:
        return 1.0
    return beta_cdf(share, right, questions - right + 1)


def _checked(versions: int) -> int:
    if versions < 2:
        raise ValueError(f"{versions} versions; accepted: 2 or more")
    return versions
