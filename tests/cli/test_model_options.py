"""What commands that ask models say on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.cli.model_options import AskingDisplay, tell_failures
from countermark.errors import RunError
from countermark.evidence.models.recognising import is_study
from countermark.memorization.study.folder import LOG
from countermark.scan.runlog import RunLog

if TYPE_CHECKING:
    from pathlib import Path


def test_failures_are_told_with_their_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Alike but for a length: one line, with the first of them; the commonest reason first."""
    log = RunLog(tmp_path / LOG)
    log.append("failed", {"keys": ["a"], "why": "no answer"})
    for tokens in (265, 271, 1_300):
        log.append(
            "failed", {"keys": ["b"], "why": f"a prompt of {tokens} tokens is more than the context of 256"}
        )
    log.append("answered", {"answers": []})
    tell_failures(tmp_path)
    assert capsys.readouterr().err.splitlines() == [
        "Failed 3 times: a prompt of 265 tokens is more than the context of 256",
        "Failed 1 times: no answer",
    ]


def test_a_stopped_run_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), AskingDisplay("Asking"):
        raise KeyboardInterrupt
    assert "give the same command again" in capsys.readouterr().err
    with AskingDisplay("Asking"):
        pass
    assert capsys.readouterr().err == ""


def test_a_study_that_has_not_ended_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}")
    assert not is_study(tmp_path)
    (tmp_path / LOG).write_text("")
    with pytest.raises(RunError, match="has not ended: give the command again"):
        is_study(tmp_path)
