"""`countermark worker`: what a site does outside requests."""

from __future__ import annotations

from pathlib import Path

import click

from countermark.errors import InputError


@click.command("worker")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The site's folder. By default COUNTERMARK_DATA, or ./countermark-site.",
)
@click.option("--once", is_flag=True, help="Do every job once, then end: for a look, or for cron.")
@click.option("--quiet", is_flag=True, help="Say nothing at the start.")
def command(data: Path | None, once: bool, quiet: bool) -> None:
    """Enter signatures on the roll, send mails, count figures, and forget what must be forgotten.

    `countermark serve` starts one by itself. A site has one worker; a second waits until the first is gone. It ends
    after its current job on SIGTERM or Ctrl-C. A job that fails is logged and tried again later; the others go on.

    \b
    Examples:
      countermark worker
      countermark worker --data /srv/statement --once

    \b
    Exit codes:
      0    stopped
      1    with --once: a job failed (the log says which)
      2    a setting, the folder or the database cannot be used
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.web.config.start import database_told, start

    start(data, make=True)
    from countermark.web.upkeep.founding import changes_waiting
    from countermark.web.upkeep.worker import Worker

    def tell(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    worker = Worker(tell=tell)
    with database_told():
        if changes_waiting():
            raise InputError(
                "this site has no tables yet, or those of an older version; `countermark serve` makes them"
            )
    with database_told():  # at the start; later, each job tells its own failures
        failed = worker.once() if once else worker.run()
    if failed:
        raise SystemExit(1)
