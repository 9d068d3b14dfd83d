"""The command line: one file per command, loaded only when it is called."""

from __future__ import annotations

import click

from countermark import __version__
from countermark.cli.lazy import Entry, LazyGroup

EXIT_CODES = """\b
Exit codes:
  0    done
  1    a check found something wrong, watch --exit-code found something new, or you declined
  2    something given cannot be used (a file, a row, an option)
  3    the index is damaged, foreign or of another scheme
  4    the run folder is in use, foreign or incomplete
  5    a result could not be written (disk full, no permission)
  6    a scan or link is done, but some shards could not be scanned
  70   a fault of Countermark's own
  130  stopped with Ctrl-C
  141  the reader of the output went away
"""

COMMANDS = {
    "catalog": Entry(
        "countermark.cli.catalog:command", "Bring in the files of catalogues, and look into them."
    ),
    "index": Entry("countermark.cli.index:command", "Make an index of works, or look into one."),
    "scan": Entry("countermark.cli.scan:command", "Look for the works of an index in a corpus."),
    "tokenizer": Entry("countermark.cli.tokenizer:command", "Keep the tables that token ids are read with."),
    "watch": Entry("countermark.cli.watch:command", "Say what changed in a new version of a data set."),
    "link": Entry("countermark.cli.link:command", "Look for a catalog in listings, by identifier and name."),
    "reserve": Entry("countermark.cli.reserve:command", "Write, check and date reservations of rights."),
    "report": Entry("countermark.cli.report:command", "Write the report of a run."),
    "claim": Entry("countermark.cli.claim:command", "Say which found works can be claimed, and why not."),
    "letter": Entry("countermark.cli.letter:command", "Draft a letter from the facts of a claim."),
    "kit": Entry("countermark.cli.kit:command", "Search in a room without network, and seal what is found."),
    "dossier": Entry("countermark.cli.dossier:command", "Seal, verify, redact and replay evidence."),
    "trap": Entry("countermark.cli.trap:command", "Plant traps in works, and test models for them."),
    "extract": Entry("countermark.cli.extract:command", "Measure what a model gives back of works."),
    "ask": Entry("countermark.cli.ask:command", "Ask a model, and measure what it recites."),
    "voice": Entry("countermark.cli.voice:command", "Weigh the likeness of a voice, as a hint."),
    "selftest": Entry("countermark.cli.selftest:command", "Measure what is found of your own works."),
    "serve": Entry("countermark.cli.serve:command", "Serve the site: statement, roll, members."),
    "worker": Entry("countermark.cli.worker:command", "Do what the site does outside of requests."),
    "site": Entry("countermark.cli.site:command", "Set up, back up, hand over, erase."),
    "roll": Entry("countermark.cli.roll:command", "Verify a roll of signatures, offline."),
    "demo": Entry("countermark.cli.demo:command", "Show the whole way on real plays, photographs, music."),
}


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="countermark", message="%(prog)s %(version)s")
def main() -> None:
    """Find works in AI training sets, and come out with evidence.

    First make an index of the works, then scan a corpus with it, then read the report. Everything happens on
    this machine: nothing is sent anywhere. `serve` runs the site on which people sign the statement.
    """


__all__ = ["COMMANDS", "EXIT_CODES", "main"]
