"""`countermark dossier replay`: one finding again, in the file of the data set."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from countermark.cli.extras import needs_claims
from countermark.cli.progress import printable

if TYPE_CHECKING:
    from countermark.evidence.dossier.replay.replay import Replay

MARKS = {"yes": "agrees", "no": "DIFFERS", "not checked": "–"}


@click.command("replay")
@click.argument("bag", metavar="BAG", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("shard", metavar="CORPUS_SHARD", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--finding", required=True, metavar="ID", help="The finding_id, as findings.csv and the report name it."
)
@click.option(
    "--index",
    type=click.Path(path_type=Path),
    metavar="INDEX",
    help="The run's index: every column is compared.",
)
@click.option(
    "--controls", type=click.Path(path_type=Path), metavar="INDEX", help="The run's index of controls."
)
@click.option("--salt-file", type=click.Path(path_type=Path), help="The salt of a sealed index.")
@click.option("--json", "as_json", is_flag=True, help="Print the steps as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    bag: Path,
    shard: Path,
    finding: str,
    index: Path | None,
    controls: Path | None,
    salt_file: Path | None,
    as_json: bool,
) -> None:
    """Search one finding of the dossier BAG again in CORPUS_SHARD, the file (or folder of documents) of the data set.

    Step by step: is it the file that was searched, does the row hold the record, is the passage the one that was
    sealed, and does the search find the same place? What differs is said precisely. Without --index the passage in the
    dossier is searched; with it, the whole work, and every column of the finding must be the same.

    Of a picture, the dossier's copies are compared too, and without --index the work for print in the dossier is
    searched: it must lie in the same place. With it, grade, corners and every other column must be the same.

    Of a recording, the sealed excerpts are compared along the sealed alignment, within a quarter of a second; with
    --index the track is searched again whole.

    Of a link, CORPUS_SHARD is the file of the listing: its row is read with the columns of the run, compared with the
    sealed digest, and linked again with the catalog that the dossier holds.

    \b
    Examples:
      countermark dossier replay dossier/ part-0007.jsonl.zst --finding 5e0c1f…
      countermark dossier replay dossier/ part-0007.jsonl.zst --finding 5e0c1f… --index works.index
      countermark dossier replay dossier/ listing.csv --finding 7d20aa…

    \b
    Exit codes:
      0    everything agrees
      1    something differs, or the search could not be done again
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    needs_claims()
    from countermark.cli.index_salt import read_salt
    from countermark.evidence.dossier.replay.replay import replay

    salt = read_salt(salt_file) if salt_file else None
    done = replay(bag, finding, shard, index=index, controls=controls, salt=salt)
    if as_json:
        click.echo(json.dumps({**asdict(done), "agrees": done.agrees}, ensure_ascii=False, indent=2))
    else:
        _tell(done)
    ctx.exit(0 if done.agrees else 1)


def _tell(done: Replay) -> None:
    click.echo(f"Finding {printable(done.finding_id)}: {printable(done.work_title)}")
    for step in done.steps:
        click.echo(f"  {step.name:<9}{MARKS[step.held]:<9}{printable(step.said)}")
    click.echo("The finding is confirmed." if done.agrees else "The finding is not confirmed: see above.")
