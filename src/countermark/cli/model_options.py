"""What the commands that ask a model share: the options that name it, the self-test, and how far the asking is."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from countermark.memorization.drivers.driver import Generator, Scorer
    from countermark.memorization.study.run import Progress

Command = TypeVar("Command", bound="Callable[..., Any]")

SECONDS_BETWEEN_LINES = 10.0
REASONS_TOLD = 3
_OPTIONS = (
    click.option(
        "--model",
        required=True,
        metavar="MODEL",
        help="A folder of safetensors weights, a .gguf file, or the address of a server: http://127.0.0.1:8000/v1.",
    ),
    click.option("--name", default="", metavar="NAME", help="The name of the model on the server."),
    click.option(
        "--api-key",
        default="",
        metavar="VARIABLE|FILE",
        help="The environment variable, or the file, that holds the key to the server.",
    ),
    click.option(
        "--own", is_flag=True, help="The server elsewhere is yours: what it is asked stays with you."
    ),
    click.option(
        "--context", type=click.IntRange(min=64), metavar="TOKENS", help="The most tokens of one question."
    ),
)


def model_options(command: Command) -> Command:
    """Give a command the options that name a model."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def tell(sentence: str) -> None:
    """Say on stderr what is being waited for."""
    from countermark.cli.progress import printable

    click.echo(printable(sentence), err=True)


def tell_lines(lines: list[str]) -> None:
    """Print lines on stdout."""
    from countermark.cli.progress import printable

    for line in lines:
        click.echo(printable(line))


def scorer_of(given: dict[str, Any]) -> Scorer:
    """The model that weighs texts, by the options. Raises ModelError, MissingExtraError."""
    from countermark.memorization.drivers.opening import open_scorer

    return open_scorer(given["model"], **_opening(given))


def generator_of(given: dict[str, Any]) -> Generator:
    """The model that writes, by the options. Raises ModelError, MissingExtraError."""
    from countermark.memorization.drivers.opening import open_generator

    return open_generator(given["model"], **_opening(given))


def _opening(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("name", "api_key", "own", "context")} | {"told": tell}


def tested(scorer: Scorer, given: dict[str, Any]) -> dict[str, Any]:
    """Put the driver to the self-test, and return what it says. Raises ModelError where it fails."""
    from countermark.memorization.drivers.self_test import self_test

    generator: Any = scorer if hasattr(scorer, "complete") else generator_of(given)
    return self_test(scorer, generator).to_json()


def tell_failures(run: Path) -> None:
    """Say on stderr why questions failed: the commonest reasons, each with how often. Raises RunError."""
    from collections import Counter

    from countermark.memorization.study.folder import LOG
    from countermark.scan.runlog import read_events

    reasons = [str(event["why"]) for event in read_events(run / LOG) if event["event"] == "failed"]
    alike = [re.sub(r"\d+", "0", reason) for reason in reasons]  # they differ by lengths and times
    for shape, times in Counter(alike).most_common(REASONS_TOLD):
        tell(f"Failed {times:,} times: {reasons[alike.index(shape)]}")


class AskingDisplay:
    """Shows how many questions are answered, how fast, and the time left; use as a context manager."""

    def __init__(self, title: str, *, quiet: bool = False) -> None:
        self.title = title
        self.quiet = quiet
        self._tty = sys.stderr.isatty()
        self._begun = self._told = time.monotonic()
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown and self._tty:
            click.echo(err=True)
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            tell("What was answered is in the log: give the same command again to go on.")

    def show(self, progress: Progress) -> None:
        """Show it: at once on a terminal, every ten seconds elsewhere."""
        now = time.monotonic()
        if self.quiet or now - self._told < (0.1 if self._tty else SECONDS_BETWEEN_LINES):
            return
        self._told, self._shown = now, True
        line = self._line(progress, now - self._begun)
        click.echo(f"\r{line}\x1b[K" if self._tty else line, err=True, nl=not self._tty)

    def _line(self, progress: Progress, seconds: float) -> str:
        from countermark.cli.progress import counted, duration

        speed = progress.fresh / max(seconds, 1e-6)
        left = f", {duration((progress.total - progress.done) / speed)} left" if speed else ""
        done = f"{progress.done:,} of {counted(progress.total, 'question')}"
        return f"{self.title}: {done}, {speed:,.1f} a second{left}"
