"""`countermark link`: which works of a catalog a listing names."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.days import day_of
from countermark.errors import InputError

if TYPE_CHECKING:
    from countermark.linkage import LinkOutcome, LinkProgress, LinkSettings

QUARANTINED = 6
INTERRUPTED = 130


@click.command("link")
@click.argument(
    "paths", metavar="[CATALOG] LISTING…", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The run folder, new or begun.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="ROLE=COLUMN",
    help="What a column is: title, name, isbn, isrc, iswc, doi, asin, youtube, identifier, url, year, id; of listings "
    "of pictures also md5, sha256, phash, caption, width, height. By default found by itself.",
)
@click.option(
    "--pictures",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="A folder of pictures, or an index of them, to look for in a listing of pictures: by the hashes it stores.",
)
@click.option(
    "--site",
    "sites",
    multiple=True,
    metavar="HOST[/PATH]",
    help="A site of yours, such as example.org or cdn.example.net/me/: every row that points to it is counted.",
)
@click.option("--name", metavar="NAME", help="The name of the data set in findings and reports.")
@click.option(
    "--snapshot", metavar="YYYY-MM-DD", help="When the listing was made. Works published later are controls."
)
@click.option(
    "--controls",
    type=click.Path(path_type=Path),
    metavar="CATALOG",
    help="Works that cannot be in the listing; whatever is found of them is a false alarm, and counted.",
)
@click.option(
    "--attempts",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The log of all attempts; by default attempts.jsonl beside the run folder.",
)
@click.option("--workers", type=click.IntRange(min=1), help="Worker processes; by default one per core.")
@click.option(
    "--dry-run", is_flag=True, help="Show the mapping and the first rows as read, and write nothing."
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON, and no progress.")
@click.pass_context
def command(ctx: click.Context, /, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Look for the works of CATALOG in LISTING: files and folders of titles, identifiers or addresses.

    Read are Parquet, CSV, TSV and JSON Lines, compressed or not. A row is found by identifier (ISBN, ISRC, ISWC, DOI,
    ASIN, YouTube id, address) or only by name. A name is not proof: each such row tells how many others share it. A run
    that was stopped goes on when the same command is given again.

    Of listings of pictures (LAION, COYO, DataComp, img2dataset, Conceptual Captions) addresses, hosts and stored hashes
    are compared. With --pictures or --site no CATALOG is needed.

    \b
    Examples:
      countermark link works.catalog laion-disco/ --out run/ --snapshot 2024-11-15
      countermark link works.catalog books.csv --out run/ --map title=Titel --map name=Autor
      countermark link works.catalog books.csv --out run/ --dry-run
      countermark link --pictures portfolio/ --site example.org laion/ --out run/

    \b
    Exit codes:
      0    done, also when some rows could not be read (they are counted, with reasons)
      2    the catalog, the listing or an option cannot be used, or no row was read at all
      4    the run folder is in use, or was made with other settings
      5    a result could not be written; make room and give the command again
      6    done, but some shards could not be read (run/quarantine says why)
      130  stopped with Ctrl-C; give the command again to go on
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    catalog, given["listings"] = _catalog_first(given.pop("paths"), given["pictures"] or given["sites"])
    controls = given.pop("controls")
    from countermark.cli.extras import needs_link

    needs_link(titles=catalog is not None)
    if dry_run:
        from countermark.cli.link_outcome import tell_plan
        from countermark.linkage import plan_link

        tell_plan(plan_link(_settings(**given)), as_json=as_json)
        return
    ctx.exit(_linked(catalog, controls, given, as_json=as_json))


def _linked(catalog: Path | None, controls: Path | None, given: dict[str, Any], *, as_json: bool) -> int:
    """Link, tell the outcome, and return the exit code."""
    outcome = _run(catalog, controls, given, quiet=as_json)
    summary = None
    if outcome.complete and not outcome.interrupted:
        from countermark.linkage import conclude
        from countermark.probability.binomial import clopper_pearson

        summary = conclude(outcome.run, clopper_pearson)
    if as_json:
        click.echo(json.dumps(_facts(outcome) | {"summary": summary}, ensure_ascii=False, indent=2))
    else:
        from countermark.cli.link_outcome import tell

        tell(outcome, summary, catalog)
    if outcome.interrupted:
        return INTERRUPTED
    if outcome.quarantined:
        return QUARANTINED
    return 0 if outcome.rows else InputError.exit_code


def _catalog_first(paths: tuple[Path, ...], others: Any) -> tuple[Path | None, tuple[Path, ...]]:
    """The catalog and the listings; where pictures or sites are looked for, the first path need be no catalog."""
    first, listings = paths[0], paths[1:]
    if others and not _is_database(first):
        return None, paths
    if not listings:
        raise click.UsageError(
            "Missing argument 'LISTING…': give a catalog and listings, or --pictures or --site and listings."
        )
    return first, listings


def _is_database(path: Path) -> bool:
    """Whether a file is a database of SQLite, as catalogs are and listings are not."""
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _run(catalog: Path | None, controls: Path | None, given: dict[str, Any], *, quiet: bool) -> LinkOutcome:
    from countermark.cli.progress import ProgressDisplay
    from countermark.kernels.cache import is_compiled
    from countermark.linkage import run_link
    from countermark.works.catalog import Catalog

    known = Catalog.open(catalog) if catalog else None
    against = Catalog.open(controls) if controls else None
    settings = _settings(
        **given, catalog=known.digest if known else "", against=against.digest if against else ""
    )
    if not is_compiled("scan_addresses" if given["pictures"] or given["sites"] else "candidates"):
        click.echo("Compiling the kernels: once on this machine, about half a minute.", err=True)
    with ProgressDisplay("Linking", quiet=quiet) as display:
        return run_link(
            settings,
            known.works() if known else (),
            against.works() if against else (),
            progress=lambda progress: _show(display, progress),
        )


def _settings(  # noqa: PLR0913  one parameter per option
    *,
    listings: tuple[Path, ...],
    out: Path,
    maps: tuple[str, ...],
    name: str | None,
    snapshot: str | None,
    workers: int | None,
    pictures: tuple[Path, ...] = (),
    sites: tuple[str, ...] = (),
    attempts: Path | None = None,
    catalog: str = "",
    against: str = "",
) -> LinkSettings:
    from countermark.linkage import LinkSettings

    return LinkSettings(
        listings=listings,
        out=out,
        snapshot_date=day_of(snapshot, "--snapshot") if snapshot else None,
        name=name,
        maps=maps,
        workers=workers,
        catalog=catalog,
        controls=against,
        command=(Path(sys.argv[0]).name, *sys.argv[1:]),  # where it is installed is nobody's business
        attempts=attempts,
        pictures=pictures,
        sites=sites,
    )


def _show(display: Any, progress: LinkProgress) -> None:
    from countermark.cli.progress import counted

    of = counted(progress.all_shards, "shard")
    note = f"{progress.shards:,} of {of}, {counted(progress.findings, 'row')} found"
    display.show(progress.bytes, progress.all_bytes, fresh=progress.linked_bytes, note=note)


def _facts(outcome: LinkOutcome) -> dict[str, Any]:
    return {
        "run": str(outcome.run),
        "corpus": outcome.corpus,
        "shape": outcome.shape,
        "mapping": [f"{role}={column}" for role, column in outcome.mapping],
        "shards": outcome.shards,
        "linked": outcome.linked,
        "skipped": outcome.skipped,
        "quarantined": {name: list(reasons) for name, reasons in sorted(outcome.quarantined.items())},
        "interrupted": outcome.interrupted,
        "rows": outcome.rows,
        "refused": outcome.refused,
        "findings": outcome.findings,
    }
