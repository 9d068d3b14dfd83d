"""The result of a test of traps: its members, and whether its numbers follow from each other.

What can be reckoned again from the result alone is: ranks, the combined p, Holm's adjustment, the e-values, and which
claims are rejected. So no page says "proof" where the numbers do not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import RunError
from countermark.evidence.models.checks import (
    IDENTITY,
    SELF_TEST,
    count,
    equal,
    flag,
    many,
    maybe,
    members,
    number,
    one_of,
    probability,
    refuse,
    row,
    share,
    text,
)
from countermark.memorization.traps.judging import STATISTICS
from countermark.probability.evalues import e_value, rejected
from countermark.probability.holm import holm

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMBINED: Final = members(
    {"statistic": number, "p": probability, "draws": count, "at_least": count, "all_counted": flag}
)
_HISTOGRAM: Final = members({"least": number, "width": number, "counts": many(count)})
_PLACE: Final = members({"p": probability, "z": number}, optional={"histogram": _HISTOGRAM})
_OVER: Final = members(
    {"tests": count, "how": one_of("product", "mean"), "e_value": number, "rejected": flag}
)
_CLAIM: Final = members(
    {
        "channel": text,
        "work": maybe(text),
        "contests": count,
        "raw": _COMBINED,
        "residualised": _COMBINED,
        "p": probability,
        "adjusted": probability,
        "rejected": flag,
        "e_value": number,
        "over_tests": maybe(_OVER),
    }
)
_WORK: Final = members(
    {
        "work": text,
        "title": text,
        "channel": text,
        "form": text,
        "candidates": count,
        "raw": _PLACE,
        "residualised": _PLACE,
    }
)
_TRAP: Final = members(
    {
        "grade": one_of("A", None),
        "statistic": one_of(*STATISTICS),
        "alpha": share,
        "key": text,
        "hosted": flag,
        "questions": count,
        "model": IDENTITY,
        "self_test": SELF_TEST,
        "claims": many(_CLAIM),
        "works": many(_WORK),
    }
)
_PLAN: Final = members(
    {
        "alpha": share,
        "statistic": one_of(*STATISTICS),
        "claims": one_of("both", "channels", "works"),
        "draws": count,
        "ranked": many(many(row(count, count))),
        "background": many(members({"name": text, "sha256": text})),
    }
)
_CLOSE: Final = 1e-9


def check_trap(result: dict[str, Any], plan: Mapping[str, Any]) -> None:
    """Raise RunError where a result of traps is none, or contradicts itself or its plan."""
    _TRAP(result, "result")
    _PLAN(dict(plan), "plan")
    if not result["claims"] or not result["works"] or len(plan["ranked"]) != len(result["works"]):
        raise RunError("result.json: holds no claim or no work, or not those of its plan")
    for name in ("alpha", "statistic", "model", "key"):
        if result[name] != plan.get(name):
            raise RunError(f"result.json: {name} is not that of the plan")
    for place, work in enumerate(result["works"]):
        _check_work(work, f"works[{place}]", plan["ranked"][place])
    for place, claim in enumerate(result["claims"]):
        _check_claim(claim, result, f"claims[{place}]")
    adjusted = holm([claim["p"] for claim in result["claims"]])
    for place, (claim, expected) in enumerate(zip(result["claims"], adjusted, strict=True)):
        _same(claim["adjusted"], expected, f"claims[{place}].adjusted")
        equal(claim["rejected"], claim["adjusted"] <= result["alpha"], f"claims[{place}].rejected")
    any_rejected = any(claim["rejected"] for claim in result["claims"])
    equal(result["grade"], "A" if any_rejected else None, "grade")


def _check_work(work: dict[str, Any], where: str, ranges: list[list[int]]) -> None:
    ranked = sum(last - first + 1 for first, last in ranges)
    equal(work["candidates"], ranked, f"{where}.candidates")
    if ranked < 2:
        raise refuse(f"{where}.candidates", ranked, "2 or more")
    for statistic in STATISTICS:
        told = work[statistic]
        rank = rank_of(told["p"], ranked)
        _same(told["p"], rank / ranked, f"{where}.{statistic}.p")
        if "histogram" in told:
            equal(sum(told["histogram"]["counts"]), ranked, f"{where}.{statistic}.histogram")
            if told["histogram"]["width"] <= 0:
                raise refuse(
                    f"{where}.{statistic}.histogram.width", told["histogram"]["width"], "more than 0"
                )


def _check_claim(claim: dict[str, Any], result: dict[str, Any], where: str) -> None:
    for statistic in STATISTICS:
        told = claim[statistic]
        more = 0 if told["all_counted"] else 1
        expected = (more + told["at_least"]) / max(1, more + told["draws"])
        _same(told["p"], expected, f"{where}.{statistic}.p")
    equal(claim["p"], claim[result["statistic"]]["p"], f"{where}.p")
    own = [
        work
        for work in result["works"]
        if work["channel"] == claim["channel"] and claim["work"] in (None, work["work"])
    ]
    equal(claim["contests"], len(own), f"{where}.contests")
    if not own:
        raise refuse(where, claim["work"] or claim["channel"], "a work or a channel of the result")
    _same(claim["e_value"], e_value(claim["p"]), f"{where}.e_value", close=1e-5)
    if (over := claim["over_tests"]) is not None:
        level = result["alpha"] / len(result["claims"])
        equal(over["rejected"], rejected(over["e_value"], level), f"{where}.over_tests.rejected")


def rank_of(p: float, candidates: int) -> int:
    """The place of the published candidate, 1 the highest; ties count against it."""
    return max(1, round(p * candidates))


def _same(found: float, expected: float, where: str, close: float = _CLOSE) -> None:
    if not math.isclose(found, expected, rel_tol=close, abs_tol=0.0):
        raise RunError(f"result.json: {where} is {found:g}, and the other numbers give {expected:g}")
