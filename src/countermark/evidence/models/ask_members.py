"""The result of a study of questions: its members, and whether its numbers follow from each other.

Decisions, the conformal p, Holm's adjustment and the exact probabilities are reckoned again from what stands beside.
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
    one_of,
    probability,
    refuse,
    row,
    share,
    size,
    text,
)
from countermark.memorization.asking.deciding import (
    BEYOND,
    BOTH,
    NOTHING,
    RECITED,
    UNASKED,
    Standing,
    decide,
)
from countermark.memorization.asking.exact import choice_p, emissions_bound
from countermark.memorization.asking.putting import FAILED, KINDS
from countermark.probability.holm import holm

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNTS: Final = ("asked", *KINDS)
OTHERS: Final = ("no-letter", "refused", "empty", "failed")
_COUNTS: Final = members(dict.fromkeys(COUNTS, count))
_BEST: Final = members(
    {"answer": count, "text": text, "run": row(count, count), "work": row(count, count), "words": count}
)
_ANSWER: Final = members({"template": text, "kind": one_of(*KINDS), "outside": count, "sample": count})
_WORK: Final = members(
    {
        "role": one_of("work", "control"),
        **dict.fromkeys(("id", "title", "author", "published", "sha256"), text),
        "counts": _COUNTS,
        **dict.fromkeys(
            ("characters", "words", "longest", "outside", "long_runs", "long_runs_outside"), count
        ),
        **dict.fromkeys(("answers_with_long_run", "near_words", "quoted_characters"), count),
        "near_share": share,
        "best": maybe(_BEST),
        "swap": maybe(members({"works": many(text), "longest": count})),
        "conformal_p": maybe(probability),
        "holm_p": maybe(probability),
        "decision": one_of(UNASKED, NOTHING, RECITED, BEYOND, BOTH),
        "answers": many(_ANSWER),
    }
)
_CLAIM: Final = members(
    {
        "test": one_of("suffix", "choice"),
        "channel": text,
        "work": maybe(text),
        "versions": maybe(count),
        "n": count,
        "k": count,
        "others": maybe(members(dict.fromkeys(OTHERS, count))),
        "p": probability,
        "holm_p": probability,
        "decision": one_of("shown", "not-shown"),
    }
)
_SUFFIX: Final = members(
    {
        **dict.fromkeys(("work", "title", "channel", "form"), text),
        **dict.fromkeys(("outputs", "positions", "hits"), count),
        "space": size,
        "bound": share,
        "counts": _COUNTS,
    }
)
_CHOICE: Final = members(
    {
        **dict.fromkeys(("work", "title", "channel"), text),
        "versions": count,
        "answer": one_of("right", "wrong", *OTHERS),
    }
)
_EXACT: Final = members(
    {
        "key": text,
        "suffix": many(_SUFFIX),
        "choice": many(_CHOICE),
        "claims": many(_CLAIM),
        "shown_to": text,
        "left_out": many(row(text, text, text, text)),
    }
)
_GATE: Final = members(
    {
        "verdict": one_of("void", "passed", "not checked"),
        **dict.fromkeys(("auc", "standard_error", "by_chance"), maybe(share)),
        "limit": share,
        **dict.fromkeys(("works", "controls", "least_works"), count),
    }
)
_RULES: Final = ("passages", "words", "tokens", "samples", "run", "block", "own", "quoted_letters")
_ASK: Final = members(
    {
        "grade": one_of("B"),
        "model": IDENTITY,
        **dict.fromkeys(("model_date", "statement"), text),
        "may_search": flag,
        "may_search_stated": flag,
        "claim": one_of("the model", "the model or its serving system"),
        "self_test": SELF_TEST,
        "rules": members({"language": text, "alpha": probability, **dict.fromkeys(_RULES, count)}),
        "gate": maybe(_GATE),
        "comparison": one_of("none", "void", "not checked", "checked"),
        "left_out": many(members({"role": text, "where": text, "reason": text})),
        "undated_controls": count,
        "counts": members({"work": _COUNTS, "control": _COUNTS}),
        **dict.fromkeys(("controls_ranked", "controls_incomplete", "recommended_controls"), count),
        "smallest_p": maybe(probability),
        "smallest_holm_p": maybe(probability),
        "works": many(_WORK),
        "exact": maybe(_EXACT),
    }
)
_VERDICTS: Final = {"void": "void", "not checked": "not checked", "passed": "checked"}


def check_ask(result: dict[str, Any], plan: Mapping[str, Any]) -> None:
    """Raise RunError where a result of questions is none, or contradicts itself or its plan."""
    _ASK(result, "result")
    for name in ("model", "rules", "gate", "left_out", "may_search"):
        equal(result[name], plan.get(name), name)
    gate = result["gate"]
    equal(result["comparison"], "none" if gate is None else _VERDICTS[gate["verdict"]], "comparison")
    searches = "the model or its serving system" if result["may_search"] else "the model"
    equal(result["claim"], searches, "claim")
    if not result["works"] and result["exact"] is None:
        raise RunError("result.json: holds neither works nor exact tests")
    for place, work in enumerate(result["works"]):
        _check_work(work, f"works[{place}]")
    for role in ("work", "control"):
        for name in COUNTS:
            total = sum(work["counts"][name] for work in result["works"] if work["role"] == role)
            equal(result["counts"][role][name], total, f"counts.{role}.{name}")
    _check_decisions(result)
    if result["exact"] is not None:
        _check_exact(result["exact"], result["rules"]["alpha"])


def _check_work(work: dict[str, Any], where: str) -> None:
    equal(work["counts"]["asked"], len(work["answers"]), f"{where}.counts.asked")
    for kind in KINDS:
        number = sum(answer["kind"] == kind for answer in work["answers"])
        equal(work["counts"][kind], number, f"{where}.counts.{kind}")
    equal(work["outside"], max((a["outside"] for a in work["answers"]), default=0), f"{where}.outside")
    if (best := work["best"]) is not None:
        for name, length in (("run", len(best["text"])), ("work", work["characters"])):
            start, end = best[name]
            if not 0 <= start <= end <= length:
                raise refuse(f"{where}.best.{name}", best[name], f"places from 0 to {length}")


def _check_decisions(result: dict[str, Any]) -> None:
    works = [work for work in result["works"] if work["role"] == "work"]
    controls = [_standing(work) for work in result["works"] if work["role"] == "control"]
    equal(result["controls_ranked"], len(controls), "controls_ranked")
    decisions = decide(
        [_standing(work) for work in works],
        controls,
        alpha=result["rules"]["alpha"],
        void=result["comparison"] == "void",
    )
    for place, (work, decision) in enumerate(zip(works, decisions, strict=True)):
        for name, expected in decision._asdict().items():
            equal(work[name], expected, f"works[{place}].{name}")


def _standing(work: dict[str, Any]) -> Standing:
    counts = work["counts"]
    run = None if counts[FAILED] == counts["asked"] else work["outside"]
    floor = work["swap"]["longest"] if work["swap"] else 0
    return Standing(run, work["long_runs_outside"], floor, counts[FAILED] == 0)


def _check_exact(exact: dict[str, Any], alpha: float) -> None:
    if not exact["claims"]:
        raise RunError("result.json: exact holds no claim")
    adjusted = holm([claim["p"] for claim in exact["claims"]])
    for place, (claim, held) in enumerate(zip(exact["claims"], adjusted, strict=True)):
        where = f"exact.claims[{place}]"
        n, k, p = _again(claim, exact, where)
        equal((claim["n"], claim["k"]), (n, k), f"{where}.n and k")
        for name, expected in (("p", p), ("holm_p", held)):
            if not math.isclose(claim[name], expected, rel_tol=1e-9):
                raise RunError(
                    f"result.json: {where}.{name} is {claim[name]:g}, and the other numbers give {expected:g}"
                )
        equal(claim["decision"], "shown" if claim["holm_p"] <= alpha else "not-shown", f"{where}.decision")


def _again(claim: dict[str, Any], exact: dict[str, Any], where: str) -> tuple[int, int, float]:
    """How many, how many of them, and the p: from the rows of traps or questions."""
    if claim["test"] == "suffix":
        traps = [
            one
            for one in exact["suffix"]
            if one["channel"] == claim["channel"] and claim["work"] in (None, one["work"])
        ]
        hits = sum(one["hits"] > 0 for one in traps)
        return len(traps), hits, emissions_bound([one["bound"] for one in traps], hits)
    versions = claim["versions"]
    if versions is None or not 2 <= versions <= 100:
        raise refuse(f"{where}.versions", versions, "2 to 100")
    asked = [
        one["answer"]
        for one in exact["choice"]
        if one["channel"] == claim["channel"] and one["versions"] == versions
    ]
    right = asked.count("right")
    return len(asked), right, choice_p(right, len(asked), versions)
