"""What `countermark scan` says when it ends: what was read, what was not and why, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from countermark.cli.progress import counted, duration, printable, size
from countermark.media import Medium

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.scan import RunOutcome

    Statement = Callable[[dict[str, Any], str], list[str]]

SHOWN = 10
REASONS_SHOWN = 3
LONGEST = 300


def tell(outcome: RunOutcome, summary: dict[str, Any] | None) -> None:
    """Say how the scan ended; `summary` is that of the whole run, None while shards remain."""
    earlier = f", {outcome.skipped:,} scanned earlier" if outcome.skipped else ""
    click.echo(
        f"{outcome.corpus}: {counted(outcome.scanned, 'shard')} scanned in {duration(outcome.seconds)}{earlier}; "
        f"{_read(outcome)}, {counted(outcome.findings, 'finding')}."
    )
    _tell_refused(outcome.refused, summary)
    for name, reasons in sorted(outcome.quarantined.items())[:SHOWN]:
        click.echo(printable(f"Could not be scanned: {name}: {reasons[-1]}"), err=True)
    if len(outcome.quarantined) > SHOWN:
        click.echo(
            f"and {len(outcome.quarantined) - SHOWN:,} more: see {outcome.place or outcome.run}/quarantine",
            err=True,
        )
    remain = f"{counted(outcome.remaining, 'shard')}{{}} {'remains' if outcome.remaining == 1 else 'remain'}"
    if outcome.interrupted:
        click.echo(f"Stopped; {remain.format('')}. Give the same command again to go on.", err=True)
    elif outcome.remaining:
        click.echo(
            f"Part {outcome.part} is done; {remain.format(' of other parts')}. The last part to end writes the "
            "summary."
        )
    if summary is not None:
        _TOLD.get(summary.get("medium", Medium.TEXT), _tell_works)(summary)
        click.echo(f"Next: countermark report {outcome.place or outcome.run}")


def _read(outcome: RunOutcome) -> str:
    """What was looked at."""
    if outcome.medium == Medium.TEXT:
        return f"{counted(outcome.records, 'record')}, {size(outcome.text_bytes)} of text"
    if outcome.medium == Medium.AUDIO:
        return (
            f"{counted(outcome.records, 'recording')}, {duration(outcome.sound_seconds)} of sound, "
            f"{size(outcome.sound_bytes)}"
        )
    more = outcome.frames - outcome.records
    frames = f" ({counted(outcome.frames, 'frame')})" if more > 0 else ""
    return f"{counted(outcome.records, 'picture')}{frames}, {size(outcome.picture_bytes)}"


def _tell_refused(refused: int, summary: dict[str, Any] | None) -> None:
    """How much was not read, with the most frequent reasons and an example of each."""
    if not refused:
        return
    said = f"Not read: {counted(refused, 'row or file', 'rows or files')}"
    if summary is None:
        click.echo(f"{said}; the report lists the reasons.")
        return
    click.echo(f"{said}.")
    reasons = sorted(
        summary["searched"]["refused"].items(), key=lambda item: (-int(item[1]["count"]), item[0])
    )
    for reason, entry in reasons[:REASONS_SHOWN]:
        example = f"; for example {_example(entry['examples'][0])}" if entry["examples"] else ""
        click.echo(printable(f"  {entry['count']:,} {reason}{example}"))
    if len(reasons) > REASONS_SHOWN:
        rest = counted(len(reasons) - REASONS_SHOWN, "reason")
        click.echo(f"  and {rest} more; the report lists all")


def _example(refusal: dict[str, Any]) -> str:
    where, detail = refusal["where"], " ".join(refusal["detail"].split())
    row = f", row {refusal['row']}" if refusal["row"] >= 0 else ""
    said = detail.removeprefix(f"{where}: ")
    if len(said) > LONGEST:
        said = f"{said[:LONGEST].rpartition(' ')[0] or said[:LONGEST]} …"
    return f"{where}{row}: {said}"


def _tell_works(summary: dict[str, Any]) -> None:
    """The two lines that matter, what must be known beside them, and the ten works of which most was found."""
    click.echo()
    for line in _statement(summary):
        click.echo(line)
    number = summary["works"]["in_data_set"]
    found = [work for work in summary["top_works"] if work["matched"]][:SHOWN]
    if not found:
        return
    click.echo(f"{'share':>7}  {'letters':>11}  work")
    for work in found:
        by = f", {work['work_author']}" if work["work_author"] else ""
        named = printable(f"{work['work_title']}{by}")
        click.echo(f"{100 * work['share']:>5.1f} %  {work['matched']:>11,}  {named}")
    if number > len(found):
        click.echo(f"and {number - len(found):,} more; works.parquet has them all")


def _tell_exhibits(summary: dict[str, Any], statement: Statement, records: str) -> None:
    """The lines that matter, and the ten works that stand in the most `records`."""
    click.echo()
    for line in statement(summary, "en"):
        click.echo(line)
    found = [work for work in summary["top_works"] if work["records"]][:SHOWN]
    if not found:
        return
    click.echo(f"{records:>8}  {'share':>7}  work")
    for work in found:
        by = f", {work['work_author']}" if work["work_author"] else ""
        click.echo(
            f"{work['records']:>8,}  {100 * work['share']:>5.0f} %  {printable(work['work_title'] + by)}"
        )
    if summary["works"]["in_data_set"] > len(found):
        click.echo(f"and {summary['works']['in_data_set'] - len(found):,} more; works.parquet has them all")


def _tell_pictures(summary: dict[str, Any]) -> None:
    from countermark.evidence.gallery.text import statement

    _tell_exhibits(summary, statement, "pictures")


def _tell_recordings(summary: dict[str, Any]) -> None:
    from countermark.evidence.listening.text import statement

    _tell_exhibits(summary, statement, "tracks")


def _statement(summary: dict[str, Any]) -> list[str]:
    """What was found, out of how many, and what it does not show; then what is free, and what is wrong."""
    works, controls = summary["works"], summary["controls"]
    number, total = works["in_data_set"], counted(works["total"], "work")
    if not summary["searched"]["records"]:
        found = "No text was read, so nothing was searched."
        caution = "This says nothing about the works."
    elif number:
        found = f"{number:,} of {total} {'is' if number == 1 else 'are'} in this data set."
        caution = "Being listed is not proof that a model was trained on them."
    else:
        found = f"No passage of {total} was found in what was searched."
        caution = "This says nothing about what was not searched."
    said = [f"{found} {caution}"]
    if free := works["by_status"]["free-licence"]:
        said.append(f"Free to copy (public domain or an open licence), and not claimed: {free:,} of them.")
    if alarms := controls["false_alarms"]:
        of = counted(controls["works"], "control")
        said.append(
            f"False alarms: {alarms:,} of {of}, which cannot be in the data set. Read “How often this is wrong” "
            "in the report before you rely on any single finding."
        )
    return said


_TOLD: Final = {Medium.IMAGE.value: _tell_pictures, Medium.AUDIO.value: _tell_recordings}
"""What tells of each medium's summary; `_tell_works` of texts."""
