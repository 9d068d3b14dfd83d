"""How a scan reads token ids: the options `--tokenizer` and `--tokenizers`, and what is told of the tokenisers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from countermark.scan.plan import Plan
    from countermark.scan.tokenizers import AskedTokenizers
    from countermark.storage.place import Place

_SAYS: Final = {
    "against": "which speaks against it",
    "nothing": "which does not tell",
    "for": "which would speak for it",
}

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


def asked_of(tokenizer: str | None, tokenizers: Path | None, beside: Place | None = None) -> AskedTokenizers:
    """What the two options ask; `beside` is a run whose tables are tried as well."""
    from countermark.scan.tokenizers import AskedTokenizers

    return AskedTokenizers(tokenizers, tokenizer, beside)


def tell_tokenizers(plan: Plan, *, quiet: bool) -> None:
    """Say which tokenisers the token ids of a plan are read with, before they are; `quiet` keeps to warnings."""
    facts = plan.tokenizer_facts()
    for line in warnings(facts) if quiet else lines(facts):
        click.echo(line, err=True)


def lines(facts: Sequence[dict[str, Any]]) -> list[str]:
    """A line for each tokeniser, from what `run.json` says of it; of several, with how the ids are stored."""
    from countermark.cli.progress import counted, printable

    told = []
    for one in facts:
        shards = counted(one["shards"], "shard holds", "shards hold")
        stored = f" stored as {one['ids']}" if len(facts) > 1 else ""
        told.append(printable(f"{shards} token ids{stored}: {one['tokenizer']}{_how(one)}."))
    return [*told, *warnings(facts)]


def warnings(facts: Sequence[dict[str, Any]]) -> list[str]:
    """A line for each thing that speaks against a tokeniser that the user named: its words, ids that it has not."""
    from countermark.cli.progress import counted, printable

    told = []
    for one in facts:
        name, found = one["tokenizer"], one["trial"]
        if not one["named"] or found is None:
            continue
        if found["says"] == "against":
            told.append(
                f"Warning: {name} was named, but its words speak against it: of {counted(found['telling'], 'word')} "
                f"{_share(found)} are cut as it cuts them, {100 * found['chance']:.1f} % would be by chance. If it is "
                "the wrong one, nothing can be found."
            )
        if not found["in_range"]:
            told.append(
                f"Warning: {name} was named, but {100 * found['beyond']:.1f} % of the ids that were tried are beyond "
                "it. If another tokeniser wrote some of them, nothing can be found in those."
            )
    return [printable(line) for line in told]


def _how(one: dict[str, Any]) -> str:
    """How the tokeniser was found, with the figures."""
    from countermark.cli.progress import counted

    found = one["trial"]
    if one["named"] or found is None:
        return ", as named"
    said = (
        f" by trial of {counted(one['files_tried'], 'file')} ({_share(found)} of "
        f"{counted(found['telling'], 'telling word')} are cut as it cuts them, {_chance(found)} would be by chance; "
    )
    other = found["next"]
    if other is not None:
        return f"{said}the next, {other['tokenizer']}: {_comes_to(other)})"
    return said + ("no other table can be it)" if found["others"] else "no other table was at hand)")


def _comes_to(other: dict[str, Any]) -> str:
    """What a rival's figures come to, in words."""
    from countermark.cli.progress import counted

    if not other["in_range"]:
        return f"{100 * other['beyond']:.1f} % of the ids are beyond it"
    words = counted(other["telling"], "word")
    return f"{_share(other)} of {words}, {_chance(other)} by chance, {_SAYS[other['says']]}"


def _chance(found: dict[str, Any]) -> str:
    return f"{100 * found['chance']:.0f} %"


def _share(found: dict[str, Any]) -> str:
    return f"{100 * found['agree'] / max(1, found['telling']):.1f} %"
