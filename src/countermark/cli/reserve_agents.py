"""`countermark reserve agents`: which AI user agents are known, and what each is for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.reservations.agents import Agent

PURPOSES = ("tdm", "train", "generative", "input", "search")
COLUMNS = ("token", "operator", "for", "robots.txt", "listed since")


@click.command("agents")
@click.option(
    "--on", metavar="YYYY-MM-DD", help="The list as it stood on a day; by default as it stands now."
)
@click.option(
    "--purpose", type=click.Choice(PURPOSES), help="Only agents that are said to collect for this use."
)
@click.option("--operator", metavar="NAME", help="Only agents of this operator; a part of the name will do.")
@click.option("--json", "as_json", is_flag=True, help="Print all that is known, as JSON.")
def command(*, on: str | None, purpose: str | None, operator: str | None, as_json: bool) -> None:
    """List the AI user agents: whose they are, what each is for, since when they are known.

    The list comes with Countermark; nothing is fetched. Days are those of the public list that it follows
    (ai-robots-txt/ai.robots.txt), not those of an agent's first visit. What an agent does of robots.txt is what its
    operator says, or the list; it was not tested. No purpose means that nobody says.

    \b
    Examples:
      countermark reserve agents --purpose generative
      countermark reserve agents --operator openai --on 2025-01-01
      countermark reserve agents --json

    \b
    Exit codes:
      0    done
      2    an option cannot be used
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.days import day_of
    from countermark.reservations.agents import age_of_list, load_agents

    day = day_of(on, "--on").isoformat() if on else None
    agents = [agent for agent in load_agents(day) if _wanted(agent, purpose, operator)]
    if as_json:
        facts = {"checked": age_of_list(), "on": day, "agents": [_facts(agent) for agent in agents]}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        _tell(agents, day)
    _warn_if_stale()


def _wanted(agent: Agent, purpose: str | None, operator: str | None) -> bool:
    if purpose is not None and purpose not in agent.purposes:
        return False
    return operator is None or operator.casefold() in agent.operator.casefold()


def _facts(agent: Agent) -> dict[str, Any]:
    return {
        "token": agent.token,
        "valid_token": agent.valid,
        "operator": agent.operator,
        "purposes": list(agent.purposes),
        "function": agent.function,
        "respects": agent.respects,
        "since": agent.since,
        "until": agent.until,
        "unlisted": [list(times) for times in agent.unlisted],
        "source": agent.source,
        "checked": agent.checked,
    }


def _tell(agents: Sequence[Agent], day: str | None) -> None:
    from countermark.cli.progress import counted
    from countermark.reservations.agents import age_of_list, first_day

    rows = [
        (
            f"{agent.token}{'' if agent.valid else ' !'}",
            agent.operator or "unknown",
            ", ".join(agent.purposes) or "not said",
            agent.respects,
            agent.since,
        )
        for agent in agents
    ]
    widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, strict=True)]
    for row in (COLUMNS, *rows) if rows else ():
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    when = f"on {day}" if day else f"on {age_of_list()}, when the list was last checked"
    click.echo(f"{counted(len(agents), 'agent')} {when}.")
    if day and day < first_day():
        click.echo(f"The list begins on {first_day()}: of earlier days it knows nothing.")
    if day and day > age_of_list():
        click.echo(f"The list was last checked on {age_of_list()}: of later days it knows nothing.")
    if any(not agent.valid for agent in agents):
        click.echo(
            "! not a product token of RFC 9309 (only letters, - and _): parsers cut it short, or do not find it."
        )


def _warn_if_stale() -> None:
    from datetime import UTC, datetime

    from countermark.reservations.agents import STALE_AFTER, age_of_list, is_stale

    if is_stale(datetime.now(UTC).date()):
        click.echo(
            f"The list was last checked on {age_of_list()}, more than {STALE_AFTER} days ago: agents that came since "
            "are not in it. A newer release of Countermark brings a newer list.",
            err=True,
        )
