"""`countermark site check` and `countermark site manage`."""

from __future__ import annotations

import json

import click


@click.command("check")
@click.option("--roll", is_flag=True, help="Also verify the whole roll, as anybody outside can.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_context
def check(ctx: click.Context, roll: bool, as_json: bool) -> None:
    """Say whether settings, database, worker, mail and disk are sound, and what to do where they are not.

    \b
    Examples:
      countermark site check
      countermark site check --roll --json

    \b
    Exit codes:
      0    sound; advice may be printed
      1    something is wrong: the lines marked with !
      2    the environment or the database cannot be used
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.web.config.start import database_told, start

    start()
    from countermark.web.upkeep.checks import examine

    with database_told():
        found = examine(with_roll=roll)
    if as_json:
        click.echo(json.dumps([line.document() for line in found], ensure_ascii=False, indent=2))
    else:
        width = max(len(line.name) for line in found)
        for line in found:
            click.echo(f"{line.mark} {line.name:{width}}  {line.said}")
    ctx.exit(1 if any(line.wrong for line in found) else 0)


@click.command(
    "manage",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Run one of Django's own commands on this site, with its words; `help` lists them.

    \b
    Examples:
      countermark site manage help
      countermark site manage check --deploy
      countermark site manage dbshell
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.web.config.start import start

    start(make=True)
    from django.core.management import ManagementUtility

    ManagementUtility(["countermark site manage", *(words or ("help",))]).execute()
