"""`countermark reserve at-capture`: what was reserved when it was crawled."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.reserve_language import LANG, spoken
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.captures.outputs import Counts
    from countermark.captures.robots_archive import RobotsArchive
    from countermark.corpus.base import Shard
    from countermark.language import Language
    from countermark.media import Refusal

SHOWN = 10


@click.command("at-capture")
@click.argument("warc", metavar="WARC…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--robots",
    metavar="WARC",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A file with the crawl's captures of robots.txt; may be given several times.",
)
@click.option("--agent", default="*", show_default=True, help="The crawler that is asked about; * is any.")
@click.option(
    "--robots-age",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="How old a capture of robots.txt may be.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write one row a record: .parquet, or .jsonl for lines."
)
@LANG
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON, and no progress.")
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Say what was reserved in each record of WARC on the day on which it was captured.

    Read are the header fields and the page of each record, and the crawl's own captures of robots.txt, tdmrep.json
    and ai.txt: the latest that is not after the record. What was captured later is never used. Where the robots.txt
    of the day is not known, nothing is called allowed.

    By default the answers are for an agent that no rule names; --agent CCBot asks for one crawler.

    \b
    Examples:
      countermark reserve at-capture crawl.warc.gz --robots robotstxt.warc.gz
      countermark reserve at-capture crawl/*.warc.gz --robots robotstxt.warc.gz --out verdicts.parquet

    \b
    Exit codes:
      0    done, also when some records could not be read (they are counted, with reasons)
      2    a file or an option cannot be used, or no record has a verdict
      5    the output could not be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.captures.outputs import Counts, check_output

    out: Path | None = given["out"]
    if out is not None:
        check_output(out)
    counts = Counts()
    shards, say = _shards(given["warc"], counts), spoken(given["lang"])
    with ExitStack() as stack:
        archive = _archive(given["robots"], stack, say, quiet=given["as_json"])
        _judge(shards, archive, counts, given)
        _tell(counts, archive, given, say)
    ctx.exit(0 if counts.records else InputError.exit_code)


def _shards(paths: Sequence[Path], counts: Counts) -> list[Shard]:
    """The WARC files given, or those in folders given. Raises InputError where there are none."""
    from countermark.corpus.listing import list_shards
    from countermark.media import Refusal

    shards = []
    for found in list_shards(paths):
        if isinstance(found, Refusal):
            counts.refuse([found])
        elif found.format == "warc":
            shards.append(found)
        else:
            counts.refuse([Refusal(found.name, -1, "not-warc", f"{found.format}, not a WARC file")])
    if not shards:
        names = ", ".join(str(path) for path in paths)
        raise InputError(f"{names}: no WARC file; WARC and WET files are read, compressed or not")
    return shards


def _archive(
    sources: Sequence[Path], stack: ExitStack, say: Language, *, quiet: bool
) -> RobotsArchive | None:
    """The archive of the robots.txt captures given, made in a folder that goes away at the end."""
    if not sources:
        return None
    from countermark.captures.robots_building import opened_archive
    from countermark.cli.progress import ProgressDisplay

    total = sum(source.stat().st_size for source in sources if source.is_file())
    done = 0
    with ProgressDisplay("Reading robots.txt captures", quiet=quiet) as display:

        def report(count: int) -> None:
            nonlocal done
            done += count
            display.show(done, total, fresh=done, note="")

        def tell(refused: Sequence[Refusal]) -> None:
            if refused and not quiet:
                records = say.say("captures.records", n=len(refused))
                click.echo(say.say("captures.robots-not-read", records=records), err=True)

        return stack.enter_context(opened_archive(sources, report, tell))


def _judge(shards: Sequence[Shard], archive: RobotsArchive | None, counts: Counts, given: Any) -> None:
    """Judge all records, and write them where asked."""
    from countermark.captures.at_capture import Made, at_capture
    from countermark.captures.judging import CaptureJudge
    from countermark.captures.outputs import open_output
    from countermark.cli.progress import ProgressDisplay, counted

    judge = CaptureJudge(archive, given["agent"], given["robots_age"])
    made = Made(given["agent"], given["robots_age"], archive.identity if archive else "")
    total, done = sum(shard.size for shard in shards), 0
    with (
        open_output(given["out"], made) as sink,
        ProgressDisplay("Reading captures", quiet=given["as_json"]) as display,
    ):
        for shard in shards:
            for batch in at_capture(shard, judge):
                sink.add(batch)
                counts.add(batch)
                done += batch.bytes_read
                display.show(done, total, fresh=done, note=counted(counts.records, "record"))


def _tell(counts: Counts, archive: RobotsArchive | None, given: Any, say: Language) -> None:
    """Print the counts as a table, or as JSON."""
    out = given["out"]
    if given["as_json"]:
        facts = {
            "agent": given["agent"],
            "robots_age_days": given["robots_age"],
            "robots": archive.facts if archive else None,
            "out": str(out) if out else None,
            **counts.facts(),
        }
        click.echo(json.dumps(facts, indent=2))
        return
    from countermark.cli.progress import printable
    from countermark.reservations.telling import agent_name

    lines = [say.say("captures.counted", n=counts.records, agent=agent_name(given["agent"], say.code))]
    lines += [*_answers(counts, say), *_beside(counts, say)]
    if refused := counts.remarks["captures.agents-refused"]:
        lines.append(say.say("captures.by-name", records=say.say("captures.records", n=refused)))
    if archive is None:
        lines.append(say.say("captures.no-robots"))
    lines.append(say.say("captures.next-read", out=out) if out else say.say("captures.next-write"))
    for line in lines:
        click.echo(printable(line))


def _answers(counts: Counts, say: Language) -> Iterator[str]:
    """The table: a row for each use, a column for each answer."""
    from countermark.reservations.use import Answer

    order = (Answer.RESERVED, Answer.CONDITIONAL, Answer.ALLOWED, Answer.UNKNOWN)
    rows = [(say.say("table.use"), *(say.say(f"answer.{answer}") for answer in order))]
    rows += [
        (say.say(f"use.{use}"), *(say.number(answers[str(answer)]) for answer in order))
        for use, answers in counts.answers.items()
    ]
    first, *others = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for use, *cells in rows:
        yield f"  {use:<{first}}" + "".join(
            f"  {cell:>{wide}}" for cell, wide in zip(cells, others, strict=True)
        )


def _beside(counts: Counts, say: Language) -> Iterator[str]:
    """What is not known of how many records, and what was not read."""
    for code, count in counts.remarks.most_common(SHOWN):
        yield f"  {code}{say.say('colon')}{say.say('captures.records', n=count)}"
    if (more := len(counts.remarks) - SHOWN) > 0:
        yield f"  {say.say('captures.more-remarks', count=more)}"
    for reason, count in counts.refused.most_common(SHOWN):
        example = counts.examples[reason][0]
        said = {"reason": reason, "where": example.where, "detail": example.detail}
        yield say.say("captures.not-read", count=count, **said)
