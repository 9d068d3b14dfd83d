"""Extraction from plan to result, with a model of counted words: what it was given comes out, and nothing else."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import ModelError, PlanError
from countermark.media import Asset, Medium
from countermark.memorization.extraction.controls import gather
from countermark.memorization.extraction.planning import Said, plan_extraction, planned
from countermark.memorization.extraction.rules import Rules
from countermark.memorization.extraction.running import Asking, run_extraction
from countermark.memorization.extraction.sentences import LANGUAGES, lines_of_result
from countermark.memorization.study.outcome import read_outcome
from countermark.memorization.study.plan import Plan
from countermark.memorization.study.run import begin
from countermark.scan.runlog import read_events
from countermark.works.work import Work, WorkFile
from memorization.ngram_model import NgramModel, work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.memorization.drivers.driver import Query, Scored, Scorer

BACKGROUND = [work(n) for n in range(900, 930)]
GIVEN, UNKNOWN = work(3, 300), work(4, 300)  # two works are called void in 1 of 20 cases; these are not
CONTROLS = [work(200 + n, 220) for n in range(39)]


def files(texts: Sequence[str], name: str) -> list[WorkFile]:
    return [
        WorkFile(
            Work(f"{name}{n}", f"{name} {n}"),
            Asset(f"{name}{n}", f"{name}{n}.txt", Medium.TEXT, str(n), text),
        )
        for n, text in enumerate(texts)
    ]


def passed(_: Scorer) -> dict[str, Any]:
    """A self-test that passes."""
    return {"checks": []}


def plan_of(folder: Path, scorer: Scorer, works: Sequence[str] = (GIVEN, UNKNOWN), **given: Any) -> Plan:
    controls = gather(files(given.pop("controls", CONTROLS), "control"), "control")
    rules = given.pop("rules", Rules())
    said = Said("2024-01-01", "", "As its card says.")
    return plan_extraction(
        gather(files(works, "work"), "work"),
        controls,
        scorer,
        rules,
        store=folder / "plan.texts",
        said=said,
        **given,
    )


def run(
    folder: Path, plan: Plan, scorer: Scorer, name: str = "run", old: Scorer | None = None
) -> dict[str, Any]:
    models = {"model": scorer, "reference": old}

    def opened(role: str) -> Scorer:
        found = models[role]
        assert found is not None
        return found

    with begin(folder / name, plan) as study:
        run_extraction(study, folder / "plan.texts", opened, Asking(passed))
    return read_outcome(folder / name)[0]


@pytest.fixture(scope="module")
def model() -> NgramModel:
    """Given one of the works, and texts of the same kind."""
    return NgramModel([*BACKGROUND, GIVEN])


def test_what_the_model_was_given_comes_out_and_nothing_else(model: NgramModel, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, model)
    assert GIVEN[:40] not in json.dumps(plan.members)
    assert planned(plan)[:4] == (
        2,
        39,
        sum(len(t["windows"]) for w in plan.members["works"] for t in w["texts"]),
        0,
    )
    result = run(tmp_path, plan, model)
    first, second, *controls = result["works"]
    assert first["windows"]["counted"] == first["hits"] == 9
    assert first["coverage"] > 0.99
    assert (first["conformal_p"], first["holm_p"]) == (1 / 40, 2 / 40)
    assert first["decision"] == "reproduced-beyond-controls"
    assert second["decision"] == "no-hit"
    assert second["conformal_p"] > 0.02
    assert not any(control["hits"] for control in controls)
    assert result["false_positives"]["works"] == {
        "hits": 0,
        "of": 39,
        "upper": round(1 - 0.05 ** (1 / 39), 9),
    }
    assert result["counts"]["asked"] == sum(one["windows"]["asked"] for one in result["works"])
    assert result["grade"] == "B"
    assert "exchangeable" in result["assumption"]
    assert (result["statement"], result["comparison"]) == ("As its card says.", "not checked")


def test_the_figures_of_a_hit_are_those_of_the_model(model: NgramModel, tmp_path: Path) -> None:
    """p_z recomputed from the model for the best window; expected tries are its inverse."""
    from countermark.memorization.drivers.driver import Query

    result = run(tmp_path, plan_of(tmp_path, model), model)
    text = result["works"][0]["texts"][0]
    kept = (tmp_path / "run" / "texts" / f"{text['sha256']}.txt").read_text()
    assert kept == GIVEN
    best = max(text["hits"], key=lambda hit: hit["t1"])
    query = Query(kept[best["start"] : best["border"]], kept[best["border"] : best["end"]])
    exact = sum(model.logprobs([query])[0].logprobs) / math.log(10)
    assert best["t1"] == pytest.approx(exact, abs=1e-6)
    assert best["top"] >= best["t1"]
    assert best["expected_tries"] == pytest.approx(10**-exact, rel=1e-4)
    assert best["tokens"] == 50
    assert result["works"][0]["curve"][1][2] == 9  # 100 tries at even odds give every window


def test_an_older_model_and_public_text_take_windows_away(model: NgramModel, tmp_path: Path) -> None:
    """The older model knows the first half: its windows are dropped, of works and controls alike, and counted."""
    words = GIVEN.split(" ")
    old = NgramModel([*BACKGROUND, " ".join(words[:150]), CONTROLS[0]], "old")
    plan = plan_of(tmp_path, model, reference=old.identity)
    assert planned(plan).queries == 2 * planned(plan).windows
    first, second, control, *_ = run(tmp_path, plan, model, old=old)["works"]
    assert 0 < first["windows"]["generic"] < first["windows"]["asked"]
    assert first["hits"] == first["windows"]["counted"]
    assert first["coverage"] < 0.8
    assert all(hit["margin"] > 3 for hit in first["texts"][0]["hits"])
    assert all(hit["reference"] >= -3 for hit in first["texts"][0]["generic"])
    assert second["windows"]["generic"] == 0
    assert control["decision"] == "not-asked"
    assert control["windows"]["generic"] == control["windows"]["asked"] > 0


def test_a_void_comparison_withholds_every_p(model: NgramModel, tmp_path: Path) -> None:
    """Controls in other words than the works: the hits stay, the p do not."""
    works = [GIVEN, *(work(10 + n, 150) for n in range(11))]
    others = [work(300 + n, 150, lexicon_seed=9) for n in range(20)]
    result = run(tmp_path, plan_of(tmp_path, model, works, controls=others), model)
    assert result["gate"]["verdict"] == result["comparison"] == "void"
    assert (
        {one["conformal_p"] for one in result["works"]}
        == {one["holm_p"] for one in result["works"]}
        == {None}
    )
    assert result["works"][0]["decision"] == "reproduced"


def test_an_interrupted_run_ends_in_the_same_bytes(tmp_path: Path) -> None:
    """Nothing that was answered is asked twice, and the result is that of an unbroken run."""
    model = NgramModel([*BACKGROUND, GIVEN])
    plan = plan_of(tmp_path, model, controls=CONTROLS[:4])
    run(tmp_path, plan, model, "whole")
    asked = len(model.asked)
    model.asked.clear()
    model.fail_after = 20
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, plan, model, "broken")
    before = len(model.asked)
    assert 0 < before < asked
    model.fail_after = math.inf
    run(tmp_path, plan, model, "broken")
    assert len(model.asked) == asked
    for name in ("result.json", "plan.json"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "broken" / name).read_bytes()
    events = [event["event"] for event in read_events(tmp_path / "broken" / "runlog.jsonl")]
    assert events.count("self_test") == 2
    assert events[-1] == "finish"


class NoTop(NgramModel):
    """A server that tells no more than the log-probabilities."""

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """Without top-k."""
        from dataclasses import replace

        return [replace(one, top=None, best=None) for one in super().logprobs(queries)]


def test_a_driver_without_top_k(tmp_path: Path) -> None:
    """T=1 stands; top-k is not told, and cannot decide."""
    model = NoTop([*BACKGROUND, GIVEN])
    plan = plan_of(tmp_path, model, controls=CONTROLS[:2])
    first = run(tmp_path, plan, model)["works"][0]
    assert first["hits"] == 9
    assert (first["hits_other"], first["coverage_other"], first["texts"][0]["heat_other"]) == (
        None,
        None,
        None,
    )
    plan = plan_of(tmp_path, model, controls=CONTROLS[:2], rules=Rules(rule="top-k"))
    with pytest.raises(ModelError, match="--rule t1"):
        run(tmp_path, plan, model, "top")


def test_top_k_may_decide_and_short_works_are_told(model: NgramModel, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, model, [GIVEN, "Too short."], controls=CONTROLS[:3], rules=Rules(rule="top-k"))
    assert planned(plan).without_window == 1
    result = run(tmp_path, plan, model)
    first, short = result["works"][:2]
    assert result["other_rule"] == "t1"
    assert first["highest"] >= first["highest_other"]
    assert (short["decision"], short["conformal_p"], short["coverage"]) == ("not-asked", None, 0.0)
    assert result["counts"]["works_without_window"] == 1
    assert first["holm_p"] == 0.5  # Holm over both works, asked or not


def test_a_failed_self_test_asks_nothing(model: NgramModel, tmp_path: Path) -> None:
    def fails(_: Scorer) -> dict[str, Any]:
        raise ModelError("the echo is off by one")

    plan, asked = plan_of(tmp_path, model, controls=CONTROLS[:2]), len(model.asked)
    with (
        pytest.raises(ModelError, match="off by one"),
        begin(tmp_path / "run", plan) as study,
    ):
        run_extraction(study, tmp_path / "plan.texts", lambda _: model, Asking(fails))
    assert len(model.asked) == asked


def test_another_model_changed_texts_and_foreign_members_are_refused(
    model: NgramModel, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, model, controls=CONTROLS[:2])
    with pytest.raises(PlanError, match="another model"):
        run(tmp_path, plan, NgramModel(BACKGROUND))
    members = json.loads(json.dumps(plan.members))
    members["works"][0]["texts"][0]["windows"][0] = [0, 5, 10**9]
    with pytest.raises(PlanError, match="not a plan of extraction"):
        run(tmp_path, Plan("extract", members), model, "window")
    with pytest.raises(PlanError, match="not a plan of extraction"):
        run(tmp_path, Plan("extract", {"model": plan.members["model"]}), model, "none")
    gated = {**plan.members, "gate": {"verdict": "fine"}}
    with pytest.raises(PlanError, match="gate fine"):
        run(tmp_path, Plan("extract", gated), model, "gate")
    untold = {key: value for key, value in plan.members.items() if key != "statement"}
    with pytest.raises(PlanError, match="without statement"):
        run(tmp_path, Plan("extract", untold), model, "untold")
    text = next((tmp_path / "plan.texts").iterdir())
    text.write_text("something else")
    with pytest.raises(PlanError, match="was changed after the plan was made"):
        run(tmp_path, plan, model, "text")
    text.unlink()
    with pytest.raises(PlanError, match="beside the plan"):
        run(tmp_path, plan, model, "missing")


def test_both_languages_say_the_same(model: NgramModel, tmp_path: Path) -> None:
    """The same sentences with the same values; every verdict and decision has one."""
    english, french = (LANGUAGES[code].messages for code in ("en", "fr"))
    assert english.keys() == french.keys()
    for key, sentence in english.items():
        assert set(re.findall(r"{\w+}", sentence)) == set(re.findall(r"{\w+}", french[key])), key
    result = run(tmp_path, plan_of(tmp_path, model, controls=CONTROLS[:2]), model)
    for void in (False, True):
        for code in ("en", "fr"):
            told = "\n".join(lines_of_result(result, "r", LANGUAGES[code]))
            assert "{" not in told
            assert ("AUC" in told) is void
        result["works"][0] |= {"conformal_p": None, "expected_tries": None}
        result["comparison"] = "void"
