"""`countermark tokenizer identify`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from countermark.cli.place import PlaceType
from countermark.cli.tokenizer_options import folder_option, goes_by_kit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.corpus.base import Shard
    from countermark.corpus.tokens.choice import Choice
    from countermark.corpus.tokens.trial import Evidence
    from countermark.media import Refusal
    from countermark.storage.place import Place

SHOWN = 5
OF_IDS = ("no-tokenizer", "tokenizer-unclear", "orphan-index", "corrupt")
"""The reasons for which a listing refuses files of token ids, and nothing else."""


class _Found(NamedTuple):
    """What a listing told: files by table, integer type and format, and those of ids that are unclear or damaged."""

    files: dict[tuple[str, str, str], list[str]]
    choices: tuple[Choice, ...]
    unclear: list[Refusal]


@click.command("identify")
@click.argument("corpus", nargs=-1, required=True, type=PlaceType(), metavar="CORPUS…")
@click.option(
    "--text-column",
    metavar="NAME",
    help="Parquet and Arrow: the column with the ids; by default found by itself.",
)
@folder_option
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    corpus: tuple[Place, ...],
    text_column: str | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Say which tokeniser wrote the token ids in CORPUS: files and folders, by path or URL.

    A sample of each data set is tried with every table at hand and every integer type that it may have. Of the words in
    it, those of several tokens are cut anew: the right tokeniser cuts them as they were found. The first ids of every
    file are held against the tokeniser of its data set. Nothing is scanned.

    \b
    Examples:
      countermark tokenizer identify train.bin
      countermark tokenizer identify megatron/ --json

    \b
    Exit codes:
      0    every file of token ids has its tokeniser
      1    for some it is unclear or another, or there is no table at hand, or they cannot be read
      2    there are no token ids in CORPUS, or something given cannot be used
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    found = _listed(corpus, text_column, folder)
    if as_json:
        click.echo(json.dumps(_facts(found), ensure_ascii=False, indent=2))
    else:
        _tell(found)
    ctx.exit(1 if found.unclear else 0)


def _listed(corpus: tuple[Place, ...], column: str | None, folder: Path | None) -> _Found:
    from countermark.corpus.base import Shard
    from countermark.corpus.listing import list_shards
    from countermark.corpus.tokens.detection import looks_like_ids
    from countermark.corpus.tokens.formats import FORMATS
    from countermark.errors import InputError
    from countermark.scan.tokenizers import AskedTokenizers, Trials

    trials = Trials(AskedTokenizers(folder, kit=goes_by_kit(folder)))
    found, last = _Found({}, (), []), ""
    for one in list_shards(corpus, text_column=column, tokenizers=trials):
        if not isinstance(one, Shard):
            if one.reason in OF_IDS or (one.reason == "unreadable" and looks_like_ids(one.where)):
                found.unclear.append(one)
        elif one.format == "documents":
            found.unclear.extend(_no_documents(one))
        elif one.format in FORMATS:
            options = dict(one.options)
            name = one.name.partition("#")[0]
            if name == last:  # the shards of a file come one after the other
                continue
            last, against = name, _against(one, name)
            if against is None:
                files = found.files.setdefault((options["table"], options["ids"], one.format), [])
                files.append(name)
            else:
                found.unclear.append(against)
    if not found.files and not found.unclear:
        raise InputError(f"{', '.join(map(str, corpus))}: no token ids in it; a scan reads texts as they are")
    return found._replace(choices=trials.chosen())


def _no_documents(shard: Shard) -> Iterator[Refusal]:
    """Yield what lies among documents and is called as token ids are, with why it is not read: empty, or no integers.

    A `.bin` that is not empty may be anything, and is left out.
    """
    from countermark.corpus.base import Shard
    from countermark.corpus.files import DocumentsReader
    from countermark.corpus.folder import list_folder, printable
    from countermark.corpus.tokens.detection import looks_like_ids
    from countermark.media import Refusal
    from countermark.storage.reading import size_of

    files, prefix = [(shard.name, shard.path)], ""
    if shard.end != -1:  # a range of the files of a folder
        among = list_folder(shard.path).files[shard.begin : shard.end]
        files = [(name, f"{shard.path.rstrip('/')}/{name}") for name in among]
        prefix = shard.name.partition("#")[0].removeprefix("./")
    for name, path in files:
        if not looks_like_ids(name) or (name.lower().endswith(".bin") and size_of(path)):
            continue
        where = prefix + printable(name)
        for batch in DocumentsReader().batches(Shard(where, path, "documents", 0)):
            yield from (Refusal(where, -1, refusal.reason, refusal.detail) for refusal in batch.refused)


def _against(shard: Shard, name: str) -> Refusal | None:
    """Why the first ids of a file are not of the tokeniser that its data set was read by; None where they are."""
    from countermark.corpus.tokens.formats import format_named
    from countermark.corpus.tokens.reader import check_first
    from countermark.errors import CorpusError
    from countermark.media import Refusal

    try:
        check_first(format_named(shard.format), shard)
    except CorpusError as error:
        return Refusal(name, -1, error.reason, str(error).removeprefix(f"{shard.name}: "))
    return None


def _facts(found: _Found) -> dict[str, Any]:
    names = {choice.table.digest: choice.table.name for choice in found.choices}
    return {
        "files": [
            {"tokenizer": names.get(table), "table": table, "ids": ids, "format": format_, "files": files}
            for (table, ids, format_), files in found.files.items()
        ],
        "choices": [choice.facts() for choice in found.choices],
        "unclear": [
            {"file": refusal.where, "reason": refusal.reason, "detail": refusal.detail}
            for refusal in found.unclear
        ],
    }


def _tell(found: _Found) -> None:
    from countermark.cli.progress import counted, printable

    names = {choice.table.digest: choice.table.name for choice in found.choices}
    for (table, ids, format_), files in found.files.items():
        some = ", ".join(files[:SHOWN]) + (" …" if len(files) > SHOWN else "")
        click.echo(
            printable(
                f"{names.get(table, table[:12])}  {ids}  {format_}  {counted(len(files), 'file')}: {some}"
            )
        )
    for choice in found.choices:
        for line in _evidence(choice):
            click.echo(printable(f"  {line}"))
    for refusal in found.unclear:
        said = refusal.detail
        click.echo(
            printable(said if said.startswith(f"{refusal.where}:") else f"{refusal.where}: {said}"), err=True
        )


def _evidence(choice: Choice) -> list[str]:
    """What speaks for the table that was chosen, and for the one that came next."""
    from countermark.corpus.tokens.trial import rivals

    if choice.trial is None or choice.trial.best is None:
        return []
    best = choice.trial.best
    told = [f"tried on {choice.where}: {_line(best)}"]
    if choice.trial.same:
        told.append(f"{', '.join(choice.trial.same)} would read the same text")
    rival = next((one for one in rivals(choice.trial) if one.telling), None)
    if rival is not None:
        told.append(f"next comes {_line(rival)}")
    return told


def _line(evidence: Evidence) -> str:
    return (
        f"{evidence.name}, {evidence.dtype}: {evidence.agree:,} of {evidence.telling:,} words of several tokens are "
        f"cut as found ({100 * evidence.chance:.0f} % would by chance), {evidence.out_of_range:,} of "
        f"{evidence.ids:,} ids are beyond the table, {evidence.bad_bytes:,} of {evidence.bytes:,} bytes are no UTF-8; "
        f"weight {evidence.weight:,.1f}"
    )
