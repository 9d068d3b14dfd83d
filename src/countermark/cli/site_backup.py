"""`countermark site backup` and `countermark site restore`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from countermark.errors import InputError

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("file", type=FILE)
@click.option(
    "--without-keys", is_flag=True, help="Leave the site's keys out; a restore then needs them beside."
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def backup(file: Path, without_keys: bool, as_json: bool) -> None:
    """Copy the running site into FILE (.tar.zst or .tar.gz): database, keys, and what members brought.

    The file is there whole or not at all, only you may read it, and it holds SHA-256 digests of all its parts. Whoever
    has it has every name and mail address and the site's keys: keep it as you would keep those.

    \b
    Examples:
      countermark site backup statement.tar.zst
      countermark site --data /srv/statement backup /backups/$(date +%F).tar.zst --without-keys

    \b
    Exit codes:
      0    written
      2    there is no site, or its database cannot be copied
      5    FILE could not be written; nothing is left of it
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.progress import counted, size
    from countermark.web.config.environment import read_environment
    from countermark.web.upkeep.backup import back_up

    done = back_up(read_environment(), file, keys=not without_keys)
    if as_json:
        facts: dict[str, Any] = {
            "file": str(file),
            "bytes": done.bytes,
            "files": done.files,
            "keys": done.keys,
        }
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    held = "names, mail addresses and the site's keys" if done.keys else "names and mail addresses, no keys"
    click.echo(f"{file}: {counted(done.files, 'file')}, {size(done.bytes)}. It holds {held}: keep it safe.")
    click.echo(f"Try it: countermark site restore {file} --dry-run", err=True)


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Put the backup in the place of the site that is here.")
@click.option("--dry-run", is_flag=True, help="Read and check the backup, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def restore(file: Path, replace: bool, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Bring a site back from FILE, a backup. Stop `countermark serve` first.

    Nothing is changed before all of FILE was read and its digests are right. What was in the folder is kept beside, in
    before-restore-TIME; remove it once all is well. Then the restored roll is verified, as anybody outside can.
    Withdrawals since the backup are not in it: erase again those who left in the meantime.

    \b
    Examples:
      countermark site restore statement.tar.zst --dry-run
      countermark site --data /srv/new restore statement.tar.zst

    \b
    Exit codes:
      0    restored, and the roll verifies
      1    restored, and the roll does not verify
      2    not a backup, damaged, of another database, or there is a site here already
      5    no room, or no permission
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.progress import counted
    from countermark.web.config.environment import read_environment
    from countermark.web.upkeep.restore import restore as bring_back

    site = read_environment()
    if replace and not dry_run and not yes:
        click.confirm(f"Put the backup in the place of the site in {site.data}?", abort=True, err=True)
    manifest = bring_back(site, file, replace=replace, dry_run=dry_run)
    facts: dict[str, Any] = {
        "file": str(file),
        "made_at": manifest.made_at,
        "version": manifest.version,
        "database": manifest.database,
        "keys": manifest.keys,
        "files": len(manifest.files),
        "restored": not dry_run,
    }
    told = f"{file}: made at {manifest.made_at} by {manifest.version}, {counted(len(manifest.files), 'file')}, sound."
    if dry_run:
        click.echo(json.dumps(facts, ensure_ascii=False) if as_json else f"{told} Nothing was changed.")
        return
    facts["roll"] = _verified()
    click.echo("Who withdrew since the backup is on the roll again: countermark site erase MAIL.", err=True)
    click.echo(
        json.dumps(facts, ensure_ascii=False)
        if as_json
        else f"{told}\nRestored into {site.data}. {facts['roll']}"
    )


def _verified() -> str:
    """Bring the database up to this version and verify its roll; ends with 1 where it does not verify."""
    from countermark.web.config.start import database_told, start

    start(make=True)
    from countermark.web.upkeep.checks import roll_line
    from countermark.web.upkeep.founding import found

    found()
    with database_told():
        line = roll_line()
    if line.wrong:
        click.echo(f"countermark: restored, but: {line.said}", err=True)
        raise SystemExit(1)
    if not line.said:
        raise InputError("the roll could not be looked at")
    return line.said
