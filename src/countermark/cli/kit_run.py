"""`countermark kit run`."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.days import day_of
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.kit.room import Room
    from countermark.scan import DryRun, RunOutcome

QUARANTINED, INTERRUPTED = 6, 130
_PATH = click.Path(path_type=Path)


@click.command("run")
@click.argument("corpus", metavar="CORPUS…", nargs=-1, required=True, type=_PATH)
@click.option("--out", required=True, type=_PATH, help="The folder on the medium, new or begun.")
@click.option("--salt-file", type=_PATH, help="The salt, which was carried separately.")
@click.option(
    "--allow-excerpts",
    is_flag=True,
    help="Let excerpts of the corpus leave: the passages found, as they stand.",
)
@click.option(
    "--snapshot-date", metavar="YYYY-MM-DD", help="When the corpus was made; later works serve as controls."
)
@click.option("--corpus-name", metavar="NAME", help="The name of the corpus in findings and report.")
@click.option(
    "--text-column", metavar="NAME", help="The column or field with the text; by default found by itself."
)
@click.option(
    "--tokenizer",
    metavar="NAME",
    help="Token ids: read all with this tokeniser of the kit, as in --tokenizer gpt2; by default it is found by trial.",
)
@click.option("--workers", type=click.IntRange(min=1), help="Worker processes; by default one per core.")
@click.option("--part", metavar="I/N", help="Scan every N-th shard only, beginning with the I-th.")
@click.option(
    "--kit", type=_PATH, help="The kit's folder, where this is not the programme of the kit itself."
)
@click.option("--dry-run", is_flag=True, help="Check the kit, print the plan, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON, and no progress.")
@click.pass_context
def command(ctx: click.Context, /, *, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Scan CORPUS with the index of the kit, onto a medium: in the room.

    Every file of the kit is checked first, and the kit repeats the self-test that it passed when it was built. Then the
    corpus is scanned. Whatever ends it (Ctrl-C, a kill, a power cut), the same command goes on where it was, and the
    findings are the same bytes. Everything is written below OUT; nothing is sent, and the kit itself may be read-only.

    Without --allow-excerpts the medium holds no text of the corpus: findings name the file, the record (its
    identifier, address, date and digest) and the place in it. What is none of these is not let through by being called
    so: of an identifier that is a text, or an address that is none, the SHA-256 stands there. Reports give counts; the
    works' side is added at home. OUT, the kit, the corpus and the salt lie apart from each other.

    Token ids are read by the tables that the kit was built with, and by no others.

    \b
    Examples:
      sh kit/countermark kit run /corpus --out /medium/found --salt-file /salt/kit.salt
      sh kit/countermark kit run /corpus --out /medium/found --salt-file kit.salt --dry-run
      sh kit/countermark kit run /corpus --out /shared/found --salt-file kit.salt --part 3/8

    \b
    Exit codes:
      0    done, also when some rows could not be read (they are counted, with reasons)
      2    the corpus or an option cannot be used, or no text was read at all
      3    the salt or the index is not the right one
      4    the kit was changed or does not pass its self-test; the medium is in use, sealed, or of another run
      5    the medium cannot be written
      6    done, but some shards could not be scanned (run/quarantine says why)
      130  stopped with Ctrl-C; give the command again to go on
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    room = _room(**given)
    if dry_run:
        from countermark.kit.room import plan_in_room

        plan = plan_in_room(room, tell=_teller(quiet=as_json))
        _tell_plan(plan, as_json=as_json)
    else:
        ctx.exit(_run(room, as_json=as_json))


def _room(  # noqa: PLR0913  one parameter per option
    *,
    corpus: tuple[Path, ...],
    out: Path,
    salt_file: Path | None,
    allow_excerpts: bool,
    snapshot_date: str | None,
    corpus_name: str | None,
    text_column: str | None,
    tokenizer: str | None,
    workers: int | None,
    part: str | None,
    kit: Path | None,
) -> Room:
    from countermark.kit.room import Room
    from countermark.kit.start import kit_folder
    from countermark.scan.plan import WHOLE, Part

    kit = kit or kit_folder()
    if kit is None:
        raise InputError(
            "this programme does not run from a kit: start it as `sh kit/countermark`, or give --kit FOLDER"
        )
    return Room(
        kit=kit,
        corpus=corpus,
        medium=out,
        salt_file=salt_file,
        excerpts=allow_excerpts,
        part=Part.parse(part) if part else WHOLE,
        snapshot_date=day_of(snapshot_date, "--snapshot-date") if snapshot_date else None,
        corpus_name=corpus_name,
        text_column=text_column,
        tokenizer=tokenizer,
        workers=workers,
        command=("countermark", *sys.argv[1:]),
    )


def _run(room: Room, *, as_json: bool) -> int:
    from countermark.cli.progress import ProgressDisplay, counted
    from countermark.cli.scan_tokenizers import tell_tokenizers
    from countermark.kit.room import run_in_room

    with ProgressDisplay("Scanning", quiet=as_json) as display:
        outcome = run_in_room(
            room,
            tell=_teller(quiet=as_json),
            planned=partial(tell_tokenizers, quiet=as_json),
            progress=lambda now: display.show(
                now.bytes, now.all_bytes, fresh=now.scanned_bytes, note=counted(now.findings, "finding")
            ),
        )
    if as_json:
        click.echo(json.dumps(_facts(outcome), ensure_ascii=False, indent=2))
    else:
        _tell(room, outcome)
    if outcome.interrupted:
        return INTERRUPTED
    if outcome.quarantined:
        return QUARANTINED
    return InputError.exit_code if outcome.complete and not outcome.records else 0


def _teller(*, quiet: bool) -> Callable[[str], None]:
    """Says each step as it begins: checking a large kit takes a minute."""
    return (lambda _: None) if quiet else (lambda step: click.echo(f"{step} …", err=True))


def _tell(room: Room, outcome: RunOutcome) -> None:
    from countermark.cli.progress import counted, duration, printable, size

    earlier = f", {outcome.skipped:,} scanned earlier" if outcome.skipped else ""
    click.echo(
        f"{printable(outcome.corpus)}: {counted(outcome.scanned, 'shard')} scanned in {duration(outcome.seconds)}"
        f"{earlier}; {counted(outcome.records, 'record')}, {size(outcome.text_bytes)} of text, "
        f"{counted(outcome.findings, 'finding')}."
    )
    if outcome.refused:
        click.echo(
            f"Not read: {counted(outcome.refused, 'row or file', 'rows or files')}; the report lists the reasons."
        )
    if outcome.quarantined:
        click.echo(
            f"Could not be scanned: {counted(len(outcome.quarantined), 'shard')}; see {room.run}/quarantine."
        )
    if not room.excerpts:
        click.echo("No text of the corpus is on the medium.")
    _tell_next(room, outcome)


def _tell_next(room: Room, outcome: RunOutcome) -> None:
    """What is to be done: go on, wait for the other parts, or close."""
    from countermark.cli.progress import counted

    remain = f"{counted(outcome.remaining, 'shard')}{{}} {'remains' if outcome.remaining == 1 else 'remain'}"
    if outcome.interrupted:
        click.echo(f"Stopped; {remain.format('')}. Give the same command again to go on.")
    elif outcome.remaining:
        others = remain.format(" of other parts")
        click.echo(
            f"Part {outcome.part} is done; {others}. When all are done: countermark kit close {room.medium}"
        )
    else:
        click.echo(f"Next: countermark kit close {room.medium}")


def _facts(outcome: RunOutcome) -> dict[str, Any]:
    """What a program reads of a run, without what only other media have: kits are for texts."""
    from countermark.cli.scan_plan import OF_MEDIA, outcome_facts

    return {name: fact for name, fact in outcome_facts(outcome).items() if name not in OF_MEDIA}


def _plan_facts(plan: DryRun) -> dict[str, Any]:
    return {
        "corpus": plan.corpus,
        "shards": len(plan.shards),
        "bytes": plan.bytes,
        "done": plan.done,
        "refused": plan.refused,
        "workers": plan.workers,
        **({"tokenizers": list(plan.tokenizers)} if plan.tokenizers else {}),
    }


def _tell_plan(plan: DryRun, *, as_json: bool) -> None:
    from countermark.cli.progress import counted, printable, size
    from countermark.cli.scan_tokenizers import lines

    if as_json:
        click.echo(json.dumps(_plan_facts(plan), ensure_ascii=False, indent=2))
        return
    click.echo("The kit is what was built, and the salt fits.")
    click.echo(
        f"{printable(plan.corpus)}: {counted(len(plan.shards), 'shard')}, {size(plan.bytes)}; {plan.done:,} done."
    )
    for line in lines(plan.tokenizers):
        click.echo(line)
    click.echo(f"With {counted(plan.workers, 'worker')}. Nothing was written.")
