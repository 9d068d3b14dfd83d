"""What the page of a study of questions shows: works with their longest runs, controls, and the exact tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.models import charts
from countermark.evidence.models.ask_members import COUNTS
from countermark.evidence.models.figures import figure
from countermark.evidence.models.gate_view import void_lines
from countermark.evidence.report.legible import isolated, legible, one_line
from countermark.memorization.asking.deciding import BEYOND, BOTH, RECITED, UNASKED

if TYPE_CHECKING:
    from countermark.evidence.models.study import Shown
    from countermark.language import Language

ARTICLES: Final = 40
CONTROLS: Final = 200
ROWS: Final = 200
REASONS: Final = ("duplicate", "published-before-model", "too-short", "no-random-text", "shown-before")
TEMPLATES: Final = ("plain", "named", "continue")


def ask_context(shown: Shown, say: Language) -> dict[str, Any]:
    """What the template of a study of questions needs."""
    result = shown.result
    works = [work for work in result["works"] if work["role"] == "work"]
    controls = [work for work in result["works"] if work["role"] == "control"]
    order = sorted(range(len(works)), key=lambda n: (-works[n]["outside"], n))
    exact = result["exact"]
    return {
        "blocks": _blocks(result, works, say),
        "void": void_lines(result, say),
        "not_shown": _not_shown(result, say),
        "warnings": _warnings(shown, say),
        "null_lines": _null(result, say),
        "rules": _rules(result, say),
        "works": [_work(works[n], n, shown, say) for n in order[:ARTICLES]],
        "works_rest": len(works) - ARTICLES,
        "controls": [_control(work, say) for work in controls[:CONTROLS]],
        "controls_rest": len(controls) - CONTROLS,
        "exact": None if exact is None else _exact(exact, result, say),
        "asked": _asked(result, say),
    }


def _who(result: dict[str, Any], say: Language) -> str:
    return say.say("who.searches" if result["may_search"] else "who")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _blocks(result: dict[str, Any], works: list[dict[str, Any]], say: Language) -> list[dict[str, Any]]:
    """A block of grade A for the exact tests, one of grade B for the works: they are not mixed."""
    blocks = []
    if result["exact"] is not None:
        claims = result["exact"]["claims"]
        shown = sum(claim["decision"] == "shown" for claim in claims)
        facts = {"shown": shown, "claims": len(claims), "alpha": figure(result["rules"]["alpha"], say)}
        blocks.append(
            {
                "grade": "A" if shown else "none",
                "headline": say.say(
                    "ask.exact.headline" if shown else "ask.exact.headline.none", who=_who(result, say)
                ),
                "second": say.say("ask.exact.second", **facts),
                "means": say.say("grade.A.means" if shown else "grade.none.means"),
            }
        )
    if works:
        blocks.append(_compared(result, works, say))
    return blocks


def _compared(result: dict[str, Any], works: list[dict[str, Any]], say: Language) -> dict[str, Any]:
    recited = sum(work["decision"] in (RECITED, BOTH) for work in works)
    beyond = sum(work["decision"] in (BEYOND, BOTH) for work in works)
    if recited:
        headline = say.say("ask.headline.recited", n=recited, who=_who(result, say))
    else:
        headline = say.say("ask.headline.beyond", n=beyond) if beyond else say.say("ask.headline.none")
    second = say.say(
        "ask.second",
        works=len(works),
        answers=result["counts"]["work"]["asked"],
        run=result["rules"]["run"],
        recited=recited,
    )
    if result["comparison"] != "void":
        second += " " + say.say(
            "ask.second.beyond",
            beyond=beyond,
            controls=result["controls_ranked"],
            alpha=figure(result["rules"]["alpha"], say),
        )
    grade = "B" if recited or beyond else "none"
    means = say.say("grade.B.means.ask" if grade == "B" else "grade.none.means")
    return {"grade": grade, "headline": _capital(headline), "second": second, "means": means}


def _not_shown(result: dict[str, Any], say: Language) -> list[str]:
    told = [say.say(f"ask.not_shown.{n}") for n in (1, 2, 3, 4)] if result["works"] else []
    if result["may_search"]:
        told.append(say.say("ask.not_shown.search"))
    if result["exact"] is not None:
        told += [say.say(f"ask.exact.not_shown.{n}") for n in (1, 2, 3)]
    return told


def _warnings(shown: Shown, say: Language) -> list[str]:
    result = shown.result
    told = [say.say("extract.private")] if shown.words else []
    if result["may_search"]:
        told.append(say.say("ask.searches" if result["may_search_stated"] else "ask.searches.assumed"))
    if result["comparison"] == "not checked":
        told.append(say.say("extract.unchecked", least=result["gate"]["least_works"]))
    if result["undated_controls"]:
        told.append(say.say("extract.undated", n=result["undated_controls"]))
    if result["works"] and result["controls_ranked"] < result["recommended_controls"]:
        told.append(
            say.say("ask.few", controls=result["controls_ranked"], recommended=result["recommended_controls"])
        )
    if result["controls_incomplete"]:
        told.append(say.say("ask.incomplete", n=result["controls_incomplete"]))
    if result["exact"] and result["exact"]["shown_to"]:
        told.append(say.say("ask.burnt", to=isolated(one_line(result["exact"]["shown_to"], 120))))
    return told


def _null(result: dict[str, Any], say: Language) -> list[str]:
    told = []
    if result["works"]:
        told = [
            say.say("ask.null"),
            say.say("extract.assumption.label") + " " + say.say("ask.assumption"),
        ]
        if result["comparison"] == "checked":
            gate = result["gate"]
            told.append(
                say.say("extract.passed", auc=figure(gate["auc"], say), limit=figure(gate["limit"], say))
            )
        told.append(
            say.say(
                "extract.could",
                controls=result["controls_ranked"],
                p=figure(result["smallest_p"], say),
                held=figure(result["smallest_holm_p"], say),
                alpha=figure(result["rules"]["alpha"], say),
            )
        )
    if result["exact"] is not None:
        told += [say.say("ask.exact.null"), say.say("ask.exact.bound")]
    return told


def _rules(result: dict[str, Any], say: Language) -> str:
    rules = result["rules"]
    names = ("passages", "words", "tokens", "samples", "run", "block")
    return say.say("ask.rules", **{name: rules[name] for name in names})


def _work(work: dict[str, Any], place: int, shown: Shown, say: Language) -> dict[str, Any]:
    result = shown.result
    return {
        "anchor": f"w{place}",
        "title": one_line(work["title"], 120) or one_line(work["id"], 120),
        "author": one_line(work["author"], 80),
        "published": say.date(one_line(work["published"], 20)),
        "decision": say.say(f"ask.decision.{work['decision']}", run=result["rules"]["run"]),
        "facts": [
            say.say(f"ask.count.{name}", n=work["counts"][name])
            for name in COUNTS
            if name == "asked" or work["counts"][name]
        ],
        "plain": []
        if work["decision"] == UNASKED
        else [
            say.say("ask.longest", outside=work["outside"], longest=work["longest"]),
            say.say(
                "ask.long",
                runs=work["long_runs_outside"],
                run=result["rules"]["run"],
                holding=work["answers_with_long_run"],
                asked=work["counts"]["asked"],
            ),
            say.say("ask.near", words=work["near_words"], share=say.share(work["near_share"])),
            *(
                [say.say("ask.floor", longest=work["swap"]["longest"], works=len(work["swap"]["works"]))]
                if work["swap"]
                else []
            ),
        ],
        "p": _p(work, result, say),
        "dots": _dots(work, result, say),
        "best": _best(work, shown, say),
        "templates": _templates(work, say),
    }


def _p(work: dict[str, Any], result: dict[str, Any], say: Language) -> str:
    if work["conformal_p"] is None:
        return say.say("extract.p.void") if result["comparison"] == "void" else ""
    m = result["controls_ranked"] + 1
    return say.say(
        "ask.p",
        m=m,
        controls=m - 1,
        n=round(work["conformal_p"] * m),
        p=figure(work["conformal_p"], say),
        held=figure(work["holm_p"], say),
    )


def _dots(work: dict[str, Any], result: dict[str, Any], say: Language) -> dict[str, Any] | None:
    runs = [one["outside"] for one in result["works"] if one["role"] == "control"]
    if not runs or work["decision"] == UNASKED:
        return None
    most = max(1, work["outside"], *runs)
    return {
        "controls": charts.piles([run / most for run in runs]),
        "own": charts.piles([work["outside"] / most])[0],
        "most": say.say("ask.dots.words", n=most),
        "said": say.say("ask.dots", words=work["outside"], controls=len(runs), most=max(runs)),
    }


def _best(work: dict[str, Any], shown: Shown, say: Language) -> dict[str, Any] | None:
    """The answer with the longest run, the run apart; None where there is none or no words are to be shown."""
    best = work["best"]
    if best is None or not shown.words:
        return None
    text, (start, end), (first, last) = legible(best["text"]), best["run"], best["work"]
    said = say.say("ask.best", words=best["words"], start=first, end=last)
    return {"before": text[:start], "run": text[start:end], "after": text[end:], "said": said}


def _templates(work: dict[str, Any], say: Language) -> list[list[str]]:
    """For each wording of the prompts: how many answers, and the longest run of them."""
    rows = []
    for name in sorted({answer["template"] for answer in work["answers"]}):
        own = [answer for answer in work["answers"] if answer["template"] == name]
        label = say.say(f"ask.template.{name}") if name in TEMPLATES else one_line(name, 40)
        longest = max(answer["outside"] for answer in own)
        rows.append([label, say.number(len(own)), say.number(longest)])
    return rows


def _control(work: dict[str, Any], say: Language) -> list[str]:
    missing = work["counts"]["failed"] + work["counts"]["refused"] + work["counts"]["empty"]
    return [
        one_line(work["title"], 100) or one_line(work["id"], 100),
        say.date(one_line(work["published"], 20)) or say.say("controls.undated"),
        say.number(work["counts"]["asked"]),
        say.number(missing),
        say.number(work["outside"]),
        say.number(work["long_runs_outside"]),
    ]


def _exact(exact: dict[str, Any], result: dict[str, Any], say: Language) -> dict[str, Any]:
    titles = {one["work"]: one["title"] for one in [*exact["suffix"], *exact["choice"]]}
    claims = [_claim(claim, titles, result, say) for claim in exact["claims"][:ROWS]]
    return {"claims": claims, "claims_rest": len(exact["claims"]) - ROWS}


def _claim(
    claim: dict[str, Any], titles: dict[str, str], result: dict[str, Any], say: Language
) -> dict[str, Any]:
    test, shown = claim["test"], claim["decision"] == "shown"
    channel = isolated(one_line(claim["channel"], 60))
    if claim["work"] is None:
        name = say.say(f"ask.claim.{test}", channel=channel)
    else:
        title = isolated(one_line(titles.get(claim["work"], claim["work"]), 100))
        name = say.say("claim.work", title=title, channel=channel)
    facts = {name: claim[name] for name in ("n", "k")} | {"p": figure(claim["p"], say)}
    if test == "choice":
        facts["versions"] = claim["versions"]
    plain = say.say(f"ask.plain.{test}", many=facts.pop("n"), **facts)
    if claim["others"] and any(claim["others"].values()):
        others = {key.replace("-", "_"): value for key, value in claim["others"].items()}
        plain += " " + say.say("ask.others", **others)
    return {
        "name": name,
        "shown": shown,
        "k": say.say("ask.of", k=claim["k"], of=claim["n"]),
        "p": figure(claim["p"], say),
        "held": figure(claim["holm_p"], say),
        "decision": say.say("ask.shown", who=_who(result, say)) if shown else say.say("claim.open"),
        "plain": plain,
    }


def _asked(result: dict[str, Any], say: Language) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for role in ("work", "control") if result["works"] else ():
        number = sum(work["role"] == role for work in result["works"])
        rows.append((say.say(f"ask.asked.{role}"), say.number(number)))
        for name in COUNTS:
            label = say.say(f"ask.asked.{role}.answers", kind=say.say(f"ask.kind.{name}"))
            rows.append((label, say.number(result["counts"][role][name])))
    if result["exact"] is not None:
        exact = result["exact"]
        outputs = sum(one["counts"]["asked"] for one in exact["suffix"])
        rows += [
            (say.say("ask.asked.suffix"), say.number(len(exact["suffix"]))),
            (say.say("ask.asked.outputs"), say.number(outputs)),
            (say.say("ask.asked.choice"), say.number(len(exact["choice"]))),
            (say.say("ask.asked.exact_left_out"), say.number(len(exact["left_out"]))),
        ]
    rows.append((say.say("extract.asked.undated"), say.number(result["undated_controls"])))
    rows.append((say.say("extract.asked.left_out"), say.number(len(result["left_out"]))))
    for reason in sorted({one["reason"] for one in result["left_out"]}):
        number = sum(one["reason"] == reason for one in result["left_out"])
        label = say.say(f"reason.{reason}") if reason in REASONS else one_line(reason, 60)
        rows.append((f"– {label}", say.number(number)))
    return rows
