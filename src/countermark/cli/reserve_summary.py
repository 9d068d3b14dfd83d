"""`countermark reserve summary`: a corpus by domain, with what was reserved, for the public summary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.reserve_options import asking_of, record_options, signal_options, use_option
from countermark.errors import InputError

if TYPE_CHECKING:
    from countermark.compliance.summary import Summary, SummaryProgress

INCOMPLETE = 6
SHOWN = 10
WIDTH = 40


@click.command("summary")
@click.argument("corpus", metavar="CORPUS…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder of the tables.")
@click.option(
    "--top-percent",
    type=click.FloatRange(0, 100, min_open=True),
    help="The share of domains to list, by bytes; 10 unless --top is given.",
)
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="The number of domains to list.")
@click.option(
    "--suffixes",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A list of public suffixes (publicsuffix.org), to count by registrable domain instead of by host.",
)
@use_option("Counted is the strictest answer.")
@signal_options
@record_options
@click.option("--text-column", default="", metavar="NAME", help="The column or field of the text.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON, and no progress.")
@click.pass_context
def command(ctx: click.Context, /, corpus: tuple[Path, ...], out: Path, as_json: bool, **given: Any) -> None:
    """Count CORPUS by domain: bytes, records, dates, and what the domains reserved.

    Article 53(1)(d) of the AI Act asks providers of general-purpose models for a public summary; its template
    (C(2025) 8311) asks for the domains with the most content scraped. Read are Parquet, JSON Lines and WARC, also
    compressed. Written are summary.json, and domains.en.csv, domains.fr.csv, domains.en.md, domains.fr.md. A domain
    is the host without “www.”, or with --suffixes the registrable domain.

    \b
    Examples:
      countermark reserve summary kept/ --out summary/
      countermark reserve summary crawl/ --out summary/ --top 1000 --robots robots.warc.gz

    \b
    Exit codes:
      0    done, also when some records could not be read (they are counted)
      2    the corpus, a source of signals or an option cannot be used
      5    a result could not be written
      6    done, but some files could not be read
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.compliance.summary_output import summary_facts, write_summary

    summary = _summarise(corpus, quiet=as_json, **given)
    write_summary(summary, out)
    if as_json:
        click.echo(json.dumps(summary_facts(summary), indent=2))
    else:
        _tell(summary, out)
    ctx.exit(INCOMPLETE if summary.failed else 0)


def _summarise(
    corpus: tuple[Path, ...],
    *,
    quiet: bool,
    top: int | None,
    top_percent: float | None,
    suffixes: Path | None,
    **asked: Any,
) -> Summary:
    from countermark.cli.progress import ProgressDisplay, counted
    from countermark.compliance.summary import TOP_PERCENT, SummarySettings, summarise

    if top is not None and top_percent is not None:
        raise InputError("--top and --top-percent exclude one another")
    asking = asking_of(**asked)
    settings = SummarySettings(corpus, asking, top_percent or TOP_PERCENT, top, suffixes)

    def show(progress: SummaryProgress) -> None:
        note = counted(progress.domains, "domain")
        display.show(progress.done, progress.total, fresh=progress.done, note=note)

    with ProgressDisplay("Counting", quiet=quiet) as display:
        return summarise(settings, show)


def _tell(summary: Summary, out: Path) -> None:
    from countermark.cli.progress import counted, printable, size

    totals = summary.totals
    click.echo(
        f"{counted(totals['documents'], 'document')}, {size(totals['bytes'])}, from "
        f"{counted(summary.all_domains, 'domain')}; {totals['without_url']:,} have no address with a host."
    )
    if totals["generative_reserved"]:
        click.echo(
            f"{counted(totals['generative_reserved'], 'record')} not counted as reserved, but reserved for training "
            "generative models; --use generative asks for it."
        )
    if totals["agents_refused"]:
        click.echo(
            f"{counted(totals['agents_refused'], 'record')} not counted as reserved, of sites whose robots.txt refuses "
            "AI crawlers by name; --agent asks for one."
        )
    if totals["unreadable"]:
        click.echo(f"{counted(totals['unreadable'], 'record')} could not be read.", err=True)
    for name, detail in summary.failed[:SHOWN]:
        click.echo(printable(f"Could not be read: {name}: {detail}"), err=True)
    for refusal in summary.listing.left_out[:SHOWN]:
        click.echo(printable(f"Left out: {refusal.where}: {refusal.detail}"), err=True)
    if summary.domains:
        click.echo(f"{'records':>12}  {'size':>10}  {'reserved':>10}  {'unknown':>10}  domain")
    for one in summary.domains[:SHOWN]:
        answers = {str(answer): count for answer, count in one.answers.items()}
        click.echo(
            f"{one.records:>12,}  {size(one.bytes):>10}  {answers['reserved']:>10,}  {answers['unknown']:>10,}  "
            f"{printable(one.domain[:WIDTH])}"
        )
    if len(summary.domains) > SHOWN:
        click.echo(f"and {len(summary.domains) - SHOWN:,} more listed")
    host = "host without “www.”; --suffixes counts by registrable domain"
    kind = "registrable domain" if summary.registrable else host
    click.echo(f"A domain is here the {kind}.")
    click.echo(
        f"Tables: {out / 'domains.en.csv'}, {out / 'domains.fr.csv'}; to print: {out / 'domains.en.md'}."
    )
