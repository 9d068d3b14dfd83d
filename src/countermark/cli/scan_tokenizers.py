"""How a scan reads token ids: the options `--tokenizer` and `--tokenizers`, and what is told of the tokenisers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from countermark.scan.plan import Plan
    from countermark.scan.tokenizers import AskedTokenizers

Command = TypeVar("Command", bound="Callable[..., Any]")


def tokenizer_options(command: Command) -> Command:
    """The options, as `tokenizer` and `tokenizers`, for every command that reads a corpus of token ids."""
    folder = click.option(
        "--tokenizers",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        metavar="DIR",
        help="Token ids: the folder of tables that are tried; by default the one of countermark tokenizer add.",
    )
    named = click.option(
        "--tokenizer",
        metavar="NAME|FILE",
        help="Token ids: read all with this tokeniser, as in --tokenizer gpt2; by default it is found by trial.",
    )
    return named(folder(command))


def asked_of(tokenizer: str | None, tokenizers: Path | None, beside: Path | None = None) -> AskedTokenizers:
    """What the two options ask; `beside` is a run whose tables are tried as well."""
    from countermark.scan.tokenizers import AskedTokenizers

    return AskedTokenizers(tokenizers, tokenizer, beside)


def tell_tokenizers(plan: Plan, *, quiet: bool) -> None:
    """Say which tokenisers the token ids of a plan are read with, before they are."""
    for line in [] if quiet else lines(plan.tokenizer_facts()):
        click.echo(line, err=True)


def lines(facts: Iterable[dict[str, Any]]) -> list[str]:
    """A line for each tokeniser, from what `run.json` says of it."""
    from countermark.cli.progress import counted, printable

    told = []
    for one in facts:
        shards = counted(one["shards"], "shard holds", "shards hold")
        told.append(printable(f"{shards} token ids: {one['tokenizer']}{_how(one)}."))
    return told


def _how(one: dict[str, Any]) -> str:
    """How the tokeniser was found, with the figures."""
    from countermark.cli.progress import counted

    found = one["trial"]
    if found is None:
        return ", as named"
    words = counted(found["telling"], "telling word")
    said = f" by trial ({_share(found)} of {words} are cut as it cuts them, by chance {100 * found['chance']:.0f} %; "
    other = found["next"]
    if other is not None:
        next_ = f"{_share(other)}, by chance {100 * other['chance']:.0f} %"
        return f"{said}the next, {other['tokenizer']}: {next_})"
    return said + ("no other table can be it)" if found["others"] else "no other table was at hand)")


def _share(found: dict[str, Any]) -> str:
    return f"{100 * found['agree'] / max(1, found['telling']):.1f} %"
