"""`countermark reserve filter`: leave reserved records out of a corpus, and prove what was left out."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.reserve_options import asking_of, record_options, signal_options, use_option
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.compliance.run import FilterOutcome, FilterProgress
    from countermark.compliance.settings import FilterSettings
    from countermark.compliance.verify import Checked

DIFFERS = 1
INCOMPLETE = 6
SHOWN = 10


@click.command("filter")
@click.argument("corpus", metavar="CORPUS…", nargs=-1, type=click.Path(path_type=Path))
@use_option("A record goes if any of the uses named is reserved.")
@click.option("--out", type=click.Path(path_type=Path), help="The folder of what is kept, new or begun.")
@click.option(
    "--removed",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The table of what was removed; proof.json is written beside it.",
)
@signal_options
@click.option(
    "--mark", is_flag=True, help="Remove nothing that can be read; write the answer with each record."
)
@click.option("--unknown", type=click.Choice(["keep", "drop"]), default="keep", show_default=True)
@click.option("--conditional", type=click.Choice(["keep", "drop"]), default="drop", show_default=True)
@record_options
@click.option(
    "--verify",
    type=click.Path(path_type=Path),
    metavar="PROOF",
    help="Check whether CORPUS, what was kept and the table fit a proof.json, offline.",
)
@click.option(
    "--again",
    is_flag=True,
    help="With --verify: judge CORPUS again, with the --robots and --verdicts of the run, and compare.",
)
@click.option("--dry-run", is_flag=True, help="Judge and count, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON, and no progress.")
@click.pass_context
def command(ctx: click.Context, /, verify: Path | None, again: bool, as_json: bool, **given: Any) -> None:
    """Write CORPUS again without the records that are reserved for a use.

    Read are Parquet, JSON Lines and WARC, also compressed; written is the same format under the same names. A WARC
    response is judged by its own headers and page, every record also by the site's robots.txt of its day (--robots) and
    by tables of verdicts (--verdicts). A record about which nothing is said is unknown, and kept unless --unknown drop.
    What cannot be read is never kept: it stands in the table of removed records with its reason. A run that was
    stopped goes on when the same command is given again.

    \b
    Examples:
      countermark reserve filter crawl/ --out kept/ --removed removed.parquet --robots robots.warc.gz
      countermark reserve filter pages.parquet --out kept/ --removed removed.parquet --verdicts verdicts.parquet
      countermark reserve filter --verify proof.json
      countermark reserve filter crawl/ --verify proof.json --again --robots robots.warc.gz

    \b
    Exit codes:
      0    done; or the files fit the proof
      1    the files do not fit the proof: what differs is named
      2    the corpus, a source of signals or an option cannot be used
      4    a file of that name stands in --out and was not written by this command
      5    a result could not be written; make room and give the command again
      6    done, but of some files a part could not be read
      130  stopped with Ctrl-C; give the command again to go on
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    if verify is not None:
        ctx.exit(_verify(verify, again=again, as_json=as_json, **given))
    if again:
        raise InputError("--again goes with --verify")
    settings = _settings(**given)
    outcome = _run(settings, quiet=as_json)
    if as_json:
        click.echo(json.dumps(_facts(outcome, settings), indent=2))
    else:
        _tell(outcome, settings)
    ctx.exit(INCOMPLETE if outcome.incomplete else 0)


def _settings(
    *,
    corpus: tuple[Path, ...],
    out: Path | None,
    removed: Path | None,
    mark: bool,
    unknown: str,
    conditional: str,
    dry_run: bool,
    **asked: Any,
) -> FilterSettings:
    from countermark.compliance.settings import FilterSettings

    if not corpus:
        raise InputError("name at least one file or folder of the corpus")
    if not dry_run and (out is None or removed is None):
        raise InputError("--out and --removed are needed, or --dry-run")
    return FilterSettings(
        corpus=corpus,
        out=out or Path(),
        removed=removed or Path("removed.parquet"),
        asking=asking_of(**asked),
        mark=mark,
        keep_unknown=unknown == "keep",
        keep_conditional=conditional == "keep",
        dry_run=dry_run,
    )


def _run(settings: FilterSettings, *, quiet: bool) -> FilterOutcome:
    from countermark.compliance.run import run_filter

    with _shown("Filtering", quiet=quiet) as show:
        return run_filter(settings, show)


@contextmanager
def _shown(what: str, *, quiet: bool) -> Iterator[Callable[[FilterProgress], None]]:
    from countermark.cli.progress import ProgressDisplay, counted

    with ProgressDisplay(what, quiet=quiet) as display:

        def show(progress: FilterProgress) -> None:
            note = f"{progress.files:,} of {counted(progress.all_files, 'file')}"
            display.show(progress.done, progress.total, fresh=progress.fresh, note=note)

        yield show


def _tell(outcome: FilterOutcome, settings: FilterSettings) -> None:
    from countermark.cli.progress import counted, printable
    from countermark.reservations.target import ANY_AGENT

    read = outcome.total("read")
    uses = ", ".join(settings.asking.uses)
    agent = "no agent in particular" if settings.asking.agent == ANY_AGENT else settings.asking.agent
    click.echo(
        f"{counted(read, 'record')} in {counted(len(outcome.receipts), 'file')} judged for {uses} by {agent}"
        f"{f' ({outcome.skipped:,} files done earlier)' if outcome.skipped else ''}."
    )
    for label, name, meaning in (
        ("kept", "kept", ""),
        ("removed", "removed", ""),
        ("marked", "marked", "kept, and listed in the table"),
        ("unreadable", "unreadable", "among those removed; the table says why"),
        ("unknown", "unknown", "nothing was said, or nothing that can be read"),
        ("doubtful", "doubtful", "something that may have been a reservation could not be read"),
        ("site unknown", "site_unknown", "what robots.txt said on that day is not known"),
        ("no address", "without_url", "records without an address"),
        ("no date", "undated", "records without a day of crawl"),
        (
            "generative",
            "generative_reserved",
            "kept, but reserved for training generative models, not asked for",
        ),
        (
            "by name",
            "agents_refused",
            "kept, but robots.txt refuses AI crawlers by name; --agent asks for one",
        ),
    ):
        count = outcome.total(name)
        if count or name in {"kept", "removed"}:
            click.echo(f"  {count:>12,}  {label:<13}{meaning}".rstrip())
    for receipt in outcome.incomplete[:SHOWN]:
        click.echo(printable(f"Not read to its end: {receipt.file}: {receipt.failed or 'damaged'}"), err=True)
    for refusal in outcome.listing.left_out[:SHOWN]:
        click.echo(printable(f"Left out: {refusal.where}: {refusal.detail}"), err=True)
    if len(outcome.listing.left_out) > SHOWN:
        click.echo(
            f"and {len(outcome.listing.left_out) - SHOWN:,} more left out; proof.json has them", err=True
        )
    if outcome.proof is None:
        click.echo("Nothing was written.")
        return
    click.echo(f"Kept: {settings.out}. Removed, one by one: {settings.removed}. Proof: {outcome.proof}.")
    click.echo(f"Check it again with: countermark reserve filter --verify {outcome.proof}")


def _facts(outcome: FilterOutcome, settings: FilterSettings) -> dict[str, Any]:
    from countermark.compliance.proof import COUNTS

    return {
        "settings": settings.facts(),
        "files": [receipt.to_json() for receipt in outcome.receipts],
        "left_out": [refusal._asdict() for refusal in outcome.listing.left_out],
        "totals": {name: outcome.total(name) for name in COUNTS},
        "skipped": outcome.skipped,
        "proof": str(outcome.proof) if outcome.proof else None,
    }


def _verify(proof: Path, *, again: bool, as_json: bool, **given: Any) -> int:
    from countermark.cli.progress import printable
    from countermark.compliance.verify import verify

    corpus: tuple[Path, ...] = given["corpus"]
    if again:
        checked = _again(proof, corpus, given["robots"], given["verdicts"], quiet=as_json)
    else:
        checked = verify(proof, corpus, given["out"])
    if as_json:
        facts = {
            "fits": not checked.differences, "sha256": checked.sha256, "files": checked.files, "rows": checked.rows,
            "inputs_checked": checked.inputs, "judged_again": again, "differences": checked.differences,
            "not_checked": checked.unchecked,
        }  # fmt: skip
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return DIFFERS if checked.differences else 0
    for difference in checked.differences:
        click.echo(printable(difference))
    if not checked.inputs:
        click.echo("The corpus is not where the proof says. Name it to have it compared with what was kept.")
    _tell_checked(checked, again=again)
    click.echo(f"SHA-256 of {printable(proof.name)}, to note or to have stamped: {checked.sha256}")
    return DIFFERS if checked.differences else 0


def _tell_checked(checked: Checked, *, again: bool) -> None:
    from countermark.cli.progress import counted

    what = f"{counted(checked.files, 'file')}, {counted(checked.rows, 'row')} of removed records"
    if checked.differences:
        number = counted(len(checked.differences), "difference")
        click.echo(f"The files do not fit the proof: {number} ({what}).")
    elif again:
        click.echo(f"Judged again, the same proof and the same files: {what}.")
    else:
        click.echo(f"The files fit the proof: {what}.")
    for unchecked in checked.unchecked:
        click.echo(f"Not checked: {unchecked}.")


def _again(
    proof: Path,
    corpus: tuple[Path, ...],
    robots: tuple[Path, ...],
    verdicts: tuple[Path, ...],
    *,
    quiet: bool,
) -> Checked:
    from countermark.compliance.verify_again import verify_again

    with _shown("Judging again", quiet=quiet) as show:
        return verify_again(proof, corpus, robots, verdicts, show)
