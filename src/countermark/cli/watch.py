"""`countermark watch`: scan a new version of a data set, and compare it with the last run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.days import day_of
from countermark.cli.place import PlaceType
from countermark.cli.scan_runner import runner_for, runner_options
from countermark.cli.scan_tokenizers import asked_of, tokenizer_options
from countermark.errors import InputError

if TYPE_CHECKING:
    from datetime import date

    from countermark.scan import ScanSettings
    from countermark.storage.place import Place


@click.command("watch")
@click.argument("last", metavar="LAST_RUN", type=PlaceType())
@click.argument("index", metavar="INDEX", type=click.Path(path_type=Path))
@click.argument("corpus", metavar="CORPUS…", nargs=-1, required=True, type=PlaceType())
@click.option(
    "--out",
    required=True,
    type=PlaceType(),
    help="The new run: a folder or s3:// or gs:// URL, new or begun.",
)
@click.option("--snapshot-date", metavar="YYYY-MM-DD", help="When the new version was made.")
@click.option(
    "--date",
    "dated",
    metavar="YYYY-MM-DD",
    help="The date of the feed's entries; by default the snapshot date. `today` takes the clock's.",
)
@click.option("--workers", type=click.IntRange(min=1), help="Worker processes; by default one per core.")
@runner_options
@click.option(
    "--mirror",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the copies of run folders at URLs are kept; by default in the user's cache folder.",
)
@click.option(
    "--controls",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The controls; needed again where the last run had them.",
)
@click.option("--corpus-name", metavar="NAME", help="The name of the corpus in findings and pages.")
@click.option("--salt-file", type=click.Path(path_type=Path), help="The salt of a sealed index.")
@click.option(
    "--attempts",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The log of all attempts; by default attempts.jsonl beside the run folder.",
)
@click.option(
    "--robots",
    metavar="WARC",
    multiple=True,
    type=click.Path(path_type=Path),
    help="The crawl's captures of robots.txt; needed again where the last run had some. May be repeated.",
)
@click.option(
    "--embedding",
    type=click.Path(path_type=Path),
    metavar="ONNX",
    help="Pictures: the model of the last run.",
)
@click.option(
    "--notes",
    type=click.Path(path_type=Path),
    metavar="ONNX",
    help="Recordings: the model of notes of the last run.",
)
@tokenizer_options
@click.option("--dry-run", is_flag=True, help="Say what would be carried and what scanned; write nothing.")
@click.option("--exit-code", is_flag=True, help="End with 1 where a work has a finding that is new.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON, and no progress.")
@click.pass_context
def command(ctx: click.Context, /, last: Place, **given: Any) -> None:
    """Look for the works of INDEX in a new version of a data set, and say what changed since LAST_RUN.

    The scan has the settings of the last run (text column, agent, what is kept). Shards of texts whose bytes are those
    of a shard of the last run are not scanned again: their findings are carried over, byte for byte as a scan would
    write them, and the log says so. To compare their bytes they are read once, from a URL too. Where anything that
    decides the result has changed (the index, the controls, the version of Countermark), and for pictures and
    recordings, every shard is scanned, and why is said.

    The folder NEW_RUN/watch then holds what is new, gone, changed or moved: changes.parquet and changes.json, a page in
    English and in French, and a feed (Atom) in both, which goes on from that of the last run. “Gone” means: not found
    in what was searched of this version; findings in files that could not be read are told apart.

    \b
    Examples:
      countermark watch may/ works.index crawl-june/ --out june/ --snapshot-date 2024-06-30
      countermark watch may/ works.index crawl-june/ --out june/ --snapshot-date 2024-06-30 --dry-run
      countermark watch may/ works.index crawl/ --out june/ --date today --exit-code || mail …
      countermark watch s3://runs/may works.index s3://data/june --out s3://runs/june --snapshot-date 2024-06-30

    \b
    Exit codes:
      0    done, whether anything is new or not (but see --exit-code)
      1    with --exit-code: done, and a work has a finding that is new
      2    the corpus or an option cannot be used, or something that the last run had is not given
      3    the index is damaged, foreign or of another scheme
      4    a run folder is in use, damaged or has not ended, or was made with other settings
      5    a result could not be written; make room and give the command again
      6    done, but some shards could not be scanned (the page names them)
      130  stopped with Ctrl-C; give the command again to go on
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    ctx.exit(_watched(last, **given))


def _watched(
    last: Place,
    *,
    dated: str | None,
    runner: str,
    address: str | None,
    dry_run: bool,
    exit_code: bool,
    as_json: bool,
    **given: Any,
) -> int:
    """Scan and compare, or tell what would be done; return the exit code."""
    from countermark.cli.watch_outcome import run_watch, tell_plan
    from countermark.storage.mirror import pull

    if _same(last, given["out"]):
        raise InputError(f"--out {given['out']}: this is the last run; give a new folder")
    at_hand = pull(last, given["mirror"])
    settings = _settings(at_hand, **given)
    day = _day(dated, settings.snapshot_date)
    inner = runner_for(runner, address, settings)
    if dry_run:
        tell_plan(at_hand, settings, as_json=as_json)
        return 0
    return run_watch(at_hand, settings, day, inner, as_json=as_json, telling=exit_code)


def _same(last: Place, out: Place) -> bool:
    if isinstance(last, Path) and isinstance(out, Path):
        return last.resolve() == out.resolve()
    return str(last).rstrip("/") == str(out).rstrip("/")


def _settings(
    last: Path,
    *,
    salt_file: Path | None,
    workers: int | None,
    attempts: Path | None,
    mirror: Path | None,
    snapshot_date: str | None,
    tokenizer: str | None,
    tokenizers: Path | None,
    **given: Any,
) -> ScanSettings:
    from dataclasses import replace

    from countermark.cli.index_salt import read_salt
    from countermark.scan.carrying_settings import AskedAnew, settings_after, settings_of

    snapshot = day_of(snapshot_date, "--snapshot-date") if snapshot_date else None
    ids = asked_of(tokenizer, tokenizers, beside=last)
    asked = AskedAnew(**given, snapshot_date=snapshot, tokenizers=ids)
    return replace(
        settings_after(settings_of(last), asked),
        salt=read_salt(salt_file) if salt_file else None,
        workers=workers,
        attempts=attempts,
        mirror=mirror,
        command=(Path(sys.argv[0]).name, *sys.argv[1:]),  # where it is installed is nobody's business
    )


def _day(dated: str | None, snapshot: date | None) -> date:
    """The date of the feed's entries: nothing is dated by the clock unless that is asked for."""
    from datetime import UTC, datetime

    if dated == "today":
        return datetime.now(UTC).date()
    if dated is not None:
        return day_of(dated, "--date")
    if snapshot is None:
        raise InputError("the feed needs a date: give --snapshot-date or --date (YYYY-MM-DD, or today)")
    return snapshot
