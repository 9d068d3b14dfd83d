"""`countermark ask`: as a user sees it, with a generator of ours in the place of a model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from countermark.cli.ask import COMMANDS, command
from countermark.memorization.drivers import opening
from countermark.memorization.traps.key import new_key
from countermark.memorization.traps.trap_file import NAME, Planted, traps_json
from memorization.answering_models import Writer, reciting
from memorization.ngram_model import work
from memorization.test_asking_exact import passphrase

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

KNOWN = work(3, 300)
FEW = ("--passages", "1", "--samples", "0")
DIGEST = "sha256:" + "0" * 64


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Writer:
    """What every model is here: it knows one work."""
    writer = Writer(reciting(KNOWN))

    def opened(model: str, **given: Any) -> Writer:
        assert (model, given["name"]) == ("m", "big")
        return writer

    monkeypatch.setattr(opening, "open_generator", opened)
    return writer


@pytest.fixture
def works(tmp_path: Path) -> Path:
    """A folder with a work, one with controls, and one with traps and their key."""
    for name, texts in (("mine", [KNOWN]), ("new", [work(200 + n, 300) for n in range(19)])):
        (tmp_path / name).mkdir()
        for n, text in enumerate(texts):
            (tmp_path / name / f"text{n}.txt").write_text(text, encoding="utf-8")
    key = new_key(tmp_path / "traps.key")
    (tmp_path / "traps").mkdir()
    planted = [Planted(passphrase(f"mill{n}"), f"mill{n}.txt", DIGEST, DIGEST) for n in range(2)]
    (tmp_path / "traps" / NAME).write_bytes(traps_json(planted, key))
    return tmp_path


def call(*words: object) -> Result:
    return CliRunner().invoke(command, [*map(str, words)])


def plan(works: Path, *words: object) -> Result:
    return call("plan", works / "mine", "--controls", works / "new", *_model(works), *FEW, *words)


def _model(works: Path) -> tuple[object, ...]:
    return ("--model", "m", "--model-name", "big", "-o", works / "plan.json")


def run(works: Path, *words: object) -> Result:
    given = ("--model", "m", "--name", "big", "-o", works / "run")
    return call("run", works / "plan.json", *given, *words)


def test_plan_and_run(writer: Writer, works: Path) -> None:
    told = plan(works, "--lang", "en")
    assert told.exit_code == 0, told.output
    assert "Works: 1, controls: 19. Prompts: 60, the same for each. Answers: 60." in told.output
    assert "With 19 controls the smallest p is 0.05" in told.output
    assert "At least 99 controls are recommended" in told.output
    assert "19 controls have no date" in told.output
    assert writer.asked == []
    done = run(works, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "text0: the longest run outside public quotations is 80 words (80 with them)" in done.output
    assert "p = 0.05, after Holm 0.05, against 19 control works." in done.output
    assert "More than the control works, at the level 0.05." in done.output
    assert "Answers about controls: 57; empty 0, refused 0, ended otherwise 0, failed 0." in done.output
    assert "Assumed of every p" in done.output
    asked = len(writer.asked)
    again = run(works, "--lang", "fr")
    assert "la plus longue suite hors citations publiques est de 80 mots" in again.output
    assert "Résultat\u00a0:" in again.output
    assert len(writer.asked) == asked + 4  # the self-test, and nothing else
    assert json.loads(run(works, "--json").stdout)["works"][0]["outside"] == 80


def test_exact_tests_alone(writer: Writer, works: Path) -> None:
    given = ("--traps", works / "traps", "--key", works / "traps.key", *FEW)
    told = call("plan", *given, *_model(works), "--lang", "en")
    assert told.exit_code == 0, told.output
    assert "Random texts looked for, channel web: 2, 1 outputs each." in told.output
    assert "Too few to pass at" in told.output
    facts = json.loads(call("plan", *given, *_model(works), "--exact", "suffix", "--json").stdout)
    assert (facts["exact"], facts["works"], facts["gate"]) == (2, 0, None)
    assert "give the key of its traps with --key" in run(works).output
    done = run(works, "--key", works / "traps.key", "--lang", "en")
    assert "Exact, channel web, random texts emitted: 0 of 2. p at most 1" in done.output
    assert "not shown" in done.output
    french = run(works, "--key", works / "traps.key", "--lang", "fr")
    assert "textes aléatoires émis\u00a0: 0 sur 2" in french.output


def test_nothing_is_sent_or_burnt_without_consent(writer: Writer, works: Path) -> None:
    writer.hosted = True
    assert "--send-texts" in plan(works).output
    traps = ("--traps", works / "traps", "--key", works / "traps.key")
    assert plan(works, "--send-texts", *traps).exit_code == 0
    refused = run(works, "--send-texts", "--key", works / "traps.key")
    assert "--burn" in refused.output
    assert not (works / "run").exists()
    assert run(works, "--send-texts", "--burn", "--key", works / "traps.key").exit_code == 0
    assert (works / "traps.key.burnt.jsonl").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "mine"), "works need --controls"),
        (("plan",), "give works and --controls, or --traps and --key"),
        (("plan", "--traps", "traps"), "--traps needs --key"),
        (("plan", "mine", "--controls", "new", "--salt-file", "s"), "--salt-file is for a sealed index"),
        (("plan", "mine", "--controls", "new", "--passages", "0"), "accepted: 1 to 50"),
        (("plan", "mine", "--controls", "new", "--model-date", "June"), "--model-date"),
        (("plan", "mine", "--controls", "new", "--name", "small"), "are the same option"),
        (("plan", "mine", "--controls", "mine"), "a control with the same text"),
        (("plan", "mine", "--controls", "new", "--passages", "9"), "every work is too short"),
    ],
)
def test_errors_are_told(
    writer: Writer, works: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(works)
    failed = call(*words, "--model", "m", "--model-name", "big", "-o", "plan.json")
    assert failed.exit_code
    assert said in (failed.output + str(failed.exception))
    assert not (works / "plan.json").exists()


def test_another_plan_or_key_is_refused(writer: Writer, works: Path) -> None:
    assert plan(works).exit_code == 0
    assert "leave --key out" in str(run(works, "--key", works / "traps.key").output)
    path = works / "plan.json"
    path.write_text(path.read_text().replace('"samples": 0', '"samples": 2'))
    assert "was changed after it was written" in run(works).output


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_examples_and_exit_codes(name: str) -> None:
    told = CliRunner().invoke(command, [name, "--help"]).output
    assert "Examples:" in told
    assert "Exit codes:" in told
