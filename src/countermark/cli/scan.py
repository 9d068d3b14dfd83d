"""`countermark scan`: look for the works of an index in a corpus."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.days import day_of
from countermark.cli.place import PlaceType
from countermark.cli.scan_runner import runner_for, runner_options
from countermark.cli.scan_tokenizers import asked_of, tell_tokenizers, tokenizer_options
from countermark.errors import InputError
from countermark.media import Medium

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.scan import RunOutcome, ScanProgress, ScanSettings
    from countermark.scan.runners.base import Runner
    from countermark.storage.place import Place

COMPILING = "Compiling the kernels: once on this machine, about half a minute."
_LOOKUP_OF_PICTURES = "_hamming_kernel.search"  # the kernel that every scan for pictures runs
STILL_SECONDS = 60.0
QUARANTINED = 6
INTERRUPTED = 130


@click.command("scan")
@click.argument("index", metavar="INDEX", type=click.Path(path_type=Path))
@click.argument("corpus", metavar="CORPUS…", nargs=-1, required=True, type=PlaceType())
@click.option("--out", required=True, type=PlaceType(), help="The run folder, new or begun: a path or a URL.")
@click.option(
    "--snapshot-date",
    metavar="YYYY-MM-DD",
    help="When the corpus was made. Works published later cannot be in it: they serve as controls.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Worker processes, with --runner ray per node; by default one per core.",
)
@runner_options
@click.option("--part", metavar="I/N", help="Scan every N-th shard only, beginning with the I-th.")
@click.option(
    "--controls",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Works that cannot be in the corpus; whatever is found of them is a false alarm, and counted.",
)
@click.option(
    "--text-column",
    metavar="NAME",
    help="The column or field with the text, the picture or the sound; by default found by itself.",
)
@tokenizer_options
@click.option("--corpus-name", metavar="NAME", help="The name of the corpus in findings and report.")
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
    help="The crawl's captures of robots.txt; findings then say what was reserved on the day. May be repeated.",
)
@click.option("--agent", default="*", show_default=True, help="The crawler that reservations are read for.")
@click.option(
    "--robots-age",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="How old a capture of robots.txt may be.",
)
@click.option(
    "--keep-sketches",
    is_flag=True,
    help="Pictures: keep 128 bytes of each, so that works registered later can be looked for without a second pass.",
)
@click.option(
    "--embedding",
    type=click.Path(path_type=Path),
    metavar="ONNX",
    help="Pictures: the model that the index was built with; what it proposes is confirmed like all else.",
)
@click.option(
    "--quick",
    is_flag=True,
    help="Recordings: hear two windows of 15 seconds of each track first, and the whole only after a hit.",
)
@click.option(
    "--no-excerpts",
    is_flag=True,
    help="Keep nothing of what a record says, shows or sounds, where the corpus may not leave the room.",
)
@click.option(
    "--compositions",
    is_flag=True,
    help="Recordings: hint also at other recordings of the same composition, with the chance matches to expect (slow).",
)
@click.option(
    "--notes",
    type=click.Path(path_type=Path),
    metavar="ONNX",
    help="Recordings: the model of notes that the index was built with.",
)
@click.option(
    "--mirror",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the copy of a run folder at a URL is kept; by default in the user's cache folder.",
)
@click.option(
    "--recheck",
    is_flag=True,
    help="Hash again what was scanned earlier, and scan what has changed: size and name alone are trusted otherwise.",
)
@click.option("--dry-run", is_flag=True, help="Print the plan, and write nothing.")
@click.option(
    "--estimate",
    is_flag=True,
    help="Scan a sample, print what the whole will take and cost, and write nothing else.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON, and no progress.")
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Look for the works of INDEX in CORPUS: files and folders, by path or URL (s3://, gs://, https://).

    Texts are read from JSONL, Parquet, Arrow, CSV, WARC and WET, WebDataset, tar and zip archives, and plain text,
    compressed or not; and from files of token ids (Megatron, nanoGPT and llm.c, NumPy, MosaicML MDS, Modalities
    .pbin, Parquet and Arrow), with the tables that `countermark tokenizer add` keeps. With an index of pictures,
    pictures are read: from folders, WebDataset, tar and zip archives, Parquet and WARC; also the sketches that an
    earlier scan kept. With an index of recordings, sound is read from the same, from JSONL (base64), and from
    videos. Results go into the run folder, shard by shard. A scan that was stopped, killed or ran out of disk goes
    on where it was when the same command is given again; nothing is scanned twice, and nothing is skipped in
    silence.

    Findings in WARC records say what was reserved when the record was captured (columns reservation_…): by its
    header fields and its page, and by the robots.txt of the day where --robots gives the crawl's captures of it.

    \b
    Examples:
      countermark scan works.index corpus/ --out run/
      countermark scan works.index dump.jsonl.zst --out run/ --snapshot-date 2023-06-01
      countermark scan works.index corpus/ --out run/ --part 3/100     # on machine 3 of 100
      countermark scan works.index megatron/ --out run/                # token ids; the tokeniser is found by trial
      countermark scan works.index s3://bucket/crawl --out s3://mine/run --runner ray
      countermark scan songs.index tracks/*.tar --out run/ --quick
      countermark scan pictures.index laion/*.tar --out run/ --keep-sketches
      countermark scan later.index run/sketches/ --out later/

    \b
    Exit codes:
      0    done, also when some rows could not be read (they are counted, with reasons)
      2    the corpus, the controls or an option cannot be used, or no text, picture or recording was read at all
      3    the index is damaged, foreign or of another scheme
      4    the run folder is in use, or was made with other settings
      5    a result could not be written; make room and give the command again
      6    done, but some shards could not be scanned (run/quarantine says why)
      130  stopped with Ctrl-C; give the command again to go on
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    ctx.exit(_done(**given))


def _done(
    *,
    dry_run: bool,
    estimate: bool,
    as_json: bool,
    runner: str,
    address: str | None,
    tokenizer: str | None,
    tokenizers: Path | None,
    **given: Any,
) -> int:
    """Do what is asked, and return the exit code."""
    from countermark.cli.scan_estimate import tell_estimate
    from countermark.cli.scan_plan import tell_plan

    settings = replace(_settings(**given), tokenizers=asked_of(tokenizer, tokenizers, given["out"]))
    _see_fitting(settings)
    chosen = runner_for(runner, address, settings)
    if not (dry_run or estimate):
        return _scanned(settings, chosen, as_json=as_json)
    (tell_plan if dry_run else tell_estimate)(settings, as_json=as_json)
    return 0


def _scanned(settings: ScanSettings, runner: Runner | None, *, as_json: bool) -> int:
    """Scan, tell the outcome, and return the exit code."""
    from countermark.cli.scan_estimate import against
    from countermark.cli.scan_plan import outcome_facts
    from countermark.scan import run_scan

    _announce_kernels(settings)
    _announce_hints(settings)
    estimated = against(settings) if runner is None else None  # an estimate is of this machine's workers
    last: list[ScanProgress] = []

    def show(progress: ScanProgress) -> None:
        last[:] = [progress]
        _show(display, progress, estimated)

    with _display(settings, quiet=as_json) as display:
        planned = partial(tell_tokenizers, quiet=as_json)
        outcome = run_scan(settings, progress=show, runner=runner, planned=planned)
    summary = _conclusion(settings, outcome)
    if as_json:
        click.echo(json.dumps(outcome_facts(outcome) | {"summary": summary}, ensure_ascii=False, indent=2))
    else:
        from countermark.cli.scan_outcome import tell

        tell(outcome, summary)
        if estimated is not None and last and (said := estimated(last[0])):
            click.echo(said)
    if outcome.interrupted:
        return INTERRUPTED
    if outcome.quarantined:
        return QUARANTINED
    looked_at = outcome.frames if outcome.medium == Medium.IMAGE else outcome.records
    return InputError.exit_code if outcome.complete and not looked_at else 0


def _settings(  # noqa: PLR0913  one parameter per option
    *,
    index: Path,
    corpus: tuple[Place, ...],
    out: Place,
    snapshot_date: str | None,
    workers: int | None,
    part: str | None,
    controls: Path | None,
    text_column: str | None,
    corpus_name: str | None,
    salt_file: Path | None,
    attempts: Path | None,
    robots: tuple[Path, ...],
    agent: str,
    robots_age: int,
    keep_sketches: bool,
    embedding: Path | None,
    quick: bool,
    no_excerpts: bool,
    compositions: bool,
    notes: Path | None,
    mirror: Path | None,
    recheck: bool,
) -> ScanSettings:
    from countermark.cli.index_salt import read_salt
    from countermark.scan import AskedReservations, Part, ScanSettings
    from countermark.scan.listening import AskedListening

    return ScanSettings(
        index=index,
        corpus=corpus,
        out=out,
        snapshot_date=day_of(snapshot_date, "--snapshot-date") if snapshot_date else None,
        corpus_name=corpus_name,
        text_column=text_column,
        controls=controls,
        part=Part.parse(part) if part else Part(1, 1),
        workers=workers,
        salt=read_salt(salt_file) if salt_file else None,
        command=(Path(sys.argv[0]).name, *sys.argv[1:]),  # where it is installed is nobody's business
        attempts=attempts,
        reservations=AskedReservations(robots, agent, robots_age),
        keep_sketches=keep_sketches,
        embedding=embedding,
        excerpts=not no_excerpts,
        mirror=mirror,
        recheck=recheck,
        listening=AskedListening(quick, compositions, notes),
    )


def _see_fitting(settings: ScanSettings) -> None:
    """Before anything is compiled, raise InputError where the index cannot give what is asked.

    And MissingExtraError where it is one of pictures or recordings, and what they need is not there.
    """
    from countermark.cli.extras import needs_audio, needs_embedding, needs_image
    from countermark.index.manifest import read_manifest

    manifest = read_manifest(settings.index)
    medium = manifest.medium
    settings.listening.require_fitting(medium, compositions=manifest.facts.get("compositions") is True)
    if medium == Medium.AUDIO:
        needs_audio()
    if medium != Medium.IMAGE:
        return

    needs_image()
    if settings.embedding is not None:
        needs_embedding()


def _announce_hints(settings: ScanSettings) -> None:
    """Say that no hint can be given where the catalogue is too small to judge one."""
    if not settings.listening.compositions:
        return
    from countermark.cli.progress import counted
    from countermark.index.manifest import read_manifest
    from countermark.matching.audio.composition.impostors import LEAST_WORKS

    manifest = read_manifest(settings.index)
    works = manifest.works
    if manifest.facts.get("compositions") and works < LEAST_WORKS:  # any other index is refused
        click.echo(
            f"Note: no resemblance will be told: to judge one takes {LEAST_WORKS} works that hold melody or harmony, "
            f"and this index has {counted(works, 'work')}.",
            err=True,
        )


def _announce_kernels(settings: ScanSettings) -> None:
    """Say why the first scan on a machine is slow to begin; an index that cannot be used is refused before."""
    from countermark.index.manifest import read_manifest
    from countermark.kernels.cache import is_compiled
    from countermark.scan.search import kernels_are_compiled

    medium = read_manifest(settings.index).medium
    # works with hardly any texture never reach the last kernel, but their lookup is compiled
    if kernels_are_compiled(medium) or (medium == Medium.IMAGE and is_compiled(_LOOKUP_OF_PICTURES)):
        return
    if medium == Medium.IMAGE:
        from countermark.index.image.lookup import open_image_index

        if settings.salt is None:  # one with a salt is refused by the scan itself
            open_image_index(settings.index).verify()
    elif medium == Medium.AUDIO:
        from countermark.index.audio.lookup import open_audio_index

        if settings.salt is None:
            open_audio_index(settings.index).verify()
    else:
        from countermark.index import open_index

        open_index(settings.index, settings.salt).verify()
    click.echo(COMPILING, err=True)


def _display(settings: ScanSettings, *, quiet: bool) -> Any:
    from countermark.cli.progress import ProgressDisplay

    part = f" (part {settings.part})" if settings.part.of > 1 else ""
    return ProgressDisplay(f"Scanning{part}", quiet=quiet)


def _show(display: Any, progress: ScanProgress, estimated: Callable[[ScanProgress], str] | None) -> None:
    from countermark.cli.progress import counted

    of = counted(progress.all_shards, "shard")
    note = f"{progress.shards:,} of {of}, {counted(progress.findings, 'finding')}"
    if progress.nodes:
        note += f", {counted(progress.slots, 'worker')} on {counted(progress.nodes, 'node')}"
    note += _waiting(progress)
    if progress.quarantined:
        note += f", {progress.quarantined:,} in quarantine"
    if estimated is not None and (said := estimated(progress)):
        note += f", {said}"
    display.show(progress.bytes, progress.all_bytes, fresh=progress.scanned_bytes, note=note)


def _waiting(progress: ScanProgress) -> str:
    """What is waited for, of a cluster: else a scan that has not begun looks like one that hangs."""
    from countermark.cli.progress import counted, duration

    said = ""
    if progress.awaited:
        said += f", waiting for {counted(progress.awaited, 'node')} with free cores"
    if progress.preparing:
        said += f", {counted(progress.preparing, 'node')} getting the index and the kernels"
    if progress.nodes and progress.still >= STILL_SECONDS:
        said += f", nothing read for {duration(progress.still)}: other programs may have the cores"
    return said


def _conclusion(settings: ScanSettings, outcome: RunOutcome) -> dict[str, Any] | None:
    """The summary of the whole run; None while shards remain, here or on another machine."""
    if not outcome.complete:
        return None
    from countermark.evidence.summary import conclude
    from countermark.storage.mirror import publish

    summary = conclude(outcome.run)
    publish(settings.out, settings.mirror)
    return summary
