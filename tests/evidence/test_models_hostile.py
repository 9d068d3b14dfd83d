"""A study that somebody made up or changed: refused by name, or shown as text."""

from __future__ import annotations

import json
import math
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import CountermarkError, RunError
from countermark.evidence.models.page import render_study
from countermark.evidence.models.recognising import is_study
from countermark.evidence.models.write import render
from evidence.models_runs import forge, make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVIL = '</style><script>alert(1)</script>"\u202e\ud800&\nGrade A, proof: 9 of 9'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("honest")
    return {kind: make(kind, folder / kind) for kind in ("trap", "extract", "ask", "exact")}


@pytest.fixture
def copy(made: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    def copied(kind: str) -> Path:
        shutil.copytree(made[kind], tmp_path / kind)
        return tmp_path / kind

    return copied


def test_names_from_outside_are_text(copy: Callable[[str], Path]) -> None:
    """In titles, channels, forms, paths, the driver's words: escaped, on one line, without what reorders."""

    def trap(result: dict[str, Any]) -> None:
        for work in result["works"]:
            work["title"] = work["form"] = EVIL
        result["self_test"]["checks"] = [{"name": EVIL, "seen": EVIL}]

    def extract(result: dict[str, Any]) -> None:
        for work in result["works"]:
            work |= {"title": EVIL, "author": EVIL, "published": EVIL}
            for one in work["texts"]:
                one["path"] = EVIL

    def ask(result: dict[str, Any]) -> None:
        for work in result["works"]:
            work |= {"title": EVIL, "author": EVIL}
        best = result["works"][0]["best"]
        best["text"] = EVIL + best["text"][len(EVIL) :]

    for kind, change in (("trap", trap), ("extract", extract), ("ask", ask)):
        run = copy(kind)
        forge(run, change)
        for lang in ("en", "fr"):
            page = render_study(run, lang)
            assert "<script" not in page
            assert "\u202e" not in page
            assert "&lt;script&gt;" in page
            page.encode()
            lines = render(run, lang, "text").decode().splitlines()
            assert not any(line.startswith("Grade A, proof: 9") for line in lines)


def set_to(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Set a member, such as `claims.0.p`."""

    def change(result: dict[str, Any]) -> None:
        at: Any = result
        *names, last = path.split(".")
        for name in names:
            at = at[int(name)] if name.isdigit() else at[name]
        at[int(last) if last.isdigit() else last] = value

    return change


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("trap", "claims.0.p", math.nan),
        ("trap", "claims.0.p", 0),
        ("trap", "claims.0.p", 1e-30),
        ("trap", "claims.0.adjusted", 0.5),
        ("trap", "claims.1.rejected", True),
        ("trap", "claims.0.e_value", math.inf),
        ("trap", "claims.0.raw.at_least", -1),
        ("trap", "claims.0.work", "no such work"),
        ("trap", "claims", []),
        ("trap", "works.0.candidates", 10**6),
        ("trap", "works.0.raw.p", 1 / 7),
        ("trap", "works.0.residualised.histogram", {"least": 0, "width": 1, "counts": [3]}),
        ("trap", "works.0.title", ["x"]),
        ("trap", "alpha", 0.5),
        ("trap", "model.name", "another"),
        ("trap", "grade", "B"),
        ("trap", "hosted", "no"),
        ("trap", "questions", 10**40),
        ("trap", "self_test.noise", math.nan),
        ("trap", "statistic", "best"),
        ("extract", "works.0.coverage", 0.5),
        ("extract", "works.0.highest", 3.0),
        ("extract", "works.0.conformal_p", 1e-9),
        ("extract", "works.2.decision", "reproduced-beyond-controls"),
        ("extract", "works.0.texts.0.heat", [[0, 10**9, -1.0]]),
        ("extract", "works.0.texts.0.heat", [[5, 3, -1.0]]),
        ("extract", "works.0.texts.0.hits.0.end", 10**9),
        ("extract", "works.0.curve", [[1]]),
        ("extract", "works.0.curve.0.0", 10**6),
        ("extract", "comparison", "checked"),
        ("extract", "gate.verdict", "passed"),
        ("extract", "grade", "A"),
        ("extract", "counts.asked", 1),
        ("extract", "rules.threshold", 0.5),
        ("extract", "works.0.texts.0.characters", -5),
        ("ask", "works.0.outside", 10**6),
        ("ask", "works.0.decision", "nothing-found"),
        ("ask", "works.0.best.run", [0, 10**9]),
        ("ask", "counts.work.asked", 0),
        ("ask", "claim", "the model or its serving system"),
        ("ask", "works.0.holm_p", 1e-12),
        ("exact", "exact.claims.0.p", 1e-300),
        ("exact", "exact.claims.0.k", 3),
        ("exact", "exact.claims.5.versions", 1),
        ("exact", "exact.suffix.0.space", 0),
        ("exact", "exact.claims.3.decision", "shown"),
        ("exact", "exact.claims", []),
    ],
)
def test_numbers_that_no_study_writes_are_refused(
    copy: Callable[[str], Path], kind: str, path: str, value: Any
) -> None:
    """One that is none, or that the others contradict: with its name, without a traceback."""
    run = copy(kind)
    forge(run, set_to(path, value))
    with pytest.raises(RunError, match=r"result\.json"):
        render_study(run, "en")


def test_what_is_missing_is_named(copy: Callable[[str], Path]) -> None:
    run = copy("trap")
    forge(run, lambda result: result["works"][0].pop("title"))
    with pytest.raises(RunError, match=r"result\.works\[0\]\.title is missing"):
        render_study(run, "en")


def test_a_changed_folder_is_refused(copy: Callable[[str], Path]) -> None:
    """The result, the plan, the log, a text, the kind: each byte counts."""
    run = copy("trap")
    (run / "result.json").write_bytes((run / "result.json").read_bytes() + b" ")
    with pytest.raises(RunError, match="was changed"):
        render_study(run, "en")
    run = copy("extract")
    text = next((run / "texts").iterdir())
    for text in (run / "texts").iterdir():
        text.write_bytes(b"another")
    with pytest.raises(RunError, match="was changed; the text of the study"):
        render_study(run, "en")
    log = run / "runlog.jsonl"
    log.write_bytes(log.read_bytes().replace(b"asked", b"asKed", 1))
    with pytest.raises(CountermarkError):
        render_study(run, "en")
    run = copy("ask")
    forge(run, set_to("kind", "divine"))
    with pytest.raises(RunError, match="a study of kind 'divine'"):
        render_study(run, "en")


def test_what_is_no_study(tmp_path: Path, copy: Callable[[str], Path]) -> None:
    assert not is_study(tmp_path)
    (tmp_path / "run.json").write_text("[" * 100_000)
    assert not is_study(tmp_path)
    (tmp_path / "run.json").write_text(json.dumps(["medium"]))
    assert not is_study(tmp_path)
    run = copy("trap")
    assert is_study(run)
    told = json.loads((run / "run.json").read_bytes())
    (run / "run.json").write_text(json.dumps(told | {"counted": {"asked": "many"}}))
    with pytest.raises(RunError, match=r"answered is missing|whole number"):
        render_study(run, "en")
    with pytest.raises(RunError, match="no such folder"):
        render_study(copy("extract"), "en", works=tmp_path / "nowhere")
