"""What the commands of `countermark tokenizer` have in common: the folder, and what they tell of a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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


def keeping_options(command: Command) -> Command:
    """What the commands that put tables away have: `--replace`, `--tokenizers` and `--json`."""
    command = click.option("--json", "as_json", is_flag=True, help="Tell of the tables as JSON.")(command)
    return click.option("--replace", is_flag=True, help="Replace a table of the same name.")(
        folder_option(command)
    )


def goes_by_kit(folder: Path | None) -> bool:
    """Whether the tables are those of a kit, from which this programme runs: no folder is named then."""
    from countermark.kit.start import kit_folder

    return folder is None and kit_folder() is not None


def require_own_folder(folder: Path | None) -> None:
    """Raise InputError where tables would be put into the kit that this runs from: it would not be whole any more."""
    from countermark.errors import InputError

    if goes_by_kit(folder):
        raise InputError(
            "the tables of a kit are not changed: at home, build one with others (countermark kit build --tokenizer "
            "NAME), or give another folder as --tokenizers"
        )


def keep(tables: Iterable[TokenTable], folder: Path | None, *, replace: bool, as_json: bool) -> None:
    """Put tables into the folder, and tell of each. Raises InputError where another one has its name."""
    from countermark.corpus.tokens.folder import add_table, default_folder

    told = []
    for table in tables:
        path = add_table(table, folder or default_folder(), replace=replace)
        told.append(facts_of(table, path))
        if not as_json:
            click.echo(_line_of(table, path))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))


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


def _line_of(table: TokenTable, path: Path) -> str:
    """One line on a table that was put away."""
    from countermark.cli.progress import counted, printable

    lost = f"; lost by encoding: {', '.join(table.losses)}" if table.losses else "; text comes back whole"
    return printable(f"{table.name}: {counted(len(table), 'token')}, {table.kind}{lost}. In {path}")
