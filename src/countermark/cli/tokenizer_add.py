"""`countermark tokenizer add`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from countermark.cli.place import PlaceType
from countermark.cli.tokenizer_options import keep, keeping_options, require_own_folder

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.storage.place import Place


@click.command("add")
@click.argument("files", nargs=-1, required=True, type=PlaceType(), metavar="FILE…")
@click.option("--name", help="The name of the table; by default that of the file, or of its folder.")
@click.option(
    "--special",
    "specials",
    multiple=True,
    metavar="NAME=ID",
    help="Rank files: an id that is no text, as in --special '<|endoftext|>=50256'; may be given several times.",
)
@keeping_options
def command(
    *,
    files: tuple[Place, ...],
    name: str | None,
    specials: tuple[str, ...],
    replace: bool,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Make a table of each FILE of a tokeniser, and keep it for scans.

    A FILE, by path or URL, is a tokenizer.json (Hugging Face), a rank file (tiktoken, js-tiktoken), a tekken.json
    (Mistral), a .model (SentencePiece), a vocab.txt (WordPiece), or a table (.tokens). Nothing in it is run. Rank
    files leave out the tokens that are no text: those of OpenAI, Qwen and Llama 3 are known, of others name them with
    --special.

    \b
    Examples:
      countermark tokenizer add my-model/tokenizer.json
      countermark tokenizer add tokenizer.model --name mistral-7b
      countermark tokenizer add ranks.tiktoken --name ours --special '<|endoftext|>=64000'
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    if name is not None and len(files) > 1:
        raise click.UsageError("--name is for one FILE; add the others by themselves")
    from countermark.cli.progress import printable
    from countermark.corpus.tokens.folder import is_nameless, table_from

    require_own_folder(folder)
    given = _specials(specials)
    tables = [table_from(file, name, given) for file in files]  # all are read before one is written
    keep(tables, folder, replace=replace, as_json=as_json)
    for file, table in zip(files, tables, strict=True):
        if name is None and is_nameless(file):
            told = f"{table.name}: so called after its folder or file; --name gives it another name"
            click.echo(printable(told), err=True)


def _specials(given: tuple[str, ...]) -> dict[str, int] | None:
    """Names and ids; None where none is given, so that those of public tokenisers are taken."""
    found: dict[str, int] = {}
    for one in given:
        name, _, number = one.rpartition("=")
        if not name or not number.isascii() or not number.isdigit():
            raise click.UsageError(
                f"--special {one}: a name, = and an id are expected, as in '<|endoftext|>=50256'"
            )
        found[name] = int(number)
    return found or None
