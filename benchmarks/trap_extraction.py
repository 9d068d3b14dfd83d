"""Windows of 50 + 50 tokens over planted copies: which have p_z >= 0.001, by exposures; the unplanted are controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.memorization.drivers.driver import Query
from countermark.memorization.extraction.probability import Weighed, weigh
from countermark.memorization.extraction.rules import Rules
from countermark.memorization.extraction.windows import cut_windows
from countermark.probability.binomial import clopper_pearson
from trap_texts import EXPOSURES

if TYPE_CHECKING:
    from countermark.memorization.drivers.local import LocalModel
    from trap_planting import Planting
    from trap_texts import World

ONE_SIDED = 0.9  # the two-sided interval whose upper limit is that of 95 %


def extraction(model: LocalModel, world: World, planting: Planting) -> dict[str, Any]:
    """By exposures: works, windows, those that are hit, and the highest p_z."""
    rules = Rules()
    found: dict[str, Any] = {}
    for times in (0, *EXPOSURES):
        works = [
            weighed(model, planting.copies[name], rules)
            for name, own in world.exposures.items()
            if own == times
        ]
        hits = [sum(one.t1 >= rules.least for one in own) for own in works]
        found[str(times)] = {
            "works": len(works),
            "windows": sum(map(len, works)),
            "hits": sum(hits),
            "works_hit": sum(map(bool, hits)),
            "highest_log10": round(max(one.t1 for own in works for one in own), 2),
        }
    controls = found["0"]
    for what, number in (("works", "works_hit"), ("windows", "hits")):
        upper = clopper_pearson(controls[number], controls[what], ONE_SIDED)[1]
        controls[f"upper_95_{what}"] = round(upper, 5)
    return found


def weighed(model: LocalModel, text: str, rules: Rules) -> list[Weighed]:
    """The windows of one text."""
    queries = [
        Query(text[window.start : window.border], text[window.border : window.end])
        for window in cut_windows(text, model.tokens, rules).windows
    ]
    return [
        weigh(one, query.continuation) for query, one in zip(queries, model.logprobs(queries), strict=True)
    ]
