"""Residual scores: sharper, blind to the published candidate, exact."""

from __future__ import annotations

import numpy as np
import pytest

from countermark.errors import InputError
from countermark.memorization.traps import residual
from countermark.memorization.traps.ranking import Contest, Scores
from countermark.memorization.traps.residual import Background, residualised
from countermark.probability.binomial import clopper_pearson
from countermark.probability.ranks import rank_p
from memorization.trapped import WORDS, sentences

BACKGROUND = Background([" ".join(word for place, word in enumerate(WORDS) for _ in range(1 + place**2)) * 3])


def common(contest: Contest) -> np.ndarray:
    """How common the words of each candidate are in the background: what a model that has read it would say."""
    return np.array(
        [sum(BACKGROUND.features("", word)[0] for word in p.sites[0].text.split()) for p in contest.passages]
    )


def scores_of(contest: Contest, generator: np.random.Generator, effect: float = 0.0) -> Scores:
    """A model's scores: nearly all commonness, a little of its own, and what it has learnt."""
    raw = 2 * common(contest) + generator.standard_normal(len(contest.numbers))
    raw[contest.published] += effect
    return Scores(raw, np.full(len(raw), 3.0))


def test_what_never_saw_the_model_is_taken_out() -> None:
    """A candidate that was learnt stands out once commonness is gone."""
    generator = np.random.default_rng(1)
    contests = [sentences(f"w{n}", 200, published=int(generator.integers(200))) for n in range(4)]
    scores = [scores_of(contest, generator, 4.0) for contest in contests]
    found = residualised(contests, scores, BACKGROUND)
    assert found.explained["passphrase"] > 0.9
    for contest, raw, left in zip(contests, scores, found.scores, strict=True):
        assert rank_p(left, contest.published) <= 0.02
        assert abs(left.mean()) < 1e-9
        assert rank_p(left, contest.published) <= rank_p(raw.raw, contest.published)


def test_candidates_are_treated_alike() -> None:
    """The regression does not look at which is published, nor at the order."""
    generator = np.random.default_rng(2)
    contest = sentences("w", 100, published=5)
    scores = scores_of(contest, generator)
    order = generator.permutation(100)
    moved = contest._replace(passages=tuple(contest.passages[place] for place in order), published=77)
    there = residualised([contest], [scores], BACKGROUND).scores[0]
    here = residualised([moved], [Scores(scores.raw[order], scores.tokens)], BACKGROUND).scores[0]
    assert np.allclose(there[order], here, atol=1e-9)


def test_the_test_stays_exact() -> None:
    """Over 1,000 draws of the published candidate, p is never small more often than it says."""
    generator = np.random.default_rng(3)
    contests = [sentences(f"w{n}", 60) for n in range(5)]
    ps = []
    for _ in range(200):
        scores = [scores_of(contest, generator) for contest in contests]
        left = residualised(contests, scores, BACKGROUND).scores
        ps += [rank_p(one, int(generator.integers(60))) for one in left]
    for level in (0.05, 0.25, 0.5):
        low, high = clopper_pearson(sum(p <= level for p in ps), len(ps), 0.9999)
        assert low <= level <= high


def test_a_feature_that_never_differs_and_scores_that_never_differ() -> None:
    """Nothing is divided by nothing."""
    contest = sentences("w", 5)
    flat = Scores(np.zeros(5), np.full(5, 3.0))
    found = residualised([contest], [flat], Background([]))
    assert found.scores[0].tolist() == [0.0] * 5
    assert found.explained == {"passphrase": 0.0}


def test_a_background_knows_what_is_common() -> None:
    """Words, their order, and letters, each more probable where they were seen."""
    plain = Background(["the cat sat on the mat and the dog sat on the cat"] * 5)
    the, xyz = plain.features("", "the"), plain.features("", "xyz")
    assert all(one > other for one, other in zip(the, xyz, strict=True))
    assert plain.features("sat on ", "the")[1] > plain.features("the ", "the")[1]
    assert all(value < 0 for value in the + xyz)


def test_a_background_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of gigabytes is refused, not counted."""
    monkeypatch.setattr(residual, "LARGEST", 10)
    with pytest.raises(InputError, match="more than 10 characters"):
        Background(["12345", "678901"])
