"""p_z: the probability that a model continues a prefix with exactly these tokens, under a stated rule of decoding.

p_z = Π p(token | all before it): at temperature 1, and where only the 40 most probable tokens may be drawn (then it is
0 as soon as one token lies outside). (n, p)-discoverable extraction: 1 - (1 - p_z)^n >= p, that is, with n tries the
passage appears at least once with probability p. Hayes et al. 2024, arXiv 2410.19482. No null is needed for any of it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.errors import ModelError
from countermark.memorization.drivers.driver import TOP_K
from countermark.memorization.extraction.rules import T1

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.drivers.driver import Scored

_DIGITS: Final = 6
_MOST_TRIES: Final = 1e18


class Weighed(NamedTuple):
    """One window: log10 p_z at temperature 1 and under top-k (None where the driver does not tell), to six decimals.

    All that is decided is decided from these rounded numbers. `greedy` is whether taking the most probable token each
    time gives the continuation; None where the numbers do not tell. `left_out` counts tokens of the prefix that did
    not fit the model's context.
    """

    t1: float
    top: float | None
    tokens: int
    greedy: bool | None
    left_out: int

    def under(self, rule: str) -> float:
        """log10 p_z under one of the two rules. Raises ModelError where the driver does not tell."""
        if rule == T1:
            return self.t1
        if self.top is None:
            raise ModelError(
                f"this driver does not tell the {TOP_K} most probable tokens; make the plan with --rule {T1}"
            )
        return self.top


def weigh(scored: Scored, continuation: str) -> Weighed:
    """The probability of one continuation. Raises ModelError where a part of it has none."""
    _require_whole(scored, continuation)
    top = None if scored.top is None else _log10(scored.top)
    return Weighed(_log10(scored.logprobs), top, len(scored.tokens), _greedy(scored), scored.left_out)


def _log10(logprobs: Sequence[float]) -> float:
    # Rounding in the model may leave a probability a little over one.
    total = math.fsum(min(value, 0.0) for value in logprobs) / math.log(10)
    return total if total == -math.inf else round(total, _DIGITS)


def _require_whole(scored: Scored, continuation: str) -> None:
    """Raise ModelError where letters of the continuation are in no token: its probability would come out too high."""
    reached = 0
    for token in (*scored.tokens, None):
        start = len(continuation) if token is None else token.start
        if continuation[reached:start].strip():
            raise ModelError("the model gave no log-probability for a part of a continuation")
        reached = max(reached, start if token is None else token.end)


def _greedy(scored: Scored) -> bool | None:
    """Whether each token is the most probable one: as the driver tells, or where the numbers leave no doubt.

    More than one half is; less than 1/40 of the 40 best is not.
    """
    if scored.best is not None:
        return all(scored.best)
    if all(value > math.log(0.5) for value in scored.logprobs):
        return True
    if scored.top is None:
        return None
    if any(value < -math.log(TOP_K) - 1e-6 for value in scored.top):
        return False
    sure = all(value > math.log(0.5) + 1e-6 for value in scored.top)
    return True if sure else None


def expected_tries(log10_p: float) -> float | None:
    """How often one must ask, on average, for the passage to appear once: 1/p_z; None beyond 10^18."""
    tries = 10.0**-log10_p if log10_p > -math.log10(_MOST_TRIES) else math.inf
    return None if tries > _MOST_TRIES else float(f"{tries:.6g}")


def least_log10(tries: int, probability: float) -> float:
    """The log10 p_z from which on a passage appears in `tries` with `probability`: 1 - (1 - p)^(1/n)."""
    return math.log10(-math.expm1(math.log1p(-probability) / tries))


def curve(values: Sequence[float], tries: Sequence[int], probabilities: Sequence[float]) -> list[list[int]]:
    """How many windows are (n, p)-extractable: one row for each p, one number for each n."""
    return [[sum(value >= least_log10(n, p) for value in values) for n in tries] for p in probabilities]


def number(log10_p: float | None) -> float | None:
    """As JSON holds it: null where p_z is 0, which has no logarithm."""
    return None if log10_p is None or log10_p == -math.inf else log10_p


def facts(weighed: Weighed) -> dict[str, Any]:
    """One window as a result holds it; `top_known` tells p_z = 0 under top-k from not known."""
    return {
        "t1": number(weighed.t1),
        "top": number(weighed.top),
        "top_known": weighed.top is not None,
        "tokens": weighed.tokens,
        "greedy": weighed.greedy,
    }
