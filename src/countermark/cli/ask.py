"""`countermark ask`: what a model recites, where only the text of its answers is known."""

from __future__ import annotations

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "plan": Entry("countermark.cli.ask_plan:command", "Fix what is asked and how, before it is asked."),
    "run": Entry("countermark.cli.ask_run:command", "Ask a model, prompt by prompt."),
}


@click.group("ask", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """Ask a model of which only the text of its answers is known, and measure what it recites.

    The prompts are neutral, fixed beforehand, and the same for works and for control works, published after the model.
    No prompt gives back anything of an answer. The longest run of words that an answer shares with the rest of the
    work, outside public quotations, is ranked among those of the controls. A model that recites nothing may know a work
    all the same.

    Where traps were planted, two tests are exact without controls: a random text that comes out, and the published of
    several versions that is picked more often than chance.

    \b
    Examples:
      countermark ask plan novels/ --controls new-novels/ --model http://127.0.0.1:8000/v1 --name base -o plan.json
      countermark ask run plan.json --model http://127.0.0.1:8000/v1 --name base -o run/
    """  # noqa: D301  \b is click's mark for lines that stay as they are
