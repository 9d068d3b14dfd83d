"""`countermark tokenizer list` and `countermark tokenizer show`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.tokenizer_options import facts_of, folder_option, goes_by_kit

if TYPE_CHECKING:
    from countermark.corpus.tokens.table import TokenTable

SHOWN = 16


@click.command("list")
@folder_option
@click.option("--json", "as_json", is_flag=True, help="Tell of the tables as JSON.")
def listing(*, folder: Path | None, as_json: bool) -> None:
    """List the tables at hand: those that scans try on token ids.

    \b
    Examples:
      countermark tokenizer list
      countermark tokenizer list --tokenizers tables/ --json
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.progress import counted, printable
    from countermark.corpus.tokens.folder import default_folder, tables_in

    place = folder or default_folder()
    tables = tables_in(place)
    if as_json:
        click.echo(json.dumps([facts_of(table) for table in tables], ensure_ascii=False, indent=2))
        return
    width = max((len(table.name) for table in tables), default=0)
    for table in tables:
        exact = "lossy" if table.losses else "exact"
        click.echo(printable(f"{table.name:{width}}  {len(table):>9,} tokens  {exact}  {table.kind}"))
    if tables:
        click.echo(f"{counted(len(tables), 'table')} in {place}.")
    else:
        told = (
            "This kit was built without any"
            if goes_by_kit(folder)
            else "Next: countermark tokenizer get gpt2 cl100k_base o200k_base"
        )
        click.echo(f"{place}: no tables. {told}")


@click.command("show")
@click.argument("name", metavar="NAME|FILE")
@folder_option
@click.option("--json", "as_json", is_flag=True, help="Tell of the table as JSON.")
def command(*, name: str, folder: Path | None, as_json: bool) -> None:
    """Look into a table, by its name among those at hand, or by a file: what is exact, what is lost, some tokens.

    \b
    Examples:
      countermark tokenizer show gpt2
      countermark tokenizer show my-model/tokenizer.json
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.progress import printable

    table, path = _found(name, folder)
    facts = facts_of(table, path) | {"some": _some(table)}
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    facts["losses"] = ", ".join(table.losses) or "nothing: text comes back whole"
    facts["ends"] = ", ".join(map(str, table.ends)) or "none is known"
    facts["first_space"] = "taken away at the beginning of a text" if table.first_space else "kept"
    some = facts.pop("some")
    del facts["exact"]
    width = max(map(len, facts))
    for key, value in facts.items():
        said = f"{value:,}" if isinstance(value, int) else str(value)
        click.echo(printable(f"{key:{width}}  {said}"))
    for number, text in some.items():
        click.echo(printable(f"{number:>{width}}  {text}"))


def _found(name: str, folder: Path | None) -> tuple[TokenTable, Path]:
    from countermark.corpus.tokens.folder import default_folder, path_of, table_from, tables_in
    from countermark.errors import InputError

    place = folder or default_folder()
    found = [table for table in tables_in(place) if table.name == name]
    if found:
        path = path_of(name, place)  # in a kit and in a run folder, files are called by their digests
        return found[0], path if path.exists() else place / f"{found[0].digest}.tokens"
    if Path(name).is_file():
        return table_from(Path(name)), Path(name)
    known = ", ".join(table.name for table in tables_in(place)) or "none"
    raise InputError(f"{name}: neither a table in {place} nor a file; there are: {known}")


def _some(table: TokenTable) -> dict[str, Any]:
    """Some tokens with text, from all over the table, as they would stand in a program."""
    import numpy as np

    with_text = np.flatnonzero(np.diff(table.offsets))
    if not len(with_text):
        return {}
    picked = with_text[np.unique(np.linspace(0, len(with_text) - 1, SHOWN).astype(np.int64))]
    return {str(number): _written(table.token(int(number))) for number in picked}


def _written(token: bytes) -> str:
    try:
        return repr(token.decode())
    except UnicodeDecodeError:
        return repr(token)
