"""A click group that loads a command when it is called, and turns errors into one line and an exit code.

`countermark --help` must not wait for Numba or Arrow: names and short helps are known here, modules are not.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import click

from countermark.cli.progress import printable
from countermark.errors import CountermarkError

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTPUT_FAILED = 5
OWN_FAULT = 70
INTERRUPTED = 130
BROKEN_PIPE = 141

NOT_WRITABLE = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
}


class Entry(NamedTuple):
    """Where a command is (`module:attribute`) and the line that `--help` shows for it."""

    target: str
    short_help: str


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = dict(entries)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name the commands in the order in which one uses them."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None if there is none of that name."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.short_help) for name, entry in self.entries.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; every failure ends in one line on stderr and a documented exit code."""
        try:
            return super().invoke(ctx)
        except CountermarkError as error:
            _leave(str(error), error.exit_code, error)
        except KeyboardInterrupt as error:
            _leave("stopped", INTERRUPTED, error)
        except BrokenPipeError:
            _silence_stdout()
            sys.exit(BROKEN_PIPE)
        except OSError as error:
            if error.errno in NOT_WRITABLE:
                _leave(f"{NOT_WRITABLE[error.errno]}: {error.filename or 'writing'}", OUTPUT_FAILED, error)
            _leave(_fault(error), OWN_FAULT, error)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001  the last line of defence: no traceback reaches a user
            _leave(_fault(error), OWN_FAULT, error)


def _fault(error: BaseException) -> str:
    said = " ".join(str(error).split())
    return (
        f"unexpected {type(error).__name__}: {said[:300]} — this is a fault of Countermark. "
        "Please report it with the command you gave and what it prints with COUNTERMARK_DEBUG=1 set"
    )


def _leave(message: str, code: int, error: BaseException) -> NoReturn:
    if os.environ.get("COUNTERMARK_DEBUG") == "1":
        traceback.print_exception(error)
    click.echo(f"countermark: {printable(' '.join(message.splitlines()))}", err=True)
    sys.exit(code)


def _silence_stdout() -> None:
    """Keep the interpreter from failing once more when it flushes on its way out."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # stdout is no file (a test, an embedding program)
        return
