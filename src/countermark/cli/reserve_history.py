"""`countermark reserve history`: dated captures of what one's own site serves."""

from __future__ import annotations

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "capture": Entry("countermark.cli.reserve_history_capture:command", "Capture what a site serves now."),
    "show": Entry(
        "countermark.cli.reserve_history_show:command", "Say what was reserved, from when to when."
    ),
    "stamp": Entry("countermark.cli.reserve_history_stamp:command", "Have the last capture's date attested."),
    "verify": Entry("countermark.cli.reserve_history_verify:command", "Check that nothing was changed."),
    "export": Entry("countermark.cli.reserve_history_export:command", "Write the intervals as JSON or CSV."),
}


@click.group("history", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """Keep dated captures of what a site serves, and say from when to when a reservation was seen in force."""
