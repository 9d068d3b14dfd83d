"""The command line as a whole: help, lazy loading, errors and exit codes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click
import pytest
from click.testing import CliRunner

from countermark import __version__
from countermark.cli import COMMANDS, EXIT_CODES, main
from countermark.cli.lazy import Entry, LazyGroup
from countermark.errors import CountermarkError, OutputError, RunError, UnusableIndexError

SOURCE = Path(__file__).parents[2] / "src"
HEAVY = {
    "charset_normalizer",
    "defusedxml",
    "fastwarc",
    "isal",
    "jinja2",
    "llvmlite",
    "markupsafe",
    "numba",
    "numpy",
    "orjson",
    "pyarrow",
    "pypdf",
    "rich",
    "zstandard",
}


def group_that_raises(error: BaseException) -> LazyGroup:
    """A group like the real one, with a command `fail` that raises `error`."""
    group = LazyGroup("group", entries={"fail": Entry("nowhere:command", "Fail.")})

    @click.command("fail")
    def fail() -> NoReturn:
        raise error

    group.get_command = lambda *_: fail  # type: ignore[method-assign]
    return group


@pytest.mark.parametrize(
    "arguments", ["import countermark", "countermark.cli.main(['--help'], standalone_mode=False)"]
)
def test_nothing_heavy_is_loaded_for_import_and_help(arguments: str) -> None:
    """`import countermark` and `--help` load none of the heavy libraries."""
    code = f"import sys, countermark.cli\n{arguments}\nprint('LOADED', *sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    loaded = done.stdout.split("LOADED", 1)[1].split()
    assert "countermark" in loaded
    assert not HEAVY & set(loaded)


def test_python_dash_m_gives_the_same_help() -> None:
    """`python -m countermark --help` is `countermark --help`."""
    done = subprocess.run(
        [sys.executable, "-m", "countermark", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "COLUMNS": "80", "LINES": "24"},
    )
    assert done.stdout.startswith("Usage: countermark [OPTIONS] COMMAND")
    for name in COMMANDS:
        assert f"\n  {name} " in done.stdout


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help_for_itself_and_its_options(name: str) -> None:
    """Each command loads, has a docstring, and each of its options says what it is for."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help
    for each in [command, *(command.commands.values() if isinstance(command, click.Group) else [])]:
        for parameter in each.params:
            assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None), (
                f"{each.name} {parameter.opts}"
            )


def test_version() -> None:
    """`--version` prints name and version."""
    assert CliRunner().invoke(main, ["--version"]).output == f"countermark {__version__}\n"


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (CountermarkError("all is lost"), 1, "all is lost"),
        (UnusableIndexError("x.index is no index"), 3, "x.index is no index"),
        (RunError("run/ is in use"), 4, "run/ is in use"),
        (OutputError("run/: no permission"), 5, "run/: no permission"),
        (OSError(errno.ENOSPC, "No space left on device", "run/a"), 5, "the disk is full: run/a"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_errors_end_in_one_line_and_their_code(error: BaseException, code: int, said: str) -> None:
    """An error of the tree is one line on stderr and its exit code; never a traceback."""
    result = CliRunner().invoke(group_that_raises(error), ["fail"])
    assert (result.exit_code, result.stderr) == (code, f"countermark: {said}\n")
    assert result.stdout == ""


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("division\nby zero"), PermissionError(13, "denied", "a")]
)
def test_a_fault_of_our_own_is_one_line_too(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw names its type and how to report it, on one line, and ends with 70."""
    monkeypatch.delenv("COUNTERMARK_DEBUG", raising=False)
    result = CliRunner().invoke(group_that_raises(error), ["fail"])
    assert result.exit_code == 70
    assert result.stderr.count("\n") == 1
    assert f"unexpected {type(error).__name__}" in result.stderr
    assert "COUNTERMARK_DEBUG=1" in result.stderr


def test_a_message_cannot_steer_the_terminal() -> None:
    """What a hostile file says within a message is shown without control characters, on one line."""
    result = CliRunner().invoke(group_that_raises(CountermarkError("a\x1b]0;x\x07\nb\r\x9bc")), ["fail"])
    assert result.stderr == "countermark: a\ufffd]0;x\ufffd b \ufffdc\n"


def test_the_traceback_is_there_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """COUNTERMARK_DEBUG=1 prints the traceback before the line."""
    monkeypatch.setenv("COUNTERMARK_DEBUG", "1")
    result = CliRunner().invoke(group_that_raises(ValueError("odd")), ["fail"])
    assert "Traceback" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("countermark: unexpected ValueError: odd")


def test_a_reader_that_goes_away_is_no_fault() -> None:
    """A broken pipe is quiet and ends with 141."""
    result = CliRunner().invoke(group_that_raises(BrokenPipeError()), ["fail"])
    assert (result.exit_code, result.stderr) == (141, "")


def test_an_unknown_command_is_a_usage_error() -> None:
    """An unknown command ends with 2 and is named."""
    result = CliRunner().invoke(main, ["divine"])
    assert result.exit_code == 2
    assert "divine" in result.stderr


def test_exit_codes_are_documented() -> None:
    """Each code that --help names has its row in the reference, and each error of the tree has one of them."""
    page = (SOURCE.parent / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    codes = [line.split()[0] for line in EXIT_CODES.splitlines()[2:]]
    assert codes == ["0", "1", "2", "3", "4", "5", "6", "70", "130", "141"]
    for code in codes:
        assert f"\n| {code} | " in page
    used = {error.exit_code for error in CountermarkError.__subclasses__()}
    assert {str(code) for code in used} <= set(codes)
