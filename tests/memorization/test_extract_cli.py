"""`countermark extract`: as a user sees it, with a model of counted words in the place of weights."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from countermark.cli.extract import command
from countermark.memorization.drivers import opening
from countermark.scan.runlog import read_events
from memorization.ngram_model import NgramModel, work

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

GIVEN = work(3, 250)
CONTROLS = [work(200 + n, 150) for n in range(24)]


class Shelf:
    """Where models are found by name."""

    def __init__(self) -> None:
        self.base = NgramModel([*(work(900 + n) for n in range(10)), GIVEN], "base")
        self.old = NgramModel([work(900 + n) for n in range(10)], "old")

    def open(self, model: str, **_: Any) -> NgramModel:
        """As `open_scorer`."""
        found: NgramModel = getattr(self, model)
        return found


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Two models, opened by their names."""
    shelf = Shelf()
    monkeypatch.setattr(opening, "open_scorer", shelf.open)
    return shelf


@pytest.fixture
def works(tmp_path: Path) -> Path:
    """A folder with a work, one with controls."""
    for name, texts in (("mine", [GIVEN]), ("new", CONTROLS)):
        (tmp_path / name).mkdir()
        for n, text in enumerate(texts):
            (tmp_path / name / f"text{n}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def call(*words: object) -> Result:
    return CliRunner().invoke(command, [*map(str, words)])


def plan(works: Path, *words: object) -> Result:
    given = (works / "mine", "--controls", works / "new", "--model", "base", "-o", works / "plan.json")
    return call("plan", *given, *words)


def run(works: Path, *words: object) -> Result:
    return call("run", works / "plan.json", "--model", "base", "-o", works / "run", *words)


def test_plan_and_run(shelf: Shelf, works: Path) -> None:
    """The plan says what it asks and can show; the run tells each work, and the false alarms of the controls."""
    told = plan(works, "--model-date", "2024-01-01", "--lang", "en")
    assert told.exit_code == 0, told.output
    assert "Works: 1, controls: 24. Windows: 79" in told.output
    assert "With 24 controls the smallest p is 0.04; after Holm over the works: 0.04." in told.output
    assert "24 controls have no date" in told.output
    assert "Blind gate: not checked" in told.output
    assert "Time: about" in told.output
    assert len(list((works / "plan.texts").iterdir())) == 25
    done = run(works, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "text0: 7 of 7 windows extractable, 100% of the characters" in done.output
    assert "p = 0.04, after Holm 0.04, against 24 control works." in done.output
    assert "Control works with a hit: 0 of 24" in done.output
    result = json.loads((works / "run" / "result.json").read_bytes())
    assert result["self_test"]["compared"] >= 8
    asked = {event["event"] for event in read_events(works / "run" / "runlog.jsonl")}
    assert asked >= {"begin", "self_test", "asked", "answered", "finish"}


def test_json_and_french(shelf: Shelf, works: Path) -> None:
    facts = json.loads(CliRunner().invoke(command, _plan_words(works, "--json")).stdout)
    assert facts["controls"] == 24
    assert facts["gate"]["verdict"] == "not checked"
    assert plan(works, "--lang", "fr").output.count("\u00a0:") > 4
    told = run(works, "--lang", "fr").output
    assert "fenêtres extractibles sur 7, 100\u202f% des caractères" in told
    assert "Résultat\u00a0:" in told
    assert json.loads(run(works, "--json").stdout)["works"][0]["hits"] == 7


def _plan_words(works: Path, *words: str) -> list[str]:
    given = (works / "mine", "--controls", works / "new", "--model", "base", "-o", works / "plan.json")
    return ["plan", *map(str, given), *words]


def test_an_older_model_must_be_given_where_the_plan_names_it(shelf: Shelf, works: Path) -> None:
    assert plan(works, "--reference", "old").exit_code == 0
    assert "give it with --reference" in run(works).output
    assert run(works, "--reference", "old").exit_code == 0
    result = json.loads((works / "run" / "result.json").read_bytes())
    assert result["reference"]["name"] == "old"
    assert result["works"][0]["texts"][0]["hits"][0]["margin"] > 3
    plan(works)
    assert "names no older model" in run(works, "--reference", "old").output


def test_works_are_sent_to_nobody_who_was_not_agreed_to(shelf: Shelf, works: Path) -> None:
    shelf.base.hosted = True
    refused = plan(works)
    assert "--send-texts" in refused.output
    assert not (works / "plan.json").exists()
    assert not shelf.base.asked
    assert plan(works, "--send-texts").exit_code == 0
    assert not shelf.base.asked  # the speed is not measured on somebody else's machine
    assert "--send-texts" in run(works).output
    assert not (works / "run").exists()
    assert run(works, "--send-texts").exit_code == 0


def test_ctrl_c_leaves_work_that_goes_on(shelf: Shelf, works: Path) -> None:
    plan(works)
    shelf.base.asked.clear()
    shelf.base.fail_after = 60
    stopped = run(works)
    assert stopped.exit_code != 0
    before = len(shelf.base.asked)
    shelf.base.fail_after = float("inf")
    assert run(works).exit_code == 0
    events = read_events(works / "run" / "runlog.jsonl")
    answered = [answer["key"] for event in events for answer in event.get("answers", ())]
    assert len(answered) == len(set(answered)) == 79
    assert 0 < before < 79 + 60


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--model-date", "June"), "--model-date"),
        (("--threshold", "2"), "accepted: more than 0"),
        (("--stride", "0"), "accepted: 1 to"),
        (("--controls", "nowhere"), None),
        (("--salt-file", "salt"), "--salt-file is for a sealed index"),
    ],
)
def test_bad_options_are_named(shelf: Shelf, works: Path, words: tuple[str, ...], said: str | None) -> None:
    told = plan(works, *words)
    if said is None:
        assert "nowhere: does not exist" in told.output  # and is counted among what is left out
        return
    assert told.exit_code != 0
    assert said in told.output
    assert not (works / "plan.json").exists()


def test_the_same_folder_on_both_sides_is_refused(shelf: Shelf, works: Path) -> None:
    told = call(
        "plan", works / "mine", "--controls", works / "mine", "--model", "base", "-o", works / "p.json"
    )
    assert "a control with the same text as the work" in told.output


def test_a_plan_edited_by_hand_is_refused(shelf: Shelf, works: Path) -> None:
    plan(works)
    path = works / "plan.json"
    path.write_text(path.read_text().replace('"alpha": 0.05', '"alpha": 0.5'))
    assert "was changed after it was written" in run(works).output
