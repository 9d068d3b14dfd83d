"""What the page of a study of extraction shows: works with their strips, controls beside them, the blind gate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.models import charts, heat
from countermark.evidence.models.figures import chance, figure, tries
from countermark.evidence.models.gate_view import void_lines
from countermark.evidence.report.legible import isolated, one_line
from countermark.memorization.extraction.deciding import BEYOND, REPRODUCED
from countermark.memorization.extraction.rules import T1, TOP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.evidence.models.study import Shown
    from countermark.language import Language

ARTICLES: Final = 40
CONTROLS: Final = 200
HITS: Final = 12
TEXTS: Final = 20
REASONS: Final = ("duplicate", "published-before-model")


def extract_context(shown: Shown, say: Language) -> dict[str, Any]:
    """What the template of a study of extraction needs."""
    result = shown.result
    works = [work for work in result["works"] if work["role"] == "work"]
    controls = [work for work in result["works"] if work["role"] == "control"]
    levels = heat.levels_of(math.log10(result["rules"]["threshold"]))
    hits = sum(work["decision"] in (REPRODUCED, BEYOND) for work in works)
    beyond = sum(work["decision"] == BEYOND for work in works)
    void = result["comparison"] == "void"
    order = sorted(range(len(works)), key=lambda n: (-works[n]["coverage"], n))
    return {
        "blocks": [
            {
                "grade": "B" if hits else "none",
                "headline": _headline(hits, beyond, say),
                "second": _second(shown, works, (hits, beyond), say),
                "means": say.say("grade.B.means" if hits else "grade.none.means"),
            }
        ],
        "void": void_lines(result, say),
        "not_shown": [say.say(f"extract.not_shown.{n}") for n in (1, 2, 3, 4)],
        "warnings": _warnings(shown, say),
        "null_lines": [
            say.say("extract.null"),
            say.say("extract.assumption.label") + " " + say.say("extract.assumption"),
            *([] if void else [_gate(result, say)]),
            say.say(
                "extract.could",
                controls=result["counts"]["controls"],
                p=figure(result["smallest_p"], say),
                held=figure(result["smallest_holm_p"], say),
                alpha=figure(result["rules"]["alpha"], say),
            ),
            *(
                [say.say("extract.could.never")]
                if result["smallest_holm_p"] > result["rules"]["alpha"]
                else []
            ),
        ],
        "rules": _rules(result, say),
        "legend": _legend(levels, say),
        "works": [_work(works[n], n, shown, levels, say) for n in order[:ARTICLES]],
        "works_rest": len(works) - ARTICLES,
        "controls_lines": _controls_lines(result, say),
        "controls": [_control(work, levels, say) for work in controls[:CONTROLS]],
        "controls_rest": len(controls) - CONTROLS,
        "asked": _asked(result, say),
    }


def _headline(hits: int, beyond: int, say: Language) -> str:
    if beyond:
        return say.say("extract.headline.beyond", n=beyond)
    return say.say("extract.headline.hits", n=hits) if hits else say.say("extract.headline.none")


def _second(shown: Shown, works: Sequence[dict[str, Any]], found: tuple[int, int], say: Language) -> str:
    result, rules = shown.result, shown.result["rules"]
    first = say.say(
        "extract.second",
        works=len(works),
        counted=sum(work["windows"]["counted"] for work in works),
        tokens=rules["continuation"],
        prefix=rules["prefix"],
        threshold=figure(rules["threshold"], say),
    )
    if result["comparison"] == "void" or not found[0]:
        return first
    return f"{first} " + say.say(
        "extract.second.beyond" if found[1] else "extract.second.like",
        hits=found[0],
        beyond=found[1],
        controls=result["counts"]["controls"],
        alpha=figure(rules["alpha"], say),
    )


def _gate(result: dict[str, Any], say: Language) -> str:
    gate = result["gate"]
    if result["comparison"] == "not checked":
        return say.say("extract.unchecked", least=gate["least_works"])
    return say.say("extract.passed", auc=figure(gate["auc"], say), limit=figure(gate["limit"], say))


def _warnings(shown: Shown, say: Language) -> list[str]:
    result = shown.result
    told = [say.say("extract.private")] if shown.words else []
    if result["model"]["address"]:
        told.append(say.say("hosted"))
    if result["comparison"] == "not checked":
        told.append(_gate(result, say))
    if result["undated_controls"]:
        told.append(say.say("extract.undated", n=result["undated_controls"]))
    return told


def _rules(result: dict[str, Any], say: Language) -> str:
    rules = result["rules"]
    told = {name: rules[name] for name in ("prefix", "continuation", "stride")}
    return say.say("extract.rules", rule=say.say(f"rule.{rules['rule']}", k=result["top_k"]), **told)


def _legend(levels: Sequence[heat.Level], say: Language) -> list[dict[str, Any]]:
    said = []
    for place, level in enumerate(levels):
        if level.least is None:
            text = say.say("extract.level.rest")
        else:
            covered = [one for one in levels if one.covered]
            key = "below" if not level.covered else "threshold" if level is covered[-1] else "one"
            text = say.say(f"extract.level.{key}", tries=tries(10.0**-level.least, say))
        said.append({"text": text, "h": level.height, "level": place, "covered": level.covered})
    return said


def _work(
    work: dict[str, Any], place: int, shown: Shown, levels: Sequence[heat.Level], say: Language
) -> dict[str, Any]:
    result, counted = shown.result, work["windows"]["counted"]
    return {
        "anchor": f"w{place}",
        "title": one_line(work["title"], 120) or one_line(work["id"], 120),
        "author": one_line(work["author"], 80),
        "published": say.date(one_line(work["published"], 20)),
        "decision": say.say(f"decision.{work['decision']}"),
        "facts": [
            say.say(
                "extract.share",
                share=say.share(work["coverage"]),
                covered=work["covered"],
                asked=work["asked_characters"],
            ),
            _counted(work, say),
        ],
        "best": _best(work, say) if counted else "",
        "p": _p(work, result, say),
        "texts": [_text(one, shown, levels, say) for one in work["texts"][:TEXTS]],
        "texts_rest": len(work["texts"]) - TEXTS,
        "dots": _dots(work, result, say),
        "curve": _curve(work, result, say),
        "hits": _hits(work, result, say),
        "hits_rest": work["hits"] - HITS,
    }


def _counted(work: dict[str, Any], say: Language) -> str:
    key = "extract.hits.one" if work["hits"] == 1 else "extract.hits.other"
    return say.say(key, hits=work["hits"], counted=work["windows"]["counted"])


def _best(work: dict[str, Any], say: Language) -> str:
    highest, expected = work["highest"], work["expected_tries"]
    if highest is None:
        return say.say("extract.best.none")
    if not work["covered"]:
        return say.say("extract.best.low", tries=tries(expected, say))
    if expected is not None and expected < 2:
        return say.say("extract.best.sure", p=chance(highest, say))
    return say.say("extract.best", tries=tries(expected, say))


def _p(work: dict[str, Any], result: dict[str, Any], say: Language) -> str:
    controls = result["counts"]["controls"]
    if work["conformal_p"] is None:
        if result["comparison"] == "void":
            return say.say("extract.p.void")
        return say.say("extract.p.none") if not controls else ""
    if not work["covered"]:
        return say.say("extract.p.low")
    return say.say(
        "extract.p",
        m=controls + 1,
        controls=controls,
        n=round(work["conformal_p"] * (controls + 1)),
        p=figure(work["conformal_p"], say),
        held=figure(work["holm_p"], say),
    )


def _text(one: dict[str, Any], shown: Shown, levels: Sequence[heat.Level], say: Language) -> dict[str, Any]:
    asked = one["asked_characters"]
    share = say.share(one["covered"] / asked) if asked else "–"
    held = shown.texts.get(one["sha256"])
    pieces = heat.spans(held, one, levels) if held is not None else []
    whole = held is not None and len(held) <= heat.WHOLE
    return {
        "label": say.say(
            "extract.strip", path=isolated(one_line(one["path"], 80)), share=share, n=len(one["hits"])
        ),
        "bars": heat.strip(one["heat"], max(1, one["characters"]), levels),
        "pieces": pieces,
        "note": say.say(
            "extract.heat.missing" if held is None else "extract.heat" if whole else "extract.heat.part"
        ),
        "held": held is not None,
    }


def _dots(work: dict[str, Any], result: dict[str, Any], say: Language) -> dict[str, Any] | None:
    shares = [
        one["coverage"] for one in result["works"] if one["role"] == "control" and one["windows"]["counted"]
    ]
    if not shares or not work["windows"]["counted"]:
        return None
    return {
        "controls": charts.piles(shares),
        "own": charts.piles([work["coverage"]])[0],
        "said": say.say(
            "extract.dots", share=say.share(work["coverage"]), n=len(shares), most=say.share(max(shares))
        ),
    }


def _curve(work: dict[str, Any], result: dict[str, Any], say: Language) -> dict[str, Any] | None:
    numbers, counted = result["curve"], work["windows"]["counted"]
    lines = charts.curve(work["curve"], numbers["tries"], counted)
    if not lines or not any(map(any, work["curve"])):
        return None
    labels = [say.say("extract.curve.chance", p=say.share(p, 0)) for p in numbers["probabilities"]]
    return {
        "lines": [
            {"d": d, "label": label, "style": place % 3}
            for place, (d, label) in enumerate(zip(lines, labels, strict=True))
        ],
        "said": say.say("extract.curve", n=counted),
        "most": say.number(counted),
        "tries": [say.number(n) for n in numbers["tries"]],
        "rows": [[label, *map(say.number, row)] for label, row in zip(labels, work["curve"], strict=True)],
    }


def _hits(work: dict[str, Any], result: dict[str, Any], say: Language) -> list[list[str]]:
    """The most probable hits: where, how probable, how many tries, under the other rule, greedy, the older model."""
    rule = "t1" if result["rules"]["rule"] == T1 else "top"
    found = [hit for one in work["texts"] for hit in one["hits"]]
    found.sort(key=lambda hit: (-(hit[rule] if hit[rule] is not None else -math.inf), hit["border"]))
    return [_hit(hit, rule, result, say) for hit in found[:HITS]]


def _hit(hit: dict[str, Any], rule: str, result: dict[str, Any], say: Language) -> list[str]:
    other = chance(hit["top"], say) if hit["top_known"] else say.say("hits.unknown")
    greedy = {True: "hits.yes", False: "hits.no", None: "hits.unknown"}[hit["greedy"]]
    row = [
        f"{say.number(hit['border'])}–{say.number(hit['end'])}",
        chance(hit[rule], say),
        _few(hit["expected_tries"], say),
        other if rule == "t1" else chance(hit["t1"], say),
        say.say(greedy),
    ]
    return [*row, chance(hit["reference"], say)] if result["reference"] else row


def _few(value: float | None, say: Language) -> str:
    return tries(value, say) if value is None or value >= 10 else figure(value, say)


def other_rule(result: dict[str, Any], say: Language) -> str:
    """The rule that does not decide, in words."""
    return say.say(f"rule.{TOP if result['rules']['rule'] == T1 else T1}", k=result["top_k"])


def _controls_lines(result: dict[str, Any], say: Language) -> list[str]:
    false = result["false_positives"]
    told = []
    for key, name in (("controls.lead", "works"), ("controls.apart", "windows_apart")):
        one = false[name]
        told.append(say.say(key, of=one["of"], hits=one["hits"], upper=say.share(one["upper"])))
    return told


def _control(work: dict[str, Any], levels: Sequence[heat.Level], say: Language) -> dict[str, Any]:
    first = work["texts"][0] if work["texts"] else None
    return {
        "title": one_line(work["title"], 100) or one_line(work["id"], 100),
        "published": say.date(one_line(work["published"], 20)) or say.say("controls.undated"),
        "windows": say.number(work["windows"]["counted"]),
        "hits": say.number(work["hits"]),
        "coverage": say.share(work["coverage"]),
        "highest": chance(work["highest"], say) if work["windows"]["counted"] else "–",
        "bars": heat.strip(first["heat"], max(1, first["characters"]), levels) if first else [],
    }


def _asked(result: dict[str, Any], say: Language) -> list[tuple[str, str]]:
    counts, works = result["counts"], result["works"]
    rows = [
        ("works", counts["works"]),
        ("controls", counts["controls"]),
        ("without", counts["works_without_window"]),
        ("undated", result["undated_controls"]),
        ("left_out", len(result["left_out"])),
    ]
    told = [(say.say(f"extract.asked.{key}"), say.number(value)) for key, value in rows]
    for reason in sorted({one["reason"] for one in result["left_out"]}):
        number = sum(one["reason"] == reason for one in result["left_out"])
        label = say.say(f"reason.{reason}") if reason in REASONS else one_line(reason, 60)
        told.append((f"– {label}", say.number(number)))
    cut = ("cut", "quoted", "asked", "generic", "counted", "no_cut", "moved", "otherwise", "shortened")
    return told + [
        (say.say(f"extract.asked.{name}"), say.number(sum(work["windows"][name] for work in works)))
        for name in cut
    ]
