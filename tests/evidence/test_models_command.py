"""`countermark report` of a study, and a study in a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from countermark.cli import main
from countermark.errors import DossierError
from countermark.evidence.dossier.redact import Withhold, redact
from countermark.evidence.dossier.verify import verify_dossier
from evidence.dossier.dossier_samples import files_in, sealed
from evidence.models_runs import forge, make

if TYPE_CHECKING:
    from pathlib import Path


def called(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_command_writes_the_page_of_a_study(tmp_path: Path) -> None:
    """Beside the study, or where it is told; text and JSON to standard output; wrong options are named."""
    run = make("extract", tmp_path)
    done = called("report", run, "--lang", "fr")
    assert done.exit_code == 0, done.output
    assert done.output == f"Report: {run / 'report.fr.html'}\n"
    assert "Niveau B" in (run / "report.fr.html").read_text()
    out = tmp_path / "open.html"
    assert called("report", run, "--lang", "en", "--no-texts", "--out", out).exit_code == 0
    assert "<blockquote" not in out.read_text()
    assert called("report", run, "--format", "json").output == (run / "result.json").read_text()
    assert called("report", run, "--lang", "en", "--format", "text").output.endswith("result.json\n")
    assert called("report", run, "--format", "text", "--out", tmp_path / "said.txt").exit_code == 0
    assert called("report", run, "--out", "-").output.startswith("<!DOCTYPE html>")
    for wrong in (("--pictures",), ("--folder", tmp_path / "x")):
        done = called("report", run, *wrong)
        assert done.exit_code == 2
        assert "a study of a model" in done.output
    done = called("report", tmp_path, "--no-texts")
    assert done.exit_code == 2
    assert "are for studies of models" in done.output


def test_a_study_in_a_dossier(tmp_path: Path) -> None:
    """Plan, result and log go along, the works' texts do not; it verifies; it is withheld with the works lists."""
    study = make("extract", tmp_path / "study")
    done = sealed(tmp_path, studies=(study,))
    inside = {path for path in files_in(done.path) if path.startswith("data/studies/")}
    names = ("plan.json", "result.json", "run.json", "runlog.jsonl", "self_test_model.json")
    assert inside == {f"data/studies/run/{name}" for name in names}
    assert verify_dossier(done.path).holds
    redact(
        done.path, tmp_path / "copy", Withhold(works=frozenset({"ferry-1998"})), "unpublished", "2026-11-21"
    )
    assert not any(path.startswith("data/studies/") for path in files_in(tmp_path / "copy"))
    forge(study, lambda result: result.update(grade="A"))
    (study / "result.json").write_bytes(b"{}")
    with pytest.raises(DossierError, match="cannot be sealed"):
        sealed(tmp_path, name="second", studies=(study,))
