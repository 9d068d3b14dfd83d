"""Runs of the exact tests: who learnt the published copy is shown to, who did not is not, and what is burnt is kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import PlanError
from countermark.memorization.asking.exact_plan import Chosen, History, exact_in, plan_exact
from countermark.memorization.asking.planning import Said, plan_asking, planned
from countermark.memorization.asking.rules import Rules
from countermark.memorization.asking.running import Asking, Keyed, run_asking
from countermark.memorization.drivers.driver import Completion, ModelIdentity
from countermark.memorization.study.folder import begin
from countermark.memorization.study.plan import plan_bytes
from countermark.memorization.traps.burnt import shown_in
from countermark.memorization.traps.candidates import passages, published_texts
from countermark.memorization.traps.testing import log_secret
from countermark.scan.runlog import read_events
from memorization.answering_models import Writer
from memorization.test_asking_exact import passphrase
from memorization.trapped import KEY, OTHER, variants

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.drivers.driver import Decoding
    from countermark.memorization.study.plan import Plan
    from countermark.memorization.traps.candidates import Trap

TRAPS = [*(passphrase(f"mill{n}") for n in range(3)), *(variants(f"town{n}", sites=6) for n in range(3))]
RULES = Rules(samples=1, tokens=40)
SERVED = ModelIdentity("big", "", "openai", "https://models.example/v1")


class Learner(Writer):
    """Knows the published copies of some traps: writes on with them, and picks them; is silent about the rest."""

    def __init__(self, known: list[Trap], **given: Any) -> None:
        super().__init__(self.answer, **given)
        self.known = [(trap, published_texts(trap, KEY)) for trap in known]

    def answer(self, prompt: str, _: Decoding) -> Completion | None:
        """The published text, or the letter of the version that holds it."""
        for trap, texts in self.known:
            if trap.form == "passphrase" and prompt == trap.payload["before"]:
                return Completion(f" {texts[0]}. And then", "length")
            if "\n\nA) " in prompt and trap.title in prompt:
                return Completion(self.letter(prompt, trap, texts), "stop")
        return Completion("A", "stop") if "\n\nA) " in prompt else None

    @staticmethod
    def letter(prompt: str, trap: Trap, texts: tuple[str, ...]) -> str:
        """Of the version that is published."""
        versions = prompt.split("\n\n")[1:-1]
        sites = trap.payload.get("sites", [trap.payload])
        for version in versions:
            for site, text in zip(sites, texts, strict=True):
                if version.endswith(" ".join((site["before"][-30:] + text + site["after"]).split())):
                    return version[0]
        return "none"


def plan_of(
    ledger: Path, traps: list[Trap] | None = None, model: ModelIdentity | None = None, **tests: Any
) -> Plan:
    """A plan of exact tests alone."""
    exact = plan_exact(traps or TRAPS, KEY, History(ledger, KEY), RULES, Chosen(**tests))
    return plan_asking(None, model or Writer().identity, RULES, store=ledger.parent, said=Said(), exact=exact)


def run(plan: Plan, folder: Path, writer: Writer, ledger: Path | None = None) -> dict[str, Any]:
    history = History(ledger or folder / "ledger", KEY, but=plan.digest)
    keyed = Keyed(KEY, exact_in(plan, KEY, history), history)
    with begin(folder / "run", plan, secret=log_secret(KEY)) as study:
        path = run_asking(study, folder / "texts", writer, Asking(lambda _: {"checks": []}), keyed)
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def test_a_plan_says_what_it_asks_and_holds_no_secret(tmp_path: Path) -> None:
    plan = plan_of(tmp_path / "ledger")
    exact = plan.members["exact"]
    assert planned(plan) == (0, 0, 0, 0, 3 * 2 + 3 + 3 * 6)
    assert exact["claims"] == [
        ["suffix", "web", None, None],
        *(["suffix", "web", f"mill{n}", None] for n in range(3)),
        ["choice", "web", None, 2],
        ["choice", "web", None, 4],
    ]
    data = plan_bytes(plan).decode()
    for trap in TRAPS[:3]:
        for candidate in passages(trap, KEY):
            assert candidate.sites[0].text not in data
    assert KEY.secret.hex() not in data
    assert plan_bytes(plan_of(tmp_path / "ledger")) == plan_bytes(plan)


def test_who_learnt_the_published_copy_is_shown(tmp_path: Path) -> None:
    writer = Learner(TRAPS)
    result = run(plan_of(tmp_path / "ledger"), tmp_path, writer)
    exact = result["exact"]
    claims = {(one["test"], one["work"], one["versions"]): one for one in exact["claims"]}
    bound = 2 * 40 / 1024**5
    assert claims["suffix", None, None]["p"] == pytest.approx(bound**3)
    assert claims["suffix", "mill0", None]["p"] == pytest.approx(bound)
    pairs = claims["choice", None, 2]
    assert (pairs["n"], pairs["k"], pairs["p"]) == (18, 18, pytest.approx(2**-18))
    fours = claims["choice", None, 4]
    assert (fours["n"], fours["k"], fours["p"]) == (3, 3, pytest.approx(1 / 64))
    assert {one["decision"] for one in exact["claims"]} == {"shown"}
    assert [one["hits"] for one in exact["suffix"]] == [2, 2, 2]
    assert exact["grade"] == "A"
    assert result["works"] == []
    assert result["comparison"] == "none"
    assert not (tmp_path / "ledger").exists()  # a model of one's own burns nothing


def test_who_learnt_nothing_is_not(tmp_path: Path) -> None:
    result = run(plan_of(tmp_path / "ledger"), tmp_path, Learner([]))
    assert {one["decision"] for one in result["exact"]["claims"]} == {"not-shown"}
    suffix = [one for one in result["exact"]["claims"] if one["test"] == "suffix"]
    assert {one["p"] for one in suffix} == {1.0}


def test_no_letter_is_wrong_and_counted_apart(tmp_path: Path) -> None:
    ways = [
        Completion("", "refusal: no"),
        Completion("Version B, I think", "stop"),
        Completion("", "stop"),
        Completion("A", "length"),
    ]
    numbers: dict[str, int] = {}
    writer = Writer(lambda prompt, _: ways[numbers.setdefault(prompt, len(numbers)) % 4])
    result = run(plan_of(tmp_path / "ledger", TRAPS[3:5], tests=("choice",)), tmp_path, writer)
    (claim,) = result["exact"]["claims"]
    assert claim["others"] == {"no-letter": 3, "refused": 3, "empty": 3, "failed": 0}
    assert claim["n"] == 12
    assert claim["k"] <= 3


def test_texts_before_come_first_and_versions_stay_out_of_the_log(tmp_path: Path) -> None:
    writer = Learner(TRAPS[3:])
    run(plan_of(tmp_path / "ledger"), tmp_path, writer)
    choices = ["\n\nA) " in prompt for prompt, _ in writer.asked]
    assert choices == sorted(choices)
    log = (tmp_path / "run" / "runlog.jsonl").read_text(encoding="utf-8")
    assert TRAPS[0].payload["before"].strip() in log
    for trap in TRAPS[:3]:
        assert not any(candidate.sites[0].text in log for candidate in passages(trap, KEY))
    everything = log + (tmp_path / "run" / "result.json").read_text(encoding="utf-8")
    assert KEY.secret.hex() not in everything
    asked = len(writer.asked)
    run(plan_of(tmp_path / "ledger"), tmp_path, writer)
    assert len(writer.asked) == asked


def test_a_hosted_model_burns_what_it_is_shown_and_is_asked_once(tmp_path: Path) -> None:
    """Versions go into the ledger before they are shown; a later plan leaves them out; a plan of before is refused."""
    ledger = tmp_path / "traps.burnt.jsonl"
    plan, later = (plan_of(ledger, model=SERVED, versions=versions) for versions in (4, 3))
    writer = Learner(TRAPS, identity=SERVED, hosted=True)
    result = run(plan, tmp_path, writer, ledger)
    assert result["exact"]["shown_to"] == "https://models.example/v1 big"
    shown = {one.work: one.questions for one in shown_in(ledger)}
    assert shown == {f"mill{n}": 4 for n in range(3)} | {f"town{n}": 12 for n in range(3)}
    assert run(plan, tmp_path, writer, ledger) == result
    assert {one.work: one.questions for one in shown_in(ledger)} == shown
    with pytest.raises(PlanError, match="shown to a hosted model after this plan"):
        exact_in(later, KEY, History(ledger, KEY, but=later.digest))
    with pytest.raises(PlanError, match="no trap is left"):
        plan_of(ledger, model=SERVED)
    fresh = plan_of(ledger, [*TRAPS, passphrase("new")], SERVED)
    assert [row[0] for row in fresh.members["exact"]["suffix"]] == ["new"]
    left_out = fresh.members["exact"]["left_out"]
    assert sum(row[0] == "choice" for row in left_out) == 3 + 18
    assert ["suffix", "mill0", "web", "shown-before"] in left_out


def test_text_before_a_trap_burns_nothing(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    plan = plan_of(ledger, model=SERVED, tests=("suffix",))
    result = run(plan, tmp_path, Learner(TRAPS, identity=SERVED, hosted=True), ledger)
    assert result["exact"]["claims"][0]["decision"] == "shown"
    assert result["exact"]["shown_to"] == ""
    assert not ledger.exists()


def test_a_plan_of_exact_tests_needs_its_key(tmp_path: Path) -> None:
    plan = plan_of(tmp_path / "ledger")
    with pytest.raises(PlanError, match="another key or generator"):
        exact_in(plan, OTHER, History(tmp_path / "ledger", OTHER))
    with begin(tmp_path / "run", plan) as study, pytest.raises(PlanError, match="key of its traps is needed"):
        run_asking(study, tmp_path, Writer(), Asking(lambda _: {}))
    plan.members["exact"]["suffix"][0][3] = 0.0
    with pytest.raises(PlanError, match="bound is not that of the plan"):
        exact_in(plan, KEY, History(tmp_path / "ledger", KEY))


def test_the_log_names_each_question(tmp_path: Path) -> None:
    run(plan_of(tmp_path / "ledger", TRAPS[:1]), tmp_path, Learner([]))
    events = read_events(tmp_path / "run" / "runlog.jsonl")
    labels = [one["label"] for event in events if event["event"] == "asked" for one in event["questions"]]
    assert labels == ["suffix.0.0", "suffix.0.1", "choice.0"]
