"""Runs of questions: who recites is found, who does not is not, each answer counts, and resuming repeats nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import ModelError, PlanError
from countermark.memorization.asking.deciding import Standing, decide
from countermark.memorization.asking.planning import Said, plan_asking
from countermark.memorization.asking.rules import Rules
from countermark.memorization.asking.running import Asking, run_asking
from countermark.memorization.drivers.driver import Completion
from countermark.memorization.extraction.controls import gather
from countermark.memorization.study.folder import begin
from countermark.scan.runlog import read_events
from memorization.answering_models import Writer, babble, failing, reciting
from memorization.ngram_model import work
from memorization.test_asking_prompts import file

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.study.plan import Plan

KNOWN = work(3, 400)
RULES = Rules(samples=1, passages=1)


def plan_of(folder: Path, controls: int = 5, **said: Any) -> Plan:
    """A work that a model may know, and controls, the first of them by the same author."""
    new = [file(f"new{n}", work(200 + n, 350), "" if n else "ann  miller") for n in range(controls)]
    sides = gather([file("known", KNOWN, "Ann Miller")], "work"), gather(new, "control")
    return plan_asking(sides, Writer().identity, RULES, store=folder / "texts", said=Said(**said))


def run(plan: Plan, folder: Path, writer: Writer, name: str = "run") -> dict[str, Any]:
    with begin(folder / name, plan) as study:
        path = run_asking(study, folder / "texts", writer, Asking(lambda _: {"checks": []}))
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def test_a_work_that_is_recited_is_found_and_no_other(tmp_path: Path) -> None:
    result = run(plan_of(tmp_path, controls=20), tmp_path, Writer(reciting(KNOWN)))
    known, control = result["works"][:2]
    assert known["outside"] == known["longest"] == 80
    assert known["decision"] == "recited-beyond-controls"
    assert (known["conformal_p"], known["holm_p"]) == (1 / 21, 1 / 21)
    assert control["decision"] == "nothing-found"
    assert control["swap"] is control["conformal_p"] is None
    assert known["swap"]["works"] == ["new0"]
    assert known["swap"]["longest"] < 8
    assert known["counts"]["asked"] == 6
    assert known["answers_with_long_run"] >= 4
    best = known["best"]
    assert KNOWN[slice(*best["work"])].split() == best["text"][slice(*best["run"])].split()
    assert result["grade"] == "B"
    assert result["claim"] == "the model"
    assert result["comparison"] == "not checked"
    assert result["counts"]["control"]["asked"] == 120
    assert len(result["distributions"]["control"]) == 20


def test_babble_is_nothing(tmp_path: Path) -> None:
    result = run(plan_of(tmp_path), tmp_path, Writer())
    assert {one["decision"] for one in result["works"]} == {"nothing-found"}
    assert all(one["best"] is None or one["best"]["words"] < 8 for one in result["works"])


def test_what_is_sent_is_that_of_the_plan_and_one_turn_each(tmp_path: Path) -> None:
    """No answer comes back in a prompt; temperature 0 once, temperature 1 with seeds of their own."""
    writer, plan = Writer(reciting(KNOWN)), plan_of(tmp_path, controls=1)
    run(plan, tmp_path, writer)
    assert len(writer.asked) == 12
    assert {decoding.temperature for _, decoding in writer.asked} == {0.0, 1.0}
    answers = [
        event for event in read_events(tmp_path / "run" / "runlog.jsonl") if event["event"] == "answered"
    ]
    said = [one["completions"][0]["text"] for event in answers for one in event["answers"]]
    assert len(said) == 12
    assert not any(
        text[:40] in prompt for text in said if "\n" not in text[:40] for prompt, _ in writer.asked
    )


def test_refusals_are_counted_by_the_servers_word_alone(tmp_path: Path) -> None:
    ways = [
        Completion("I cannot help with that.", "stop"),
        Completion("", "refusal: policy"),
        Completion("The work", "content_filter"),
        Completion(" \n", "stop"),
        Completion("The work", "tool_calls"),
    ]
    plan = plan_of(tmp_path, controls=4)
    told: dict[str, int] = {}

    def writes(prompt: str, _: object) -> Completion:
        return ways[told.setdefault(prompt, len(told)) % 5]

    result = run(plan, tmp_path, Writer(writes))
    counts = {key: sum(side[key] for side in result["counts"].values()) for key in result["counts"]["work"]}
    assert counts == {
        "asked": 30,
        "answered": 6,
        "empty": 6,
        "refused": 12,
        "ended-otherwise": 6,
        "failed": 0,
    }


def test_a_model_that_refuses_all_gives_no_run(tmp_path: Path) -> None:
    result = run(plan_of(tmp_path), tmp_path, Writer(lambda *_: Completion("", "refusal: no")))
    assert result["counts"]["work"]["refused"] == 6
    assert {one["decision"] for one in result["works"]} == {"nothing-found"}
    assert result["works"][0]["conformal_p"] == 1.0


def test_html_is_text(tmp_path: Path) -> None:
    page = "<html><body><h1>502 Bad Gateway</h1>" + "".join(
        f"<p>{word}</p>" for word in KNOWN.split()[50:110]
    )
    result = run(plan_of(tmp_path), tmp_path, Writer(lambda *_: Completion(page, "stop")))
    assert 50 <= result["works"][0]["outside"] <= 60


def test_failures_stay_in_the_denominators_and_count_against_us(tmp_path: Path) -> None:
    """A control whose answer is missing ranks above every work; a work is ranked by what was answered."""
    plan = plan_of(tmp_path)
    marked = work(200, 350)[:60]
    writer = Writer()
    knows = reciting(KNOWN)
    fails = failing(marked)
    writer.writes = lambda prompt, decoding: fails(prompt, decoding) or knows(prompt, decoding)
    result = run(plan, tmp_path, writer)
    assert result["counts"]["control"]["failed"] == 6
    assert result["controls_incomplete"] == 1
    assert result["works"][0]["conformal_p"] == 2 / 6
    asked = len(writer.asked)
    assert run(plan, tmp_path, writer) == result
    assert len(writer.asked) == asked  # what was given up is not asked again


def test_a_model_that_is_away_stops_the_run_and_resuming_repeats_nothing(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, controls=3)
    whole = run(plan, tmp_path, Writer(reciting(KNOWN)), "whole")
    writer = Writer(reciting(KNOWN))
    answered: list[str] = []

    def away(prompt: str, decoding: Any) -> Completion | Exception | None:
        if len(answered) >= 17:
            return ModelError("the server did not answer in 60 s")
        answered.append(prompt)
        return reciting(KNOWN)(prompt, decoding)

    writer.writes = away
    with pytest.raises(ModelError, match="did not answer"):
        run(plan, tmp_path, writer)
    writer.writes, writer.asked = reciting(KNOWN), []
    result = run(plan, tmp_path, writer)
    assert len(writer.asked) == 24 - 17
    assert result == whole
    assert (tmp_path / "run" / "result.json").read_bytes() == (
        tmp_path / "whole" / "result.json"
    ).read_bytes()
    assert result["counts"]["work"]["failed"] == 0


def test_a_model_that_answers_none_of_the_plan_stops_the_run(tmp_path: Path) -> None:
    """Such as a prompt that is too long for every work: not a result with nothing but failures."""
    writer = Writer(lambda prompt, _: ModelError("too long") if len(prompt) > 80 else None)
    with pytest.raises(ModelError, match="too long"):
        run(plan_of(tmp_path), tmp_path, writer)
    assert len([prompt for prompt, _ in writer.asked if len(prompt) > 80]) == 8


def test_a_plan_that_was_changed_or_another_model_is_refused(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, controls=1)
    text = next((tmp_path / "texts").iterdir())
    kept = text.read_bytes()
    text.write_bytes(kept + b"x")
    with pytest.raises(PlanError, match="was changed after the plan"):
        run(plan, tmp_path, Writer(), "one")
    text.write_bytes(kept)
    stranger = Writer(identity=Writer().identity.__class__("writer", "sha256:" + "2" * 64, "fake"))
    with pytest.raises(PlanError, match="another model"):
        run(plan, tmp_path, stranger, "two")
    plan.members["works"][0]["prompts"][0][2] += 3
    with pytest.raises(PlanError, match="not what the plan names"):
        run(plan, tmp_path, Writer(), "three")


def test_a_void_comparison_withholds_every_p(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    plan.members["gate"]["verdict"] = "void"
    result = run(plan, tmp_path, Writer(reciting(KNOWN)))
    assert result["comparison"] == "void"
    assert result["works"][0]["decision"] == "recited"
    assert all(one["conformal_p"] is None and one["holm_p"] is None for one in result["works"])


def test_who_may_search_is_named_in_the_claim(tmp_path: Path) -> None:
    result = run(plan_of(tmp_path, controls=1, may_search=True), tmp_path, Writer())
    assert result["claim"] == "the model or its serving system"
    assert "looks up" in result["not_shown"][-1]


def test_decisions_by_hand() -> None:
    """Ranks, Holm over all works, ties and missing answers against us, and the floor of the author's manner."""
    controls = [Standing(run, 0, 0, complete=True) for run in [3] * 98 + [12]]
    works = [
        Standing(60, 1, 5, complete=True),
        Standing(12, 0, 0, complete=True),
        Standing(13, 0, 20, complete=True),
        Standing(None, 0, 0, complete=False),
    ]
    told = decide(works, controls, alpha=0.05, void=False)
    assert [one.conformal_p for one in told] == [0.01, 0.02, 0.01, None]
    assert [one.holm_p for one in told] == pytest.approx([0.04, 0.04, 0.04, None])
    assert [one.decision for one in told] == [
        "recited-beyond-controls",
        "beyond-controls",
        "nothing-found",
        "not-asked",
    ]
    missing = decide(works[:1], [*controls[:98], Standing(3, 0, 0, complete=False)], alpha=0.05, void=False)
    assert missing[0].conformal_p == 0.02
    assert decide(works[:1], [], alpha=0.05, void=False)[0] == (None, None, "recited")


def test_babble_is_the_same_each_time() -> None:
    from countermark.memorization.drivers.driver import Decoding

    assert babble("x", Decoding(5)) == babble("x", Decoding(5)) != babble("y", Decoding(5))
