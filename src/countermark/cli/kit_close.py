"""`countermark kit close`."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("close")
@click.argument("medium", type=click.Path(path_type=Path))
@click.option("--unfinished", is_flag=True, help="Seal a run of which shards remain; seal and report say so.")
@click.option("--json", "as_json", is_flag=True, help="Tell the seal as JSON.")
def command(*, medium: Path, unfinished: bool, as_json: bool) -> None:
    """Conclude the run on MEDIUM, write its reports, and seal all of it: in the room.

    The seal lists every file with its SHA-256 and where each log ends. One code of 24 letters and digits stands for
    all of it: both sides write it down before the medium leaves. After that `kit run` refuses the medium.

    \b
    Examples:
      sh kit/countermark kit close /medium/found

    \b
    Exit codes:
      0    sealed
      4    no run lies there, one is under way, shards remain, it is sealed already, or a log was changed
      5    the medium cannot be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.progress import counted
    from countermark.kit.closing import close_medium

    sealed = close_medium(medium, unfinished=unfinished)
    facts = sealed.facts
    if as_json:
        told = {
            name: facts[name] for name in ("kit", "index", "complete", "excerpts", "findings", "run_digest")
        }
        click.echo(json.dumps({"root": sealed.code, "sha256": sealed.sha256, **told}, indent=2))
        return
    whole = "" if facts["complete"] else " The run is not complete, and the seal says so."
    click.echo(
        f"{medium}: sealed, {counted(len(facts['files']), 'file')}, {counted(facts['findings'], 'finding')}.{whole}"
    )
    click.echo(f"\nRoot code:  {sealed.code}\n")
    click.echo("Write it down, both sides, before the medium leaves.")
    click.echo(f"Next, outside: countermark kit verify {medium} --root {sealed.code}")
