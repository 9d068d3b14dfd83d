"""What `countermark link` says: the mapping before, and what was found after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.link_pictures import picture_statement
from countermark.cli.progress import counted, duration, printable, size

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.linkage import LinkOutcome, LinkPlan

SHOWN = 10
LETTERS = 60
_COLUMNS = (
    ("by id", 7, "identifier_rows"),
    ("by name", 8, "name_rows"),
    ("same title", 10, "same_title_rows"),
)


def tell_plan(plan: LinkPlan, *, as_json: bool) -> None:
    """Say what would be read, as what."""
    mapping = [f"{role}={column}" for role, column in plan.shape.mapping]
    if as_json:
        facts = {"corpus": plan.corpus, "shards": plan.shards, "bytes": plan.bytes, "shape": plan.shape.name,
                 "mapping": mapping, "columns": list(plan.columns), "rows": list(plan.sample)}  # fmt: skip
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    click.echo(f"{plan.corpus}: {counted(plan.shards, 'shard')}, {size(plan.bytes)} on disk.")
    click.echo(f"Columns ({plan.shape.name}): {' '.join(f'--map {one}' for one in mapping)}")
    unused = [column for column in plan.columns if column not in {taken for _, taken in plan.shape.mapping}]
    if unused:
        click.echo(printable(f"Not used: {', '.join(unused[:30])}"))
    for number, row in enumerate(plan.sample, 1):
        click.echo(f"Row {number}")
        for role, text in row.items():
            click.echo(f"  {role:<10} {printable(text[:LETTERS])}")
    click.echo("Nothing was written.")


def tell(outcome: LinkOutcome, summary: dict[str, Any] | None, catalog: Path | None = None) -> None:
    """Say how the run ended; `summary` is None while shards remain, `catalog` without one."""
    earlier = f", {outcome.skipped:,} read earlier" if outcome.skipped else ""
    click.echo(
        f"{outcome.corpus}: {counted(outcome.linked, 'shard')} read in {duration(outcome.seconds)}{earlier}; "
        f"{counted(outcome.rows, 'row')}, {counted(outcome.findings, 'finding')}."
    )
    read = ", ".join(f"{column} as {role}" for role, column in outcome.mapping)
    unused = f"; not used: {', '.join(outcome.unused[:SHOWN])}" if outcome.unused else ""
    click.echo(printable(f"Columns: {read}{unused}."))
    of_pictures = summary is not None and "pictures" in summary
    if not of_pictures and outcome.unused and not {"title", "name"} <= {role for role, _ in outcome.mapping}:
        click.echo(
            "No title and name were compared; --map title=COLUMN --map name=COLUMN names them.", err=True
        )
    for name, reasons in sorted(outcome.quarantined.items())[:SHOWN]:
        click.echo(printable(f"Could not be read: {name}: {reasons[-1]}"), err=True)
    if outcome.interrupted:
        click.echo("Stopped. Give the same command again to go on.", err=True)
    if summary is None:
        return
    _tell_refused(outcome.refused, summary)
    click.echo()
    for line in picture_statement(summary) if of_pictures else _statement(summary):
        click.echo(printable(line))
    _tell_works(summary, of_pictures=of_pictures)
    _tell_next(outcome, catalog)


def _tell_next(outcome: LinkOutcome, catalog: Path | None) -> None:
    """Where the rows are, and what can be made of them."""
    if not outcome.rows:
        return
    if outcome.findings:
        click.echo(f"The rows that were found: {outcome.run / 'links.parquet'}")
    click.echo(f"Next: countermark claim {catalog or 'CATALOG'} {outcome.run} --out claim/")


def _tell_refused(refused: int, summary: dict[str, Any]) -> None:
    if not refused:
        return
    click.echo(f"Not read: {counted(refused, 'row or file', 'rows or files')}.")
    reasons = sorted(
        summary["searched"]["refused"].items(), key=lambda item: (-int(item[1]["count"]), item[0])
    )
    for reason, entry in reasons[:3]:
        example = entry["examples"][0] if entry["examples"] else None
        row = f", row {example['row']}" if example and example["row"] >= 0 else ""
        said = f"; for example {example['where']}{row}: {example['detail'][:300]}" if example else ""
        click.echo(printable(f"  {entry['count']:,} {reason}{said}"))


def _statement(summary: dict[str, Any]) -> list[str]:
    """What it means, in few lines; what it does not show stands beside it."""
    works, status, controls = summary["works"], summary["works"]["by_status"], summary["controls"]
    name, total = printable(summary["corpus"]["name"]), counted(works["total"], "work")
    by_identifier, by_name = status["identifier"], status["name"]
    if not summary["searched"]["rows"]:
        return ["No row was read, so nothing was searched. This says nothing about the works."]
    if not by_identifier and not by_name:
        said = [
            f"None of {total} was found in {name}. This says nothing about works that it lists by other names."
        ]
    else:
        verb = "is" if by_identifier == 1 else "are"
        said = [
            f"{by_identifier:,} of {total} {verb} listed in {name}, found by identifier; {by_name:,} by name only.",
            "A name is not proof, and being listed is not proof that a model was trained on a work.",
        ]
    if summary["findings"]["ambiguous"]:
        rows = counted(summary["findings"]["ambiguous"], "finding")
        said.append(f"{rows} fit several works equally well; each says so (links.parquet, column ambiguous).")
    if summary["hosts"]:
        rows = counted(sum(summary["hosts"].values()), "row")
        said.append(
            f"{rows} of the listing come from {counted(len(summary['hosts']), 'host')} of the catalog."
        )
    if controls["works"]:
        said.append(
            f"False alarms: {controls['false_alarms']:,} of {counted(controls['works'], 'control')}, which cannot be "
            f"listed (at most {100 * controls['upper']:.2g} % with {100 * controls['confidence']:.0f} % confidence)."
        )
    return said


def _tell_works(summary: dict[str, Any], *, of_pictures: bool) -> None:
    """The works of which most rows were found; of pictures without the columns in which nothing stands."""
    found = summary["top_works"][:SHOWN]
    if not found:
        return
    columns = [one for one in _COLUMNS if not of_pictures or any(work[one[-1]] for work in found)]
    click.echo("".join(f"{head:>{width}}  " for head, width, _ in columns) + "work")
    for work in found:
        by = f", {work['work_author']}" if work["work_author"] else ""
        title = printable(f"{work['work_title']}{by}")[:LETTERS]
        counts = "".join(f"{work[column]:>{width},}  " for _, width, column in columns)
        click.echo(f"{counts}{title}")
    number = sum(summary["works"]["by_status"][status] for status in ("identifier", "name"))
    if number > len(found):
        click.echo(f"and {number - len(found):,} more; works.parquet has them all")
