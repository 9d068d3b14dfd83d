"""`countermark extract`: how probably a model continues works word for word."""

from __future__ import annotations

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "plan": Entry("countermark.cli.extract_plan:command", "Fix what is asked and how, before it is asked."),
    "run": Entry("countermark.cli.extract_run:command", "Ask a model, window by window."),
}


@click.group("extract", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """Measure how probably a model continues works word for word, against control works.

    Given 50 tokens of a work, a model writes the next 50 word for word with a probability that can be computed
    exactly. That is a fact about the model. Control works, published after it, say how often the same comes out for a
    work that it cannot know. A model that reproduces nothing may know a work all the same.

    \b
    Examples:
      countermark extract plan novels/ --controls new-novels/ --model models/base -o plan.json
      countermark extract run plan.json --model models/base -o run/
    """  # noqa: D301  \b is click's mark for lines that stay as they are
