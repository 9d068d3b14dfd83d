"""`countermark trap`: traps in works, and the proof that they can give."""

from __future__ import annotations

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "new": Entry("countermark.cli.trap_new:command", "Find what could be planted: a sheet for the editor."),
    "apply": Entry("countermark.cli.trap_apply:command", "Plant what the editor approved, in copies."),
    "commit": Entry("countermark.cli.trap_commit:command", "Commit to the key and the traps, with a date."),
    "power": Entry("countermark.cli.trap_power:command", "Say what a test could show, before it is run."),
    "plan": Entry("countermark.cli.trap_plan:command", "Fix what is tested and how, before it is run."),
    "test": Entry("countermark.cli.trap_test:command", "Ask a model, and rank what was published."),
    "identifiers": Entry(
        "countermark.cli.trap_identifiers:command", "Find random strings in works already published."
    ),
    "burnt": Entry("countermark.cli.trap_burnt:command", "List which candidates a hosted model was shown."),
}


@click.group("trap", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """Plant traps in works before publication, and test models for them.

    A trap is text that is drawn at random: which of two ways a sentence is written, a reference, a line of words. One
    candidate is published, the others stay secret. A model that prefers the published one more than chance allows was
    given it, or a text that was made from it: that is the only proof there is, and it is exact.

    \b
    Examples:
      countermark trap new works/ --key private/traps.key -o traps/
      countermark trap apply traps/ --key private/traps.key
      countermark trap commit traps/ --key private/traps.key
      countermark trap plan traps/ --key private/traps.key --model models/tiny -o plan.json
      countermark trap test plan.json --key private/traps.key --model models/tiny -o run/
    """  # noqa: D301  \b is click's mark for lines that stay as they are
