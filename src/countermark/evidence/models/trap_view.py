"""What the page of a test of traps shows: claims, e-values, works with their ranks, and what the plan could show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.models import charts
from countermark.evidence.models.figures import figure, ordinal
from countermark.evidence.models.trap_members import rank_of
from countermark.evidence.report.legible import isolated, one_line
from countermark.probability.power import power_of, smallest_p

if TYPE_CHECKING:
    from countermark.evidence.models.study import Shown
    from countermark.language import Language

ARTICLES: Final = 24
"""Works that are shown with pictures, those with the smallest p first; all stand in the table."""
ROWS: Final = 500
LISTED: Final = 8
EFFECTS: Final = (0.5, 1.0, 2.0, 3.0)
IDENTIFIERS: Final = "identifiers"


def trap_context(shown: Shown, say: Language) -> dict[str, Any]:
    """What the template of a test of traps needs."""
    result, ids = shown.result, _ids(shown)
    claims = result["claims"]
    rejected = sum(claim["rejected"] for claim in claims)
    numbers = {"rejected": rejected, "claims": len(claims), "alpha": figure(result["alpha"], say)}
    key = f"trap.yes{ids}" if rejected else "trap.none"
    second = f"trap.yes.second{ids}" if rejected else "trap.none.second"
    works = _works(shown, say)
    return {
        "blocks": [
            {
                "grade": result["grade"] or "none",
                "headline": say.say(key),
                "second": say.say(second, **numbers),
                "means": say.say("grade.A.means" if rejected else "grade.none.means"),
            }
        ],
        "rejected": [_named(claim, result, say) for claim in claims if claim["rejected"]][:LISTED],
        "rejected_rest": rejected - LISTED,
        "not_shown": [say.say(f"trap.not.{n}") for n in (1, 2, 3, 4)]
        + ([say.say("trap.not.ids")] if ids else []),
        "warnings": [say.say("hosted")] if result["hosted"] else [],
        "null_lines": [say.say(f"trap.null{ids}")],
        "claims_lead": say.say(
            "claims.lead",
            n=len(claims),
            statistic=say.say(f"statistic.{result['statistic']}"),
            **({"alpha": numbers["alpha"]} if len(claims) > 1 else {}),
        ),
        "claims": [_claim(claim, shown, say) for claim in claims[:ROWS]],
        "claims_rest": len(claims) - ROWS,
        "drawn": [
            _drawn(claim, result, say) for claim in claims if claim["work"] is None or claim["rejected"]
        ][:ARTICLES],
        "bound": figure(len(claims) / result["alpha"], say),
        "e_lead": say.say(
            "e.lead",
            bound=figure(len(claims) / result["alpha"], say),
            claims=len(claims),
            alpha=numbers["alpha"],
        ),
        "works": works[:ARTICLES],
        "rows": sorted(works, key=lambda one: one["place"])[:ROWS],
        "rows_rest": len(works) - ROWS,
        "only_channels": shown.plan["claims"] == "channels",
        "could": _could(shown, say),
        "asked": _asked(shown, say),
    }


def _ids(shown: Shown) -> str:
    return ".ids" if shown.result["key"] == IDENTIFIERS else ""


def _title(work: dict[str, Any]) -> str:
    return one_line(work["title"], 120) or one_line(work["work"], 120)


def _named(claim: dict[str, Any], result: dict[str, Any], say: Language) -> str:
    channel = isolated(one_line(claim["channel"], 60))
    if claim["work"] is None:
        return say.say("claim.channel", channel=channel)
    title = next(_title(work) for work in result["works"] if work["work"] == claim["work"])
    return say.say("claim.work", title=isolated(title), channel=channel)


def _claim(claim: dict[str, Any], shown: Shown, say: Language) -> dict[str, Any]:
    result = shown.result
    other = "raw" if result["statistic"] == "residualised" else "residualised"
    over = claim["over_tests"]
    return {
        "name": _named(claim, result, say),
        "draws": say.number(claim["contests"]),
        "p": figure(claim["p"], say),
        "adjusted": figure(claim["adjusted"], say),
        "other": figure(claim[other]["p"], say),
        "rejected": claim["rejected"],
        "decision": say.say(f"claim.rejected{_ids(shown)}", n=claim["contests"])
        if claim["rejected"]
        else say.say("claim.open"),
        "e_value": figure(claim["e_value"], say),
        "tests": say.number(over["tests"]) if over else "1",
        "over": f"{figure(over['e_value'], say)} ({say.say('e.' + over['how'])})"
        if over
        else say.say("e.alone"),
        "over_result": say.say("e.yes" if over["rejected"] else "e.no") if over else "",
    }


def _drawn(claim: dict[str, Any], result: dict[str, Any], say: Language) -> str:
    told = claim[result["statistic"]]
    facts = {"what": _named(claim, result, say), "draws": told["draws"], "n": told["at_least"]}
    if told["all_counted"]:
        return say.say("claim.all", **facts)
    return say.say("claim.drawn", more=told["at_least"] + 1, total=told["draws"] + 1, **facts)


def _works(shown: Shown, say: Language) -> list[dict[str, Any]]:
    """The works, those with the smallest p first."""
    claims = {(claim["channel"], claim["work"]): claim for claim in shown.result["claims"]}
    made = [_work(work, place, shown, claims, say) for place, work in enumerate(shown.result["works"])]
    return sorted(made, key=lambda one: (one["sort"], one["place"]))


def _work(
    work: dict[str, Any], place: int, shown: Shown, claims: dict[tuple[str, Any], Any], say: Language
) -> dict[str, Any]:
    decided = shown.result["statistic"]
    other = "raw" if decided == "residualised" else "residualised"
    told, n = work[decided], work["candidates"]
    rank = rank_of(told["p"], n)
    z, p = figure(told["z"], say), figure(told["p"], say)
    claim = claims.get((work["channel"], work["work"]))
    facts = [
        say.say("trap.facts.channel", channel=isolated(one_line(work["channel"], 60))),
        say.say("trap.facts.form", form=_form(work["form"], say)),
    ]
    if claim:
        facts.append(say.say("trap.facts.holm", adjusted=figure(claim["adjusted"], say)))
        facts.append(say.say("trap.facts.rejected" if claim["rejected"] else "trap.facts.open"))
    plain = (
        say.say("trap.rank.first", n=n)
        if rank == 1
        else say.say("trap.rank", n=n, rank=ordinal(rank, say), k=rank)
    )
    return {
        "anchor": f"w{place}",
        "place": place,
        "sort": told["p"],
        "title": _title(work),
        "facts": facts,
        "plain": plain,
        "figures": say.say(
            "trap.p",
            p=p,
            statistic=say.say(f"statistic.{decided}"),
            other=figure(work[other]["p"], say),
            z=z,
        ),
        "bar": charts.rank_bar(rank, n),
        "here": say.say("trap.here", rank=rank),
        "last": say.say("trap.last", at=n),
        "histogram": charts.histogram(told.get("histogram"), told["z"]),
        "spread": say.say("trap.spread", n=n, z=z),
        "row": [
            one_line(work["channel"], 60),
            say.number(rank),
            say.number(n),
            p,
            figure(work[other]["p"], say),
            z,
        ],
    }


def _form(name: str, say: Language) -> str:
    return say.say(f"form.{name}") if f"form.{name}" in say.messages else one_line(name, 40)


def _could(shown: Shown, say: Language) -> dict[str, Any]:
    """Power of each channel at the level of Holm's hardest step, from the plan alone."""
    result, plan = shown.result, shown.plan
    level = plan["alpha"] / len(result["claims"])
    rows = []
    channels = sorted({work["channel"] for work in result["works"]})
    for channel in channels if plan["claims"] != "works" else []:
        sizes = [work["candidates"] for work in result["works"] if work["channel"] == channel]
        least = smallest_p(sizes, plan["draws"])
        never = least > level
        powers = [
            say.say("could.never") if never else say.share(power_of(effect, len(sizes), level))
            for effect in EFFECTS
        ]
        rows.append([one_line(channel, 60), say.number(len(sizes)), figure(least, say), *powers])
    poor = sum(1 / work["candidates"] > level for work in result["works"])
    works = (
        "" if plan["claims"] == "channels" else say.say("could.works", poor=poor, works=len(result["works"]))
    )
    heads = [say.say("could.power", effect=figure(effect, say)) for effect in EFFECTS]
    return {"heads": heads, "rows": rows[:ROWS], "works": works}


def _asked(shown: Shown, say: Language) -> list[tuple[str, str]]:
    result, plan = shown.result, shown.plan
    works = result["works"]
    ranked = sum(work["candidates"] for work in works)
    whole = _candidates(shown)
    rows: list[tuple[str, int]] = [
        ("asked.works", len({work["work"] for work in works})),
        ("asked.channels", len({work["channel"] for work in works})),
        ("asked.draws", len(works)),
        ("asked.candidates", ranked if whole is None else whole),
        ("asked.ranked", ranked),
        ("asked.burnt", 0 if whole is None else whole - ranked),
        ("asked.questions", result["questions"]),
        ("asked.claims", len(result["claims"])),
        ("asked.background", len(plan["background"])),
        ("asked.redraws", plan["draws"]),
    ]
    return [(say.say(key), say.number(value)) for key, value in rows]


def _candidates(shown: Shown) -> int | None:
    """How many candidates there are before any are left out; None where the plan does not say so for each."""
    plan, works = shown.plan, shown.result["works"]
    if plan.get("source") == IDENTIFIERS:
        counts = [plan.get("candidates")] * len(works)
    else:
        traps = plan.get("traps")
        listed = traps if isinstance(traps, list) else []
        counts = [one.get("candidates") if isinstance(one, dict) else None for one in listed]
    whole = [count for count in counts if type(count) is int]
    ranked = [work["candidates"] for work in works]
    if len(whole) != len(works) or any(all_ < some for all_, some in zip(whole, ranked, strict=True)):
        return None
    return sum(whole)
