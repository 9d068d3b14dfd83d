"""How far a long command is: a bar with rate and time left on a terminal, a plain line elsewhere.

Everything goes to stderr, so that stdout carries results only.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

import click

from countermark.language import printable as printable  # noqa: PLC0414  the commands take it from here

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

SECONDS_BETWEEN_LINES = 10.0


class ProgressDisplay:
    """Shows the progress of work that is measured in bytes; use as a context manager."""

    def __init__(self, title: str, *, quiet: bool = False) -> None:
        self.title = title
        self.quiet = quiet
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._told = time.monotonic()
        self._first: tuple[float, int] | None = None

    def __enter__(self) -> Self:
        if not self.quiet and sys.stderr.isatty():
            self._bar = _bar()
            self._bar.start()
            self._task = self._bar.add_task(self.title, total=None, rate="", note="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _speed(self, fresh: int) -> float:
        """Bytes per second since the first were read: starting the workers is not reading."""
        if self._first is None:
            if fresh:
                self._first = time.monotonic(), fresh
            return 0.0
        begun, before = self._first
        return (fresh - before) / max(time.monotonic() - begun, 1e-6)

    def show(self, done: int, total: int, *, fresh: int, note: str) -> None:
        """Show `done` of `total` bytes; `fresh` of them were read by this command (for the rate)."""
        if self.quiet:
            return
        speed = self._speed(fresh)
        left = (total - done) / speed if speed else None
        if self._bar is not None and self._task is not None:
            rate = f"{speed / 1e6:,.1f} MB/s, {duration(left)} left" if left is not None else ""
            self._bar.update(self._task, completed=done, total=max(total, 1), rate=rate, note=note)
        elif time.monotonic() - self._told >= SECONDS_BETWEEN_LINES:
            self._told = time.monotonic()
            share = f"{100 * done / total:.0f} %" if total else "100 %"
            ahead = f", {speed / 1e6:,.1f} MB/s, {duration(left)} left" if left is not None else ""
            click.echo(f"{self.title}: {share}{ahead}; {note}", err=True)


def duration(seconds: float | None) -> str:
    """A time span in words of two units at most: `45 s`, `3 min 20 s`, `2 h 05 min`."""
    if seconds is None:
        return "an unknown time"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60:02d} min"


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 shard`, `1,677 records`; `many` where an s does not make the plural."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def size(count: int) -> str:
    """An amount of bytes in decimal units: `812 bytes`, `1.1 MB`, `3.4 GB`."""
    for unit, factor in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= factor:
            return f"{count / factor:,.1f} {unit}"
    return f"{count} bytes"


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    return Progress(  # rich leaves colour out by itself when NO_COLOR is set
        TextColumn("{task.description}"),
        BarColumn(bar_width=None, complete_style="bold", finished_style="bold", pulse_style="dim"),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[note]}"),
        console=Console(stderr=True),
        expand=True,
    )
