"""`countermark report` as one calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.cli import main
from evidence.shown_run import shown_run


def report(*arguments: str | Path, **environment: str) -> Result:
    """Call the command, with no locale but the one given."""
    locale = {"LC_ALL": None, "LC_MESSAGES": None, "LANG": None} | environment
    return CliRunner(env=locale).invoke(main, ["report", *map(str, arguments)])


def test_a_link_has_no_report(tmp_path: Path) -> None:
    """One line that says where its rows are and what can be made of them; nothing is written."""
    (tmp_path / "run.json").write_text(json.dumps({"run": 1, "kind": "link"}))
    for words in ([], ["--format", "json"]):
        result = report(tmp_path, *words)
        assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
        assert "links.parquet" in result.output
        assert f"countermark claim CATALOG {tmp_path}" in result.output


def test_html_goes_into_the_run_folder(tmp_path: Path) -> None:
    """Without --out the page stands beside the findings, and the command says where."""
    run = shown_run(tmp_path)
    result = report(run)
    assert (result.exit_code, result.output) == (0, f"Report: {run / 'report.en.html'}\n")
    assert (run / "report.en.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        ([], {"LANG": "fr_FR.UTF-8"}, "fr"),
        (["--lang", "en"], {"LANG": "fr_FR.UTF-8"}, "en"),
        (["--lang", "fr"], {}, "fr"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_language(tmp_path: Path, arguments: list[str], environment: dict[str, str], lang: str) -> None:
    """The option outranks the locale."""
    run = shown_run(tmp_path)
    assert report(run, *arguments, **environment).exit_code == 0
    page = run / f"report.{lang}.html"
    assert f'<html lang="{lang}">' in page.read_text(encoding="utf-8")


def test_text_goes_to_standard_output(tmp_path: Path) -> None:
    """The terminal's report is printed."""
    result = report(shown_run(tmp_path), "--format", "text")
    assert result.exit_code == 0
    assert "Passages of 4 of your 7 works" in result.output


def test_json_is_the_summary(tmp_path: Path) -> None:
    """The JSON is that of summary.json, byte for byte."""
    run = shown_run(tmp_path)
    result = report(run, "--format", "json")
    assert json.loads(result.output)["works"]["total"] == 7
    assert result.stdout_bytes == (run / "summary.json").read_bytes()


@pytest.mark.parametrize("form", ["html", "text", "json"])
def test_out_and_dash(tmp_path: Path, form: str) -> None:
    """`--out FILE` writes there, `--out -` prints the same bytes."""
    run, target = shown_run(tmp_path / "run"), tmp_path / "out"
    assert report(run, "--format", form, "--out", target).output == f"Report: {target}\n"
    assert report(run, "--format", form, "--out", "-").stdout_bytes == target.read_bytes()


def test_the_same_report_twice(tmp_path: Path) -> None:
    """Two calls, in processes with other hash seeds, give the same bytes."""
    run = shown_run(tmp_path / "run")
    pages = []
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "countermark", "report", str(run), "--lang", "fr", "--out", "-"]
        done = subprocess.run(
            command, capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""}
        )
        pages.append(done.stdout)
    assert pages[0] == pages[1]
    assert len(pages[0]) > 10_000


def test_an_incomplete_run_has_a_report(tmp_path: Path) -> None:
    """It says so on its first line."""
    result = report(shown_run(tmp_path, planned=9), "--format", "text")
    assert result.exit_code == 0
    assert result.output.startswith("! This run is incomplete: 1 of 9")


def test_no_run_is_one_line(tmp_path: Path) -> None:
    """A folder that is no run ends with 4, one line on stderr, no traceback."""
    for path in (tmp_path, tmp_path / "nowhere"):
        result = report(path)
        assert result.exit_code == 4
        assert result.stderr.count("\n") == 1
        assert "not a run folder" in result.stderr


def test_nowhere_to_write_is_one_line(tmp_path: Path) -> None:
    """A folder that is missing ends with 5."""
    result = report(shown_run(tmp_path / "run"), "--out", tmp_path / "missing" / "report.html")
    assert result.exit_code == 5
    assert "cannot be written" in result.stderr


def test_wrong_options_are_usage_errors(tmp_path: Path) -> None:
    """An unknown language or format ends with 2 and names what is accepted."""
    result = report(tmp_path, "--lang", "de")
    assert result.exit_code == 2
    assert "'en', 'fr'" in result.stderr
