"""The result of a study of extraction: its members, and whether its numbers follow from each other.

Hits, coverage, expected tries, the conformal p, Holm's adjustment and the decisions are reckoned again.
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
    logarithm,
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
from countermark.memorization.extraction.deciding import (
    BEYOND,
    NOTHING,
    REPRODUCED,
    UNASKED,
    Standing,
    decide,
)
from countermark.memorization.extraction.probability import expected_tries
from countermark.memorization.extraction.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

_HIT: Final = members(
    {
        "start": count,
        "border": count,
        "end": count,
        "t1": maybe(logarithm),
        "top": maybe(logarithm),
        "top_known": flag,
        "tokens": count,
        "greedy": maybe(flag),
        "expected_tries": maybe(number),
        "reference": maybe(logarithm),
        "margin": maybe(number),
    }
)
_TEXT: Final = members(
    {
        "path": text,
        "sha256": text,
        "characters": count,
        "tokens": count,
        "asked_characters": count,
        "covered": count,
        "heat": many(row(count, count, maybe(logarithm))),
        "hits": many(_HIT),
        "generic": many(_HIT),
        "quoted": many(row(count, count, count, text, count)),
    }
)
WINDOWS: Final = (
    *("cut", "quoted", "asked", "generic", "counted", "moved", "otherwise", "no_cut"),
    *("shortened", "greedy"),
)
_WORK: Final = members(
    {
        "role": one_of("work", "control"),
        **dict.fromkeys(("id", "title", "author", "published"), text),
        "windows": members(dict.fromkeys(WINDOWS, count)),
        "hits": count,
        "hits_other": maybe(count),
        **dict.fromkeys(("characters", "asked_characters", "covered"), count),
        "coverage": share,
        "highest": maybe(logarithm),
        "expected_tries": maybe(number),
        "curve": many(many(count)),
        "conformal_p": maybe(probability),
        "holm_p": maybe(probability),
        "decision": one_of(UNASKED, NOTHING, REPRODUCED, BEYOND),
        "texts": many(_TEXT),
    }
)
_BOUND: Final = members({"hits": count, "of": count, "upper": share})
_EXTRACT: Final = members(
    {
        "grade": one_of("B"),
        "model": IDENTITY,
        "reference": maybe(IDENTITY),
        **dict.fromkeys(("model_date", "reference_date", "statement"), text),
        "self_test": SELF_TEST,
        "reference_self_test": maybe(SELF_TEST),
        "rules": members(
            {
                **dict.fromkeys(("prefix", "continuation", "stride", "quoted_letters"), count),
                "threshold": probability,
                "alpha": share,
                "rule": one_of(*RULES),
            }
        ),
        "curve": members({"tries": many(count), "probabilities": many(share)}),
        "top_k": count,
        "gate": members(
            {
                "verdict": one_of("void", "passed", "not checked"),
                **dict.fromkeys(("auc", "standard_error", "by_chance"), maybe(share)),
                "limit": share,
                **dict.fromkeys(("works", "controls", "least_works"), count),
            }
        ),
        "comparison": one_of("void", "not checked", "checked"),
        "left_out": many(members({"role": text, "where": text, "reason": text})),
        "undated_controls": count,
        "counts": members(
            dict.fromkeys(
                (
                    *("works", "controls", "windows_cut", "quoted", "asked", "generic", "counted"),
                    *("files_left_out", "works_without_window"),
                ),
                count,
            )
        ),
        "smallest_p": probability,
        "smallest_holm_p": probability,
        "false_positives": members({"confidence": share, "works": _BOUND, "windows_apart": _BOUND}),
        "works": many(_WORK),
    }
)
_VERDICTS: Final = {"void": "void", "not checked": "not checked", "passed": "checked"}


def check_extract(result: dict[str, Any], plan: Mapping[str, Any]) -> None:
    """Raise RunError where a result of extraction is none, or contradicts itself or its plan."""
    _EXTRACT(result, "result")
    for name in ("model", "reference", "rules", "gate", "left_out"):
        if result[name] != plan.get(name):
            raise RunError(f"result.json: {name} is not that of the plan")
    equal(result["comparison"], _VERDICTS[result["gate"]["verdict"]], "comparison")
    if not any(work["role"] == "work" for work in result["works"]):
        raise RunError("result.json: holds no work")
    for place, work in enumerate(result["works"]):
        _check_work(work, f"works[{place}]", result)
    for name in ("asked", "quoted", "generic", "counted"):
        equal(result["counts"][name], sum(w["windows"][name] for w in result["works"]), f"counts.{name}")
    _check_decisions(result)


def _check_work(work: dict[str, Any], where: str, result: dict[str, Any]) -> None:
    tries, chances = result["curve"]["tries"], result["curve"]["probabilities"]
    if len(work["curve"]) != len(chances) or any(len(line) != len(tries) for line in work["curve"]):
        raise refuse(f"{where}.curve", work["curve"], "one number for each number of tries")
    if max((value for line in work["curve"] for value in line), default=0) > work["windows"]["counted"]:
        raise refuse(f"{where}.curve", work["curve"], "no more than the windows that count")
    equal(work["hits"], sum(len(one["hits"]) for one in work["texts"]), f"{where}.hits")
    for name in ("covered", "asked_characters", "characters"):
        equal(work[name], sum(one[name] for one in work["texts"]), f"{where}.{name}")
    asked = work["asked_characters"]
    _close(work["coverage"], work["covered"] / asked if asked else 0.0, f"{where}.coverage")
    highest = work["highest"]
    if highest is not None:
        _close(work["expected_tries"] or 0.0, expected_tries(highest) or 0.0, f"{where}.expected_tries")
    for number_, one in enumerate(work["texts"]):
        _check_text(one, f"{where}.texts[{number_}]", math.log10(result["rules"]["threshold"]))


def _check_text(one: dict[str, Any], where: str, least: float) -> None:
    reached = covered = 0
    for start, end, value in one["heat"]:
        if not reached <= start < end <= one["characters"]:
            raise refuse(f"{where}.heat", [start, end], "runs one after the other, within the text")
        reached = end
        covered += end - start if value is not None and value >= least else 0
    equal(one["covered"], covered, f"{where}.covered")
    for name in ("hits", "generic"):
        for hit in one[name]:
            if not 0 <= hit["start"] < hit["border"] < hit["end"] <= one["characters"]:
                raise refuse(f"{where}.{name}", [hit["start"], hit["end"]], "windows within the text")


def _check_decisions(result: dict[str, Any]) -> None:
    works = [work for work in result["works"] if work["role"] == "work"]
    controls = [work for work in result["works"] if work["role"] == "control"]
    ranked = [standing for work in controls if (standing := _standing(work)) is not None]
    equal(result["counts"]["works"], len(works), "counts.works")
    equal(result["counts"]["controls"], len(ranked), "counts.controls")
    void = result["comparison"] == "void"
    decisions = decide([_standing(work) for work in works], ranked, alpha=result["rules"]["alpha"], void=void)
    for place, (work, decision) in enumerate(zip(works, decisions, strict=True)):
        for name, expected in decision._asdict().items():
            equal(work[name], expected, f"works[{place}].{name}")


def _standing(work: dict[str, Any]) -> Standing | None:
    if not work["windows"]["counted"]:
        return None
    highest = work["highest"]
    return Standing(work["coverage"], -math.inf if highest is None else highest)


def _close(found: float, expected: float, where: str) -> None:
    if not math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12):
        raise RunError(f"result.json: {where} is {found:g}, and the other numbers give {expected:g}")
