"""Scoring the candidates of traps: all in the same context, by one statistic.

The score of a candidate is the sum over its sites of the log-probabilities of what it puts there and of what follows,
each site by itself, in a context that knows nothing of the published choices. Sites whose two renderings serve many
candidates are asked once for each rendering. All candidates are treated alike: nothing here knows which is published.

A log without texts holds of each answer its sum and how many tokens it had, no more: from the log-probability of each
token, whoever has the model would find the secret words one by one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from countermark.memorization.drivers.driver import Query, Scored, ScorerAround, Token
from countermark.memorization.study.run import Progress, ask_scores, check_scored

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from countermark.memorization.drivers.driver import Scorer
    from countermark.memorization.study.run import Study
    from countermark.memorization.traps.candidates import Passage, SiteText

    Floats = NDArray[np.float64]

FLOOR: Final = -1000.0
"""The least log-probability of a token that is counted (natural), for all candidates alike: a model may say zero."""


class Contest(NamedTuple):
    """Candidates that are ranked against each other, and the place of the one that was published.

    `numbers` are the candidates' numbers within their trap: all of them, or those that may still be ranked.
    """

    work: str
    title: str
    channel: str
    form: str
    numbers: tuple[int, ...]
    passages: tuple[Passage, ...]
    published: int

    @property
    def name(self) -> str:
        """How messages name it."""
        return f"work {self.work}, channel {self.channel}"


class Scores(NamedTuple):
    """The scores of a contest's candidates, and how many tokens each has for the model."""

    raw: Floats
    tokens: Floats


def query_of(site: SiteText) -> Query:
    """What is asked of one site."""
    return Query(site.before, site.text + site.after)


def queries_of(contest: Contest) -> dict[Query, int]:
    """The distinct queries of a contest, with the number of the first candidate that needs each."""
    first: dict[Query, int] = {}
    seen: set[int] = set()  # candidates share the objects of their sites: a look at each is enough
    for number, passage in zip(contest.numbers, contest.passages, strict=True):
        for site in passage.sites:
            if id(site) not in seen:
                seen.add(id(site))
                first.setdefault(query_of(site), number)
    return first


def count_queries(contests: Sequence[Contest]) -> int:
    """How many queries a test needs."""
    return sum(len(queries_of(contest)) for contest in contests)


def score(
    study: Study,
    scorer: Scorer,
    contests: Sequence[Contest],
    *,
    batch: int = 16,
    progress: Callable[[Progress], None] | None = None,
) -> list[Scores]:
    """The scores of all candidates of all contests, in order. Raises as `ask_scores` does."""
    asked: Scorer = scorer if study.log_texts else _Summing(scorer)
    total, done, fresh, scores = count_queries(contests), 0, 0, []
    for contest in contests:
        now = Progress(0, 0, 0)

        def tell(told: Progress, done: int = done, fresh: int = fresh) -> None:
            nonlocal now
            now = told
            if progress is not None:
                progress(Progress(done + told.done, total, fresh + told.fresh))

        queries = queries_of(contest)
        answers = ask_scores(
            study, asked, list(queries), labels=_labels(contest, queries), batch=batch, progress=tell
        )
        done, fresh = done + now.done, fresh + now.fresh
        scores.append(_scores(contest, dict(zip(queries, answers, strict=True))))
    return scores


class _Summing(ScorerAround):
    """A scorer whose answers tell the sum and the number of tokens alone: every token has the mean, and no place."""

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """Checked before they are summed: a number that is none would not be seen in the sum."""
        answers = self.within.logprobs(queries)
        for query, scored in zip(queries, answers, strict=False):  # their number is checked by who asks
            check_scored(query, scored)
        return [_summed(scored) for scored in answers]


def _summed(scored: Scored) -> Scored:
    count = len(scored.tokens)
    mean = min(0.0, _sum(scored) / count) if count else 0.0
    return Scored((Token(0, 0),) * count, (mean,) * count, None, scored.left_out)


def _labels(contest: Contest, queries: dict[Query, int]) -> list[dict[str, Any]]:
    who = {"work": contest.work, "channel": contest.channel}
    return [{**who, "candidate": number} for number in queries.values()]


def _scores(contest: Contest, answers: dict[Query, Scored]) -> Scores:
    found: dict[int, tuple[float, int]] = {}
    for passage in contest.passages:
        for site in passage.sites:
            if id(site) not in found:
                scored = answers[query_of(site)]
                found[id(site)] = _sum(scored), len(scored.tokens)
    asked = [[found[id(site)] for site in passage.sites] for passage in contest.passages]
    raw = [math.fsum(value for value, _ in parts) for parts in asked]
    tokens = [sum(count for _, count in parts) for parts in asked]
    return Scores(np.array(raw), np.array(tokens, dtype=np.float64))


def _sum(scored: Scored) -> float:
    return math.fsum(max(value, FLOOR) for value in scored.logprobs)
