"""What the commands of `countermark tokenizer` have in common: the folder, and what they tell of a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.corpus.tokens.table import TokenTable

Command = TypeVar("Command", bound="Callable[..., Any]")


def folder_option(command: Command) -> Command:
    """`--tokenizers`, as `folder`."""
    option = click.option(
        "--tokenizers",
        "folder",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="The folder of tables; by default COUNTERMARK_TOKENIZERS, else one in your own data.",
    )
    return option(command)


def facts_of(table: TokenTable, path: Path | None = None) -> dict[str, Any]:
    """What a program reads of a table; `path` is where it lies."""
    from countermark.corpus.tokens.table import SPECIAL, UNUSED

    return {
        "name": table.name,
        "kind": str(table.kind),
        "tokens": len(table),
        "special": int((table.flags == SPECIAL).sum()),
        "unused": int((table.flags == UNUSED).sum()),
        "bytes": int(table.offsets[-1]),
        "ends": list(table.ends),
        "first_space": table.first_space,
        "losses": list(table.losses),
        "exact": not table.losses,
        "source": table.source,
        "source_sha256": table.source_sha256,
        "table": table.digest,
    } | ({} if path is None else {"file": str(path)})


def line_of(table: TokenTable, path: Path) -> str:
    """One line on a table that was put away."""
    from countermark.cli.progress import counted, printable

    lost = f"; lost by encoding: {', '.join(table.losses)}" if table.losses else "; text comes back whole"
    return printable(f"{table.name}: {counted(len(table), 'token')}, {table.kind}{lost}. In {path}")
