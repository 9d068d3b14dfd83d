"""The exact interval, against published values and against its definition."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.probability.binomial import beta_cdf, clopper_pearson

# The four classical examples at 95 %, known from Newcombe, Statistics in Medicine 17 (1998) 857-872. The limits are
# quoted from memory, not checked against the printed table; the test of the definition below stands by itself.
PUBLISHED = [
    (81, 263, 0.2527, 0.3676),
    (15, 148, 0.0578, 0.1617),
    (0, 20, 0.0000, 0.1684),
    (1, 29, 0.0009, 0.1776),
]


@pytest.mark.parametrize(("successes", "trials", "lower", "upper"), PUBLISHED)
def test_published_values(successes: int, trials: int, lower: float, upper: float) -> None:
    """The four examples that the literature compares intervals on come out to four places."""
    found = clopper_pearson(successes, trials)
    assert [round(limit, 4) for limit in found] == [lower, upper]


def test_no_alarm_has_a_closed_form() -> None:
    """With no success the upper limit is 1 - (alpha/2)^(1/n)."""
    for trials in (1, 7, 60, 100_000):
        assert clopper_pearson(0, trials)[1] == pytest.approx(1 - 0.025 ** (1 / trials), rel=1e-9)


def upper_tail(successes: int, trials: int, p: float) -> float:
    """P(X >= successes), summed term by term."""
    return sum(comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(successes, trials + 1))


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_limits_leave_half_of_alpha_in_each_tail(pair: tuple[int, int]) -> None:
    """At the lower limit P(X >= k) is 0.025, at the upper limit P(X <= k) is 0.025: the definition."""
    successes, trials = pair
    lower, upper = clopper_pearson(successes, trials)
    assert 0 <= lower <= successes / trials <= upper <= 1
    if successes:
        assert upper_tail(successes, trials, lower) == pytest.approx(0.025, rel=1e-6)
    if successes < trials:
        assert 1 - upper_tail(successes + 1, trials, upper) == pytest.approx(0.025, rel=1e-6)


@given(st.integers(1, 40), st.integers(1, 40), st.floats(0.001, 0.999))
def test_beta_is_a_binomial_tail(a: int, b: int, x: float) -> None:
    """I_x(a, b) is the chance of at least a successes in a + b - 1 trials."""
    assert beta_cdf(x, a, b) == pytest.approx(upper_tail(a, a + b - 1, x), rel=1e-9, abs=1e-13)


def test_no_trials_say_nothing() -> None:
    """Without controls everything is possible."""
    assert clopper_pearson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("successes", "trials", "confidence"), [(2, 1, 0.95), (-1, 5, 0.95), (0, 5, 1.0)])
def test_impossible_counts_are_refused(successes: int, trials: int, confidence: float) -> None:
    """More alarms than controls, or a confidence of one, is an error of the caller."""
    with pytest.raises(ValueError, match="accepted"):
        clopper_pearson(successes, trials, confidence)
