"""The rank tests: exact by symmetry, with ties against us."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.probability.binomial import clopper_pearson
from countermark.probability.ranks import combine, rank_p, standard_scores

SCORES = st.lists(st.integers(-5, 5), min_size=2, max_size=30)


def correlated(generator: np.random.Generator, count: int) -> np.ndarray:
    """Scores that hang together and are far from normal, as a model's are."""
    walk = np.cumsum(generator.standard_exponential(count)) * 0.1
    return np.round(walk + generator.standard_cauchy(count) * 0.01 + 5 * generator.standard_normal(), 2)


def test_known_ranks() -> None:
    """The best of four, the worst, one in a tie."""
    assert rank_p([4, 1, 2, 3], 0) == 0.25
    assert rank_p([1, 2, 3, 4], 0) == 1.0
    assert rank_p([3, 3, 1, 1], 0) == 0.5
    assert rank_p([0.1 + 0.2, 0.3, 0, 0], 1) == 0.5  # rounding parts nothing
    assert rank_p([0.0] * 10, 3) == 1.0


@given(SCORES)
def test_p_is_valid_whatever_the_scores(scores: list[int]) -> None:
    """Over all places that could have been drawn, p <= a happens with a share of at most a."""
    ps = sorted(rank_p(scores, place) for place in range(len(scores)))
    assert all(p >= (rank + 1) / len(scores) for rank, p in enumerate(ps))


@given(SCORES, st.data())
def test_candidates_are_treated_alike(scores: list[int], data: st.DataObject) -> None:
    """A standard score moves with its candidate when the candidates are shuffled."""
    order = data.draw(st.permutations(range(len(scores))))
    there = standard_scores(scores)
    assert np.allclose(standard_scores([scores[place] for place in order]), there[list(order)], atol=1e-12)


@pytest.mark.parametrize("wrong", [[1.0], [], [1.0, float("nan")], [1.0, float("-inf")]])
def test_what_is_no_set_of_scores_is_refused(wrong: list[float]) -> None:
    """One candidate alone, none, or no number."""
    with pytest.raises(ValueError, match="score"):
        rank_p(wrong, 0)
    with pytest.raises(ValueError, match="candidate 2"):
        rank_p([1.0, 2.0], 2)
    with pytest.raises(ValueError, match="accepted"):
        combine([], [], seed=0)


def test_few_combinations_are_all_counted() -> None:
    """Three works of four candidates: the share of the 64 sums that reach ours."""
    generator = np.random.default_rng(1)
    works = [generator.standard_normal(4) for _ in range(3)]
    for places in itertools.islice(itertools.product(range(4), repeat=3), 0, 64, 7):
        found = combine(works, places, seed=0)
        z = [standard_scores(scores) for scores in works]
        mine = sum(scores[place] for scores, place in zip(z, places, strict=True))
        sums = [a + b + c for a in z[0] for b in z[1] for c in z[2]]
        assert found.all_counted
        assert found.p == sum(one >= mine - 1e-9 for one in sums) / 64
    assert combine([[1, 2, 3]], [2], seed=0).p == rank_p([1, 2, 3], 2)


def test_draws_agree_with_counting() -> None:
    """Monte Carlo finds what counting finds, within what its draws allow."""
    generator = np.random.default_rng(2)
    works = [generator.standard_normal(20) for _ in range(3)]
    exact = combine(works, [3, 4, 5], seed=0, draws=8000)
    drawn = combine(works, [3, 4, 5], seed=0, draws=7999)
    assert exact.all_counted
    assert not drawn.all_counted
    assert abs(exact.p - drawn.p) < 4 * np.sqrt(exact.p * (1 - exact.p) / 7999)
    assert drawn == combine(works, [3, 4, 5], seed=0, draws=7999)
    assert drawn.p == (1 + drawn.at_least) / 8000


def test_p_is_uniform_under_the_null_for_correlated_candidates() -> None:
    """Single and combined: over 2,000 draws, never more often at a level than the level."""
    generator = np.random.default_rng(3)
    single, combined = [], []
    for trial in range(2000):
        works = [correlated(generator, 25) for _ in range(3)]
        places = [int(generator.integers(25)) for _ in works]
        single.append(rank_p(works[0], places[0]))
        combined.append(combine(works, places, seed=trial, draws=400).p)
    for ps in (single, combined):
        for level in (0.04, 0.2, 0.4, 0.8):
            low, _ = clopper_pearson(sum(p <= level for p in ps), len(ps), 0.9999)
            assert low <= level  # never more often than the level
    assert 0.45 < float(np.mean(combined)) < 0.56  # and not much less often either


@pytest.mark.slow
def test_hundreds_of_works_are_combined() -> None:
    """Three hundred works of a thousand candidates, in bounded memory; the smallest p is that of the draws."""
    generator = np.random.default_rng(4)
    works = [generator.standard_normal(1000) for _ in range(300)]
    best = combine(works, [int(scores.argmax()) for scores in works], seed=1)
    assert best.p == 1 / 200_001
    middle = combine(works, [0] * 300, seed=1)
    assert 0.001 < middle.p < 0.999
