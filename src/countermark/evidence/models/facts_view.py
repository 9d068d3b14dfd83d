"""What every page of a study shows: the model, its self-test, how often was asked, digests, how to check them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.models.figures import figure
from countermark.evidence.models.trap_view import IDENTIFIERS
from countermark.evidence.report.legible import one_line

if TYPE_CHECKING:
    from countermark.evidence.models.study import Shown
    from countermark.language import Language

Rows = list[tuple[str, str]]

COUNTED: Final = ("asked", "answered", "again", "refused", "failures")
CHECKS: Final = 40
_PLAN: Final = (
    "import hashlib, json; plan = json.load(open('plan.json', encoding='utf-8')); del plan['digest']; "
    "text = json.dumps(plan, sort_keys=True, ensure_ascii=False, separators=(',', ':')); "
    "print('sha256:' + hashlib.sha256(text.encode()).hexdigest())"
)


def facts_context(shown: Shown, say: Language) -> dict[str, Any]:
    """What the frame of a page needs besides the study's own sections."""
    tests = [shown.result["self_test"]]
    if shown.result.get("reference_self_test"):
        tests.append(shown.result["reference_self_test"])
    return {
        "counted": [(say.say(f"counted.{name}"), say.number(shown.run["counted"][name])) for name in COUNTED],
        "model": _model(shown, say),
        "tests": [_test(test, say) for test in tests],
        "digests": _digests(shown, say),
        "steps": _steps(shown, say),
        "files": _files(shown, say),
        "plan_digest": shown.result["plan"],
    }


def _model(shown: Shown, say: Language) -> Rows:
    result = shown.result
    rows = _identity(result["model"], say)
    if result.get("model_date"):
        rows.append((say.say("model.date"), say.date(one_line(result["model_date"], 40))))
    if result.get("reference"):
        older = result["reference"]
        which = older["digest"] or older["address"]
        rows.append((say.say("model.reference"), one_line(f"{older['name']} ({which})", 200)))
        if result.get("reference_date"):
            rows.append((say.say("model.reference_date"), say.date(one_line(result["reference_date"], 40))))
    if result.get("statement"):
        rows.append((say.say("model.statement"), one_line(result["statement"], 400)))
    noise, compared = result["self_test"].get("noise"), result["self_test"].get("compared")
    told = (
        say.say("model.noise.none")
        if noise is None
        else say.say("model.noise.said", noise=figure(float(noise), say))
    )
    rows.append((say.say("model.noise"), told))
    if compared is not None:
        rows.append((say.say("model.compared"), say.number(compared)))
    return rows


def _identity(model: dict[str, str], say: Language) -> Rows:
    return [
        (say.say("model.name"), one_line(model["name"], 120)),
        (say.say("model.digest"), one_line(model["digest"], 120) or say.say("model.digest.none")),
        (say.say("model.driver"), one_line(model["driver"], 60)),
        (say.say("model.address"), one_line(model["address"], 200) or say.say("model.here")),
    ]


def _test(test: dict[str, Any], say: Language) -> dict[str, Any]:
    checks = test["checks"]
    return {
        "lead": say.say("test.lead", n=len(checks)) if checks else say.say("test.none"),
        "checks": [(one_line(one["name"], 40), one_line(one["seen"], 300)) for one in checks[:CHECKS]],
        "untested": [one_line(one, 300) for one in test.get("untested", [])[:CHECKS]],
    }


def _digests(shown: Shown, say: Language) -> Rows:
    run = shown.run
    rows = [
        (say.say("digest.plan"), run["plan"]),
        (say.say("digest.result"), run["result"]),
        (say.say("digest.head", lines=run["log"]["lines"]), run["log"]["head"]),
    ]
    if shown.begun and shown.ended:
        rows.append((say.say("digest.times"), f"{shown.begun} – {shown.ended}"))
    return rows


def _steps(shown: Shown, say: Language) -> list[dict[str, str]]:
    steps = [
        {"text": say.say("check.result"), "code": "sha256sum result.json"},
        {"text": say.say("check.plan"), "code": f'python3 -c "{_PLAN}"'},
        {"text": say.say("check.log"), "code": "tail -n 1 runlog.jsonl | sha256sum"},
    ]
    if shown.kind == "trap":
        ids = shown.result["key"] == IDENTIFIERS
        key = "" if ids else " --key traps.key"
        steps.append({"text": say.say("check.rank"), "code": ""})
        steps.append(
            {
                "text": say.say("check.again.ids" if ids else "check.again"),
                "code": f"countermark trap test plan.json{key} --model MODEL -o again/",
            }
        )
    elif shown.kind == "extract" and (window := _window(shown, say)):
        steps.append({"text": window, "code": ""})
    return steps


def _window(shown: Shown, say: Language) -> str:
    """The first hit, in words that let anybody weigh it again at temperature 1."""
    for work in shown.result["works"]:
        for one in work["texts"]:
            for hit in one["hits"]:
                if hit["t1"] is None or not re.fullmatch(r"[0-9a-f]{64}", one["sha256"]):
                    continue
                places = {name: hit[name] for name in ("start", "border", "end")}
                value = f"{hit['t1']:.6f}".replace(".", say.decimal)
                return say.say("check.window", digest=one["sha256"], value=value, **places)
    return ""


def _files(shown: Shown, say: Language) -> Rows:
    rows = [
        ("plan.json", say.say("rest.plan")),
        ("result.json", say.say("rest.result")),
        ("run.json", say.say("rest.run")),
        ("runlog.jsonl", say.say("rest.log")),
    ]
    return [*rows, ("texts/*.txt", say.say("rest.texts"))] if shown.kind != "trap" else rows
