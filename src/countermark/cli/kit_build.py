"""`countermark kit build`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from countermark.kit.build import Built

_PATH = click.Path(path_type=Path)


@click.command("build")
@click.option("--index", required=True, type=_PATH, help="The index of texts, full or sealed.")
@click.option("--out", required=True, type=_PATH, help="The folder to make; it must not exist.")
@click.option(
    "--salt-file",
    type=_PATH,
    help="The salt to seal with (16 bytes or more); by default one is drawn and written to OUT.salt.",
)
@click.option(
    "--salt-inside",
    is_flag=True,
    help="Put the salt into the kit: whoever finds the kit can then test whether a passage is in it.",
)
@click.option(
    "--tokenizers",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="For corpora of token ids: put all tables of this folder into the kit.",
)
@click.option(
    "--tokenizer",
    metavar="NAME|FILE",
    multiple=True,
    help="For corpora of token ids: put only this tokeniser in, as in --tokenizer gpt2. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
def command(
    *,
    index: Path,
    out: Path,
    salt_file: Path | None,
    salt_inside: bool,
    tokenizers: Path | None,
    tokenizer: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make one folder that scans on any Linux machine (x86-64), without a network and without installing anything.

    It holds Python, Countermark, the libraries down to the C library, the index in its sealed form (salted hashes and
    the catalogue's titles, no text of the works), the tables of the tokenisers that are named, a manual of two pages in
    English and French, and checksums. In the room, token ids are read by these tables and no others. The salt is
    written beside it, to be carried separately. The kit tells a code: give it to the other side, which sees the same
    one when it runs the kit.

    In the room less is found than with a full index, places are exact to the sampling step, and there is no excerpt of
    the works; `kit open` adds the excerpts at home. Indices of pictures and recordings have no sealed form, so no kit
    is made of them.

    \b
    Examples:
      countermark kit build --index works.index --out kit/
      countermark kit build --index works.index --out kit/ --salt-file salt.bin
      countermark kit build --index works.index --out kit/ --tokenizer gpt2 --tokenizer cl100k_base

    \b
    Exit codes:
      0    done
      2    this index, salt or machine does not make a kit
      3    the index is damaged or foreign
      5    it could not be written, or the folder exists
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.index_salt import read_salt
    from countermark.kit.build import build_kit
    from countermark.scan.tokenizers import tables_asked

    salt = read_salt(salt_file) if salt_file else None
    tell = (lambda _: None) if as_json else (lambda step: click.echo(f"{step} …", err=True))
    tables = tables_asked(tokenizers, tokenizer)
    built = build_kit(index, out, salt=salt, salt_inside=salt_inside, tables=tables, tell=tell)
    _tell(built, salt_file, salt_inside=salt_inside, as_json=as_json)


def _tell(built: Built, salt_file: Path | None, *, salt_inside: bool, as_json: bool) -> None:
    from countermark.cli.progress import counted, printable, size

    names = [str(table["name"]) for table in built.facts.get("tokenizers", ())]
    if as_json:
        salt_at = str(built.salt_file) if built.salt_file else None
        told = {"kit": str(built.kit), "code": built.code, "bytes": built.bytes, "files": built.files}
        told |= {"salt_file": salt_at, "tokenizers": names, "facts": built.facts}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    works = counted(built.facts["index"]["works"], "work")
    click.echo(f"{built.kit}: a kit for {works}, {size(built.bytes)} in {counted(built.files, 'file')}.")
    click.echo(f"Its code: {built.code}")
    if names:
        click.echo(printable(f"Token ids are read by its tables: {', '.join(names)}."))
    else:
        click.echo(
            "It has no tables of tokenisers: it can read texts, and no token ids (--tokenizer, --tokenizers)."
        )
    if salt_inside:
        click.echo("The salt lies inside: whoever has the kit can test whether a passage is in the works.")
    else:
        click.echo(
            f"Carry {built.salt_file or salt_file} separately: a run needs it, and whoever has both can test guesses."
        )
    click.echo(f"Next: read {built.kit / 'manual.en.html'}, and carry the folder into the room.")
