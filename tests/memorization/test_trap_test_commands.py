"""The commands that test traps, with a model of ours: what they print, refuse and write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from countermark.cli import trap_identifiers, trap_plan, trap_test
from countermark.cli.trap import command
from countermark.errors import ModelError
from countermark.memorization.drivers.driver import ModelIdentity
from countermark.memorization.traps.testing import contests_of
from countermark.memorization.traps.trap_file import NAME, Planted, traps_json
from memorization.study_fakes import FAKE, FakeScorer
from memorization.trapped import KEY, learnt, variants

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.traps.candidates import Trap

TRAPS: list[Trap] = [variants(f"w{number}", sites=20, candidates=200) for number in range(4)]
DIGEST = "sha256:" + "0" * 64


class Setting:
    """A folder with a key and traps, and the model that the commands find."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.scorer = FakeScorer(learnt(contests_of(TRAPS, KEY)))
        self.fault = ""
        said = {"format": "countermark-trap-key-1", "generator": "traps-v1", "key": KEY.secret.hex()}
        (folder / "my.key").write_text(json.dumps(said))
        (folder / "traps").mkdir()
        planted = [Planted(trap, f"{trap.work}.txt", DIGEST, DIGEST) for trap in TRAPS]
        (folder / "traps" / NAME).write_bytes(traps_json(planted, KEY))
        for module in (trap_plan, trap_test, trap_identifiers):
            monkeypatch.setattr(module, "scorer_of", lambda _: self.scorer)
        monkeypatch.setattr(trap_test, "tested", self.checked)
        monkeypatch.chdir(folder)

    def checked(self, scorer: object, given: object) -> dict[str, object]:
        """The self-test, which passes unless it is to fail."""
        assert scorer is self.scorer
        assert given
        if self.fault:
            raise ModelError(self.fault)
        return {"checks": [], "noise": 0.0}

    def run(self, *words: str, code: int = 0) -> Result:
        """Give a command, and look at how it ended."""
        result = CliRunner().invoke(command, list(words))
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    def plan(self, *words: str, code: int = 0) -> Result:
        """Plan a test."""
        return self.run(
            "plan", "traps", "--key", "my.key", "--model", "m", "-o", "plan.json", *words, code=code
        )

    def test(self, *words: str, code: int = 0, run: str = "run") -> Result:
        """Run it."""
        given = ("test", "plan.json", "--key", "my.key", "--model", "m", "-o", run)
        return self.run(*given, *words, code=code)


@pytest.fixture
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    """A new folder."""
    return Setting(tmp_path, monkeypatch)


def test_from_the_plan_to_the_result(setting: Setting) -> None:
    """Power first, then the questions, then Grade A in both languages; the second time nothing is asked."""
    told = setting.plan().output
    assert "Questions: 160. Claims: 5, decided together at 0.01 (Holm)." in told
    assert "power (cautious)" in told
    assert "Single works: 4 of 4 cannot pass alone" in told
    assert setting.scorer.asked == []
    told = setting.test("--lang", "en").output
    assert "Grade A, proof: 1 of 5 null hypotheses" in told
    assert "Channel web, 4 draws together: p = 5\u00a0×\u00a010⁻⁶" in told
    asked = len(setting.scorer.asked)
    told = setting.test("--lang", "fr").output
    assert "Niveau A, preuve\u00a0: 1" in told
    assert "p = 5\u00a0×\u00a010⁻⁶" in told
    assert len(setting.scorer.asked) == asked == 160
    result = json.loads(setting.test("--json").output)
    assert result == json.loads((setting.folder / "run" / "result.json").read_bytes())
    assert json.loads((setting.folder / "run" / "run.json").read_bytes())["medium"] == "model"


def test_a_plan_is_not_replaced_nor_changed(setting: Setting) -> None:
    """The same again is no change; another is refused; one edited by hand is refused."""
    setting.plan()
    setting.plan()
    assert "not replaced" in setting.plan("--alpha", "0.05", code=5).output
    path = setting.folder / "plan.json"
    path.write_text(path.read_text().replace('"alpha": 0.01', '"alpha": 0.05'))
    assert "digest expected sha256:" in setting.test(code=2).output
    assert setting.scorer.asked == []


def test_a_driver_that_fails_its_self_test_is_asked_nothing(setting: Setting) -> None:
    """The gate is hard; the folder can be used once the driver is right."""
    setting.plan()
    setting.fault = "log-probabilities are off by one"
    assert "off by one" in setting.test(code=2).output
    assert setting.scorer.asked == []
    assert "off by one" in (setting.folder / "run" / "runlog.jsonl").read_text()
    setting.fault = ""
    assert "Grade A" in setting.test().output


def test_another_model_or_key_is_refused(setting: Setting) -> None:
    """By what differs."""
    setting.plan()
    (setting.folder / "my.key").write_text((setting.folder / "my.key").read_text().replace("1f", "2f"))
    assert "another key" in setting.test(code=2).output
    assert "another than that of the traps" in setting.plan(code=2).output
    setting.scorer = FakeScorer(identity=ModelIdentity("new", "sha256:1", "fake"))
    assert "another model than the plan's" in setting.test(code=2).output


def test_a_hosted_model_needs_consent_and_is_in_the_ledger(setting: Setting) -> None:
    """Without --burn nothing is shown; with it, the ledger beside the key tells."""
    hosted = ModelIdentity("fake", FAKE.digest, "served", "https://host.example/v1")
    setting.scorer = FakeScorer(setting.scorer.known, identity=hosted, hosted=True)
    assert "only with --burn" in setting.plan().output
    assert "--own where the server is yours" in setting.test(code=2).output
    assert "nothing is burnt" in setting.run("burnt", "--key", "my.key").output
    setting.test("--burn")
    told = setting.run("burnt", "--key", "my.key").output
    assert "work w0, channel web: 40 questions shown to https://host.example/v1 fake" in told
    listed = json.loads(setting.run("burnt", "--ledger", "my.key.burnt.jsonl", "--json").output)
    assert [one["work"] for one in listed] == ["w0", "w1", "w2", "w3"]
    setting.run("burnt", code=2)


def test_earlier_tests_and_a_background(setting: Setting) -> None:
    """E-values over both; a background that is missing is named."""
    (setting.folder / "old.txt").write_text("an old text of the same kind\n" * 20)
    setting.plan("--background", "old.txt", "--claims", "channels")
    assert "background holds old.txt" in setting.test(code=2).output
    setting.test("--background", "old.txt")
    told = setting.test("--background", "old.txt", "--earlier", "run", "--lang", "en", run="run2").output
    assert "over 2 tests: e-value" in told
    assert "(mean, as they share draws) — rejected for at least one of the models" in told


def test_power_is_told_without_anything(setting: Setting) -> None:
    """For a number of works, for a folder, simulated; a level that is none is refused."""
    told = setting.run("power", "--alpha", "0.001").output
    assert "20 (24)" in next(line for line in told.splitlines() if line.startswith("      1.00"))
    told = setting.run("power", "traps").output
    assert "Channel web: 4 works." in told
    assert (
        "simulated, d = 3.00"
        in setting.run("power", "--works", "2", "--candidates", "50", "--simulate").output
    )
    assert "cannot pass" in setting.run("power", "--works", "1", "--candidates", "50").output
    setting.run("power", "--alpha", "1", code=2)


def test_identifiers_are_listed_planned_and_tested(setting: Setting) -> None:
    """Found with their bits, refused with the reason, ranked without a key."""
    works = setting.folder / "works"
    works.mkdir()
    (works / "a.txt").write_text(
        "A novel of a town.\nAsset 3f0c9d52-7a1e-4b68-9c3d-2e5f80a7b614, id 4711993.\n" * 2
    )
    told = setting.run("identifiers", "works").output
    assert "1 identifier that can be used" in told
    assert "uuid4, 122 bits" in told
    assert "counts up" in told
    assert json.loads(setting.run("identifiers", "works", "--json").output)["found"][0]["bits"] == 122
    setting.run("identifiers", "works", "--model", "m", code=2)
    setting.run("identifiers", "works", "--model", "m", "-o", "ids.json", "--candidates", "50")
    told = setting.run("test", "ids.json", "--model", "m", "-o", "ids", "--lang", "en").output
    assert "Nothing shown" in told
    assert "drawn uniformly in its format" in told


def test_identifiers_shown_to_a_hosted_model_need_a_ledger_by_name(setting: Setting) -> None:
    """Plans of them stand anywhere: a ledger beside each would not know what another test has shown."""
    works = setting.folder / "works"
    works.mkdir()
    (works / "a.txt").write_text("A novel of a town.\nAsset 3f0c9d52-7a1e-4b68-9c3d-2e5f80a7b614.\n")
    hosted = ModelIdentity("fake", FAKE.digest, "served", "https://host.example/v1")
    setting.scorer = FakeScorer(identity=hosted, hosted=True)
    for count in ("20", "50"):
        plan = f"ids{count}.json"
        named = ("--ledger", "shown.jsonl")
        setting.run("identifiers", "works", "--model", "m", "-o", plan, "--candidates", count, *named)
        given = ("test", plan, "--model", "m", "-o", f"run{count}", "--burn")
        assert "--ledger" in setting.run(*given, code=2).output
        assert "Nothing shown" in setting.run(*given, *named, "--lang", "en").output
    plans = [json.loads((setting.folder / f"ids{count}.json").read_text()) for count in ("20", "50")]
    ranked = [sum(b - a + 1 for a, b in plan["members"]["ranked"][0]) for plan in plans]
    assert ranked == [20, 20]  # only those of the second that were shown like the identifier
