"""Scoring candidates: all alike, each question once, nothing of the published one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from countermark.memorization.drivers.driver import Query, Scored
from countermark.memorization.study.run import Progress, begin
from countermark.memorization.traps.ranking import FLOOR, count_queries, queries_of, score
from countermark.memorization.traps.testing import contests_of
from memorization.study_fakes import FakeScorer, plan_of
from memorization.trapped import KEY, sentences, variants

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def test_a_site_of_two_renderings_is_asked_twice(tmp_path: Path) -> None:
    """Forty candidates of eight coins need sixteen questions, and their scores are the sums over the sites."""
    contests, scorer = contests_of([variants("w"), variants("v")], KEY), FakeScorer()
    assert count_queries(contests) == 32
    told: list[Progress] = []
    with begin(tmp_path, plan_of("trap")) as study:
        scores = score(study, scorer, contests, progress=told.append)
    assert len(scorer.asked) == 32
    assert (told[0], told[-1]) == ((0, 32, 0), (32, 32, 32))
    for contest, found in zip(contests, scores, strict=True):
        for passage, raw, tokens in zip(contest.passages, found.raw, found.tokens, strict=True):
            asked = scorer.logprobs([Query(site.before, site.text + site.after) for site in passage.sites])
            assert math.isclose(raw, sum(sum(one.logprobs) for one in asked))
            assert tokens == sum(len(one.tokens) for one in asked)


def test_the_order_of_candidates_and_the_published_one_change_nothing(tmp_path: Path) -> None:
    """Scores follow their candidates; which one is published is not looked at."""
    contest = sentences("w", 20, published=3)
    order = [7, *range(7), *range(8, 20)]
    moved = contest._replace(
        passages=tuple(contest.passages[place] for place in order), numbers=tuple(order), published=9
    )
    with begin(tmp_path / "a", plan_of("trap")) as study:
        (there,) = score(study, FakeScorer(), [contest])
    with begin(tmp_path / "b", plan_of("trap")) as study:
        (here,) = score(study, FakeScorer(), [moved])
    assert np.array_equal(there.raw[order], here.raw)


def test_a_token_that_cannot_be_counts_as_very_improbable(tmp_path: Path) -> None:
    """A score stays a number."""

    class Never(FakeScorer):
        def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
            return [
                Scored(one.tokens, (-math.inf,) * len(one.tokens), None) for one in super().logprobs(queries)
            ]

    with begin(tmp_path, plan_of("trap")) as study:
        (scores,) = score(study, Never(), [sentences("w", 4)])
    assert scores.raw.tolist() == [3 * FLOOR] * 4
    assert list(queries_of(sentences("w", 2)).values()) == [0, 1]
