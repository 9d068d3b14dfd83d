"""countermark reserve: write, check and date reservations of rights."""

from __future__ import annotations

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "write": Entry("countermark.cli.reserve_write:command", "Say one policy in every protocol that can."),
    "check": Entry("countermark.cli.reserve_check:command", "Say what is reserved, and who said so."),
    "history": Entry("countermark.cli.reserve_history:command", "Keep dated captures of what a site serves."),
    "at-capture": Entry(
        "countermark.cli.reserve_at_capture:command", "Say what was reserved when it was crawled."
    ),
    "filter": Entry("countermark.cli.reserve_filter:command", "Leave reserved records out of a corpus."),
    "summary": Entry(
        "countermark.cli.reserve_summary:command", "Count a corpus by domain, for the public summary."
    ),
    "validate": Entry("countermark.cli.reserve_validate:command", "Name what is wrong in reservation files."),
    "agents": Entry(
        "countermark.cli.reserve_agents:command", "List the AI user agents, and what each is for."
    ),
}


@click.group("reserve", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """Reserve rights in every protocol, read every protocol, and know what was reserved on a day."""
