"""Write docs/reference/cli.md from what `--help` says; with `--check`, fail if the file is stale.

Run `make docs`, or `python scripts/cli_reference.py [--check]`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from countermark.cli import main as countermark  # noqa: E402  found only once the path is set

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = ROOT / "docs" / "reference" / "cli.md"
HEAD = """# Commands

Every command with its `--help`, written by `make docs`. [Exit codes](exit-codes.md) have a page of their own.
"""


def reference() -> str:
    """Give the page's text."""
    return "\n".join([HEAD, *sections(countermark, context_of(countermark, "countermark"))])


def context_of(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    """Give a context of fixed width, so that the page does not depend on the terminal."""
    return click.Context(command, info_name=name, parent=parent, terminal_width=100, max_content_width=100)


def sections(command: click.Command, context: click.Context) -> Iterator[str]:
    """Give a section for a command, and for each of its subcommands."""
    level = 2 + context.command_path.count(" ")
    yield f"{'#' * min(level, 4)} {context.command_path}\n\n```\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from sections(child, context_of(child, name, context))


def main() -> int:
    """Write the page, or check it. Returns the exit code."""
    text = reference()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is stale: run `make docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
