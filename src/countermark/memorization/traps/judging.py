"""From scores to claims: what the test of a plan decides, and nothing besides.

A claim is a null that can be rejected: "this model knows nothing of which candidates were published in this channel",
or the same of one work. Which claims there are, which statistic decides and at which level, the plan says. Holm's
adjustment holds the chance of any false rejection among all of them at the level. The other statistic is computed and
shown, and decides nothing.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from countermark.errors import PlanError
from countermark.memorization.study.plan import canonical
from countermark.memorization.traps.residual import residualised
from countermark.probability.evalues import e_value, mean_of, product_of, rejected
from countermark.probability.holm import holm
from countermark.probability.ranks import combine, rank_p, standard_scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from countermark.memorization.study.plan import Plan
    from countermark.memorization.traps.ranking import Contest, Scores
    from countermark.memorization.traps.residual import Background

    Floats = NDArray[np.float64]

STATISTICS: Final = ("residualised", "raw")
CLAIMS: Final = ("both", "channels", "works")
BARS: Final = 40
LEAST: Final = -4.0
WIDTH: Final = 0.2
"""The histogram of a work's candidates: standard scores from `LEAST`, in `BARS` bars of this width."""


class Earlier(NamedTuple):
    """A claim of an earlier test: which, its p, the draws that it rests on, and the digest of that test's plan."""

    claim: tuple[str, str]
    p: float
    draws: frozenset[tuple[str, str, str]]  # key, work, channel
    plan: str = ""


def claims_of(contests: Iterable[Contest], kind: str) -> list[tuple[str, str]]:
    """The claims of a plan: (channel, "") for all its works together, (channel, work) for one."""
    whose = [(contest.channel, contest.work) for contest in contests]
    together = sorted({(channel, "") for channel, _ in whose}) if kind != "works" else []
    return together + (sorted(set(whose)) if kind != "channels" else [])


def judge(
    plan: Plan,
    contests: Sequence[Contest],
    scores: Sequence[Scores],
    background: Background,
    earlier: Sequence[Sequence[Earlier]] = (),
) -> dict[str, Any]:
    """The result of a test: JSON values, the same for the same answers."""
    _require_once(earlier)
    left = residualised(contests, scores, background)
    values = {"raw": [one.raw for one in scores], "residualised": left.scores}
    decided = plan.members["statistic"]
    claims = [_claim(plan, contests, values, claim) for claim in claims_of(contests, plan.members["claims"])]
    alpha = plan.members["alpha"]
    for claim, adjusted in zip(claims, holm([claim[decided]["p"] for claim in claims]), strict=True):
        claim |= {"p": claim[decided]["p"], "adjusted": adjusted, "rejected": adjusted <= alpha}
        claim["e_value"] = _short(e_value(claim["p"]))
        claim["over_tests"] = _over_tests(plan, contests, claim, earlier, alpha / len(claims))
    return {
        "grade": "A" if any(claim["rejected"] for claim in claims) else None,
        "statistic": decided,
        "alpha": alpha,
        "explained": {form: round(share, 4) for form, share in left.explained.items()},
        "claims": claims,
        "works": [_work(contest, values, place) for place, contest in enumerate(contests)],
    }


def _require_once(earlier: Sequence[Sequence[Earlier]]) -> None:
    """Raise PlanError where an earlier test is named twice: a good one would raise the mean each time."""
    plans = [one.plan for test in earlier for one in test[:1] if one.plan]
    if len(set(plans)) != len(plans):
        raise PlanError("an earlier test is given twice; each counts once")


def _claim(
    plan: Plan, contests: Sequence[Contest], values: dict[str, list[Floats]], claim: tuple[str, str]
) -> dict[str, Any]:
    places = _places(contests, claim)
    told: dict[str, Any] = {"channel": claim[0], "work": claim[1] or None, "contests": len(places)}
    for statistic, scores in values.items():
        found = combine(
            [scores[place] for place in places],
            [contests[place].published for place in places],
            seed=_seed(plan, [contests[place] for place in places], statistic),
            draws=plan.members["draws"],
        )
        told[statistic] = found._asdict() | {"statistic": round(found.statistic, 6)}
    return told


def _seed(plan: Plan, contests: Sequence[Contest], statistic: str) -> int:
    """The seed of Monte Carlo: from the key, and from what is ranked by which score.

    Nothing else of the plan is in it (level, claims, draws, model): who plans again gets the same draws, or more.
    """
    ranked = [[contest.work, contest.channel, contest.form, list(contest.numbers)] for contest in contests]
    data = canonical(["countermark-combine-1", plan.members["key"], statistic, ranked])
    return int.from_bytes(hashlib.sha256(data).digest())


def _places(contests: Sequence[Contest], claim: tuple[str, str]) -> list[int]:
    channel, work = claim
    return [
        place
        for place, contest in enumerate(contests)
        if contest.channel == channel and work in {"", contest.work}
    ]


def _work(contest: Contest, values: dict[str, list[Floats]], place: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "work": contest.work,
        "title": contest.title,
        "channel": contest.channel,
        "form": contest.form,
        "candidates": len(contest.numbers),
    }
    for statistic, scores in values.items():
        standard = standard_scores(scores[place])
        told[statistic] = {
            "p": rank_p(scores[place], contest.published),
            "z": round(float(standard[contest.published]), 6),
            "histogram": histogram_of(standard),
        }
    return told


def histogram_of(standard: Floats) -> dict[str, Any]:
    """How many candidates have which standard score; the first and the last bar take what lies beyond them."""
    # Rounded first, so that a score on the edge of a bar falls into the same one on every machine.
    places = np.clip(np.floor((np.round(standard, 6) - LEAST) / WIDTH), 0, BARS - 1).astype(np.int64)
    return {"least": LEAST, "width": WIDTH, "counts": np.bincount(places, minlength=BARS).tolist()}


def draws_of(plan: Plan, contests: Iterable[Contest], claim: tuple[str, str]) -> list[list[str]]:
    """The draws that a claim rests on: of which key, for which work and channel."""
    chosen = [
        contest for contest in contests if contest.channel == claim[0] and claim[1] in {"", contest.work}
    ]
    return sorted([plan.members["key"], contest.work, contest.channel] for contest in chosen)


def _over_tests(
    plan: Plan,
    contests: Sequence[Contest],
    claim: dict[str, Any],
    earlier: Sequence[Sequence[Earlier]],
    level: float,
) -> dict[str, Any] | None:
    """The claim over this test and those named: the mean of the e-values, or their product where no draw is shared.

    The null is then that none of the models knows of the draw. `level` is alpha over the number of claims.
    """
    which = (claim["channel"], claim["work"] or "")
    before = [one for test in earlier for one in test if one.claim == which]
    if not before:
        return None
    mine = frozenset((key, work, channel) for key, work, channel in draws_of(plan, contests, which))
    sets = [mine, *(one.draws for one in before)]
    independent = sum(map(len, sets)) == len(frozenset().union(*sets))
    values = [e_value(claim["p"]), *(e_value(one.p) for one in before)]
    value = product_of(values) if independent else mean_of(values)
    return {
        "tests": len(values),
        "how": "product" if independent else "mean",
        "e_value": _short(value),
        "rejected": rejected(value, level),
    }


def _short(value: float) -> float:
    return float(f"{value:.6g}")
