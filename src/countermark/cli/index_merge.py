"""`countermark index merge`: one index of several, without the works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from countermark.cli.progress import counted

if TYPE_CHECKING:
    from countermark.index.known import Same

SHOWN = 10


@click.command("merge", short_help="Make one index of several.")
@click.argument("indices", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The folder to write the index to."
)
@click.option(
    "--scheme",
    metavar="NAME",
    help="The scheme of the index (text-l<letters>g<stride>-v1); by default the one for so large a catalogue.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the index's manifest and what was left out as JSON."
)
def command(indices: tuple[Path, ...], out: Path, scheme: str | None, as_json: bool) -> None:
    """Make one index of several full INDICES of texts, in the order given, without reading their works again.

    It is byte for byte the index that `countermark index build` makes of all the works in this order. A file that
    several indices hold (the same work id and the same digest) is kept once. Sealed indices hold no letters to merge:
    merge the full ones, and seal what comes out. Indices of pictures and recordings cannot be merged.

    \b
    Examples:
      countermark index merge poems.index songs.index --out all.index
      countermark index merge part-*.index --out all.index --json

    \b
    Exit codes: 0 done; 2 the indices cannot be merged; 3 one of them is damaged; 5 not written.
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.index_info import facts_of
    from countermark.index.merge import merge_indices

    manifest, twice = merge_indices(indices, out, scheme=scheme)
    if as_json:
        left = [{"index": str(at.folder), "work_id": at.work_id, "file": at.asset_path} for at in twice]
        click.echo(json.dumps(facts_of(manifest, out) | {"left_out": left}, ensure_ascii=False, indent=2))
        return
    tell_twice(twice, "Held by an earlier index already, and left out")
    click.echo(
        f"{out}: {counted(manifest.works, 'work')} in {counted(manifest.assets, 'file')}, "
        f"{counted(manifest.words, 'word')}; full index, {manifest.scheme}."
    )


def tell_twice(twice: list[Same], head: str) -> None:
    """Say on stderr which files were left out, ten of them by name."""
    if not twice:
        return
    click.echo(f"{head}: {counted(len(twice), 'file')}", err=True)
    for same in twice[:SHOWN]:
        click.echo(f"  {same.folder}: {same.work_id}, {same.asset_path}", err=True)
    if len(twice) > SHOWN:
        click.echo(f"  and {len(twice) - SHOWN:,} more", err=True)
