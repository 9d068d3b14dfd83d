"""The test of traps: from the plan to the result, and what it never says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from countermark.errors import PlanError, RunError
from countermark.memorization.drivers.driver import ModelIdentity
from countermark.memorization.study.run import begin
from countermark.memorization.traps.burnt import Ledger, shown_in
from countermark.memorization.traps.identifiers import identifiers_in
from countermark.memorization.traps.judging import histogram_of
from countermark.memorization.traps.sentences import LANGUAGES, lines_of
from countermark.memorization.traps.testing import (
    Settings,
    Text,
    background_of,
    contests_in,
    contests_of,
    earlier_of,
    log_secret,
    plan_identifiers,
    plan_traps,
    run_test,
)
from countermark.probability.binomial import clopper_pearson
from memorization.study_fakes import FAKE, FakeScorer
from memorization.trapped import KEY, OTHER, learnt, variants

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.study.plan import Plan
    from countermark.memorization.traps.candidates import Trap
    from countermark.memorization.traps.key import TrapKey

SELF = {"checks": [], "noise": 0.0}
WORKS = [variants(f"w{number}", sites=20, candidates=200) for number in range(4)]
COPIES = WORKS + [variants(f"w{number}", channel="paid", sites=20, candidates=200) for number in range(4)]


def planned(folder: Path, traps: list[Trap], key: TrapKey = KEY, **choices: Any) -> Plan:
    """The plan of a test against the fake model."""
    return plan_traps(traps, key, the_ledger(folder, key), FAKE, [], Settings(**choices))[0]


def the_ledger(folder: Path, key: TrapKey | None = KEY, but: str = "") -> Ledger:
    """The ledger of a key."""
    return Ledger(folder / "burnt.jsonl", log_secret(key), but=but)


def outcome_of(  # what differs between the tests below
    folder: Path,
    plan: Plan,
    scorer: FakeScorer,
    *,
    key: TrapKey | None = KEY,
    run: str = "run",
    earlier: Any = (),
) -> dict[str, Any]:
    """Run a test, and return its result."""
    ledger = the_ledger(folder, key, plan.digest)
    contests = contests_in(plan, key, ledger)
    background = background_of(plan, contests, [])
    with begin(folder / run, plan, secret=log_secret(key)) as study:
        return run_test(study, scorer, contests, background, ledger=ledger, self_test=SELF, earlier=earlier)


def decided(result: dict[str, Any]) -> dict[tuple[str, str | None], bool]:
    """Which claims were rejected."""
    return {(claim["channel"], claim["work"]): claim["rejected"] for claim in result["claims"]}


def test_the_copy_that_leaked_is_told(tmp_path: Path) -> None:
    """A model that has learnt the paid copies: that channel is rejected, and the other is not."""
    plan = planned(tmp_path, COPIES, claims="channels")
    known = learnt([one for one in contests_of(COPIES, KEY) if one.channel == "paid"])
    result = outcome_of(tmp_path, plan, FakeScorer(known))
    assert decided(result) == {("paid", None): True, ("web", None): False}
    assert result["grade"] == "A"
    assert result["questions"] == plan.members["queries"] == 8 * 40
    text = "\n".join(lines_of(result, "run/result.json", LANGUAGES["en"]))
    assert "Grade A, proof: 1 of 2 null hypotheses" in text
    assert "Channel web, 4 draws together" in text
    assert "given at least one of these copies" in text  # the claim is over four works, and names none
    assert "Niveau A" in "\n".join(lines_of(result, "run/result.json", LANGUAGES["fr"]))


def test_a_model_that_knows_nothing_gets_no_grade(tmp_path: Path) -> None:
    """Nothing is rejected, and the words say so."""
    result = outcome_of(tmp_path, planned(tmp_path, WORKS), FakeScorer())
    assert result["grade"] is None
    assert not any(decided(result).values())
    lines = lines_of(result, "x", LANGUAGES["en"])
    assert lines[0].startswith("Nothing shown: none of 5 null hypotheses")
    assert not any("rejected: the model was given" in line for line in lines)
    assert any("No earlier test of these traps was named" in line for line in lines)


def test_works_are_decided_one_by_one(tmp_path: Path) -> None:
    """Of three works, the one that was learnt."""
    plan = planned(tmp_path, WORKS, claims="works", alpha=0.05)
    result = outcome_of(tmp_path, plan, FakeScorer(learnt(contests_of(WORKS[:1], KEY))))
    assert decided(result) == {("web", f"w{n}"): n == 0 for n in range(4)}
    assert result["works"][0]["raw"]["p"] <= 0.05 / 4
    assert all(claim["contests"] == 1 for claim in result["claims"])


def test_a_result_does_not_hang_on_interruptions_or_on_the_order_of_asking(tmp_path: Path) -> None:
    """The same bytes from a second run, and from one in another folder."""
    plan = planned(tmp_path, WORKS)
    for run in ("a", "a", "b"):
        outcome_of(tmp_path, plan, FakeScorer(), run=run)
    assert (tmp_path / "a" / "result.json").read_bytes() == (tmp_path / "b" / "result.json").read_bytes()


@pytest.mark.slow
def test_false_positives_are_as_rare_as_the_level(tmp_path: Path) -> None:
    """Sixty keys, a model that knows nothing but likes some words: p of both statistics, in the exact interval."""
    ps: dict[str, list[float]] = {"raw": [], "residualised": []}
    for number in range(60):
        key = type(KEY)(number.to_bytes(32))
        plan = planned(tmp_path / str(number), WORKS, key, claims="works", draws=1000)
        result = outcome_of(tmp_path / str(number), plan, FakeScorer(), key=key)
        for one in result["works"]:
            for statistic, found in ps.items():
                found.append(one[statistic]["p"])
    for found in ps.values():
        for level in (0.05, 0.2, 0.5):
            low, _ = clopper_pearson(sum(p <= level for p in found), len(found), 0.999)
            assert low <= level
        assert 0.4 < np.mean(found) < 0.6


def test_the_candidates_are_told_by_their_scores(tmp_path: Path) -> None:
    """Every candidate is in one bar, and the bar of the published one is not empty; what lies beyond is at the end."""
    known = learnt(contests_of(COPIES, KEY))
    result = outcome_of(tmp_path, planned(tmp_path, COPIES), FakeScorer(known))
    for work in result["works"]:
        for statistic in ("raw", "residualised"):
            told = work[statistic]["histogram"]
            assert len(told["counts"]) == 40
            assert sum(told["counts"]) == work["candidates"]
            place = int((work[statistic]["z"] - told["least"]) / told["width"])
            assert told["counts"][min(max(place, 0), 39)] > 0
    (_, one, *_, last) = histogram_of(np.array([-9.0, -3.8, 0.0, 0.1, 4.0, 1e9]))["counts"]
    assert (one, last) == (1, 2)


def test_what_does_not_fit_the_plan_is_refused(tmp_path: Path) -> None:
    """Another key, another background, a file that is missing, a channel or a choice that there is not."""
    plan = planned(tmp_path, WORKS)
    with pytest.raises(PlanError, match="another key"):
        contests_in(plan, OTHER, the_ledger(tmp_path, OTHER))
    with pytest.raises(PlanError, match="their key is needed"):
        contests_in(plan, None, the_ledger(tmp_path))
    contests = contests_in(plan, KEY, the_ledger(tmp_path))
    with pytest.raises(PlanError, match=r"old\.txt: is not in the background"):
        background_of(plan, contests, [Text("old.txt", "sha256:1", "words")])
    other = plan_traps(WORKS, KEY, the_ledger(tmp_path), FAKE, [Text("a", "sha256:1", "x")], Settings())[0]
    with pytest.raises(PlanError, match="background holds a"):
        background_of(other, contests, [])
    with pytest.raises(PlanError, match="no trap of the channel 'paper'"):
        planned(tmp_path, WORKS, channels=("paper",))
    with pytest.raises(PlanError, match="no trap of the work 'x'"):
        planned(tmp_path, WORKS, left_out=("x",))
    with pytest.raises(PlanError, match="no trap to test"):
        planned(tmp_path, WORKS[:1], left_out=("w0",))
    for wrong in ({"statistic": "best"}, {"alpha": 0.0}, {"claims": "all"}, {"draws": 0}):
        with pytest.raises(PlanError, match="accepted"):
            planned(tmp_path, WORKS, **wrong)


def test_no_secret_is_in_the_plan_or_the_run(tmp_path: Path) -> None:
    """Neither the key, nor which candidate is published, nor the texts of the candidates in the log."""
    plan = planned(tmp_path, WORKS)
    outcome_of(tmp_path, plan, FakeScorer())
    for path in (tmp_path / "run").iterdir():
        assert KEY.secret.hex() not in path.read_text()
    log = (tmp_path / "run" / "runlog.jsonl").read_text()
    assert "In the book" not in log
    assert '"candidate": 0' in log
    assert '"published"' not in (tmp_path / "run" / "result.json").read_text()


def test_a_hosted_model_burns_what_it_is_shown(tmp_path: Path) -> None:
    """The ledger says so; all were shown alike, and the works can be tested again; the plan of before cannot."""
    before = planned(tmp_path, WORKS)
    plan = planned(tmp_path, WORKS[:2])
    scorer = FakeScorer(identity=ModelIdentity("fake", FAKE.digest, "served", "https://h/v1"), hosted=True)
    outcome_of(tmp_path, plan, scorer)
    shown = shown_in(tmp_path / "burnt.jsonl")
    assert [(one.work, one.questions) for one in shown] == [("w0", 40), ("w1", 40)]
    outcome_of(tmp_path, plan, scorer, run="again")  # its own showings are no obstacle to a plan
    assert decided(outcome_of(tmp_path, before, FakeScorer(), run="before"))  # all alike: nothing is lost
    query = next(iter(scorer.asked))
    the_ledger(tmp_path).note("https://h/v1 fake", "another plan", [(query, "w0", "web")])
    with pytest.raises(PlanError, match="work w0, channel web: candidates were shown"):
        outcome_of(tmp_path, before, FakeScorer(), run="late")
    fresh = planned(tmp_path, WORKS)
    assert fresh.members["ranked"][0] != [[0, 199]]
    assert fresh.members["ranked"][2] == [[0, 199]]


def test_tests_over_time_are_counted_by_e_values(tmp_path: Path) -> None:
    """The same traps again: a mean; others: a product. What is no test is refused."""
    known = learnt(contests_of(COPIES, KEY))
    plan = planned(tmp_path, WORKS, claims="channels")
    outcome_of(tmp_path, plan, FakeScorer(known), run="one")
    earlier = [earlier_of(tmp_path / "one")]
    result = outcome_of(tmp_path, plan, FakeScorer(known), run="two", earlier=earlier)
    (claim,) = result["claims"]
    assert claim["over_tests"]["how"] == "mean"
    assert claim["over_tests"]["e_value"] == claim["e_value"]
    told = "\n".join(lines_of(result, "x", LANGUAGES["en"]))
    assert "over 2 tests" in told
    assert "No earlier test" not in told
    new = planned(tmp_path / "new", [variants("w9", sites=20, candidates=200)], claims="channels")
    (claim,) = outcome_of(tmp_path / "new", new, FakeScorer(), earlier=earlier)["claims"]
    assert claim["over_tests"]["how"] == "product"
    with pytest.raises(RunError, match="is missing"):
        earlier_of(tmp_path)


def test_identifiers_are_tested_without_a_key(tmp_path: Path) -> None:
    """One that the model has learnt, among fresh ones; the plan is read back."""
    text = "Photo: asset 3f0c9d52-7a1e-4b68-9c3d-2e5f80a7b614, and more."
    found = identifiers_in([("w", "A work", text)]).found
    ledger = the_ledger(tmp_path, None)
    plan, contests = plan_identifiers(found, 200, ledger, FAKE, [], Settings())
    assert contests_in(plan, None, ledger) == contests
    result = outcome_of(tmp_path, plan, FakeScorer(learnt(contests, 9.0)), key=None)
    assert decided(result) == {("identifiers", None): True, ("identifiers", "w"): True}
    told = "\n".join(lines_of(result, "x", LANGUAGES["en"]))
    assert "drawn uniformly" in told
    assert "was given this string" in told
    assert "copy" not in told  # a string may stand elsewhere
    with pytest.raises(PlanError, match="no identifier to test"):
        plan_identifiers([], 200, ledger, FAKE, [], Settings())
    json.dumps(result, allow_nan=False)
