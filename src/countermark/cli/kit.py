"""`countermark kit`: make the sealed-room kit, run it, seal what it found, and open that at home."""

from __future__ import annotations

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "build": Entry("countermark.cli.kit_build:command", "Make a kit of an index of texts."),
    "run": Entry("countermark.cli.kit_run:command", "In the room: scan a corpus onto a medium."),
    "close": Entry("countermark.cli.kit_close:command", "In the room: conclude the run and seal the medium."),
    "verify": Entry("countermark.cli.kit_verify:command", "Verify a sealed medium, offline."),
    "open": Entry("countermark.cli.kit_open:command", "At home: make a sealed medium a run folder."),
}


@click.group("kit", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """Search in a room without a network, on a machine where nothing can be installed (Linux, x86-64).

    `build` makes one folder with Python, Countermark and the sealed index. In the room, `kit/countermark kit run` scans
    onto a medium and `kit close` seals it with a code that both sides write down. Outside, `verify` checks the medium,
    and `open` makes it a run folder with the works' passages, for the report and the dossier.

    \b
    Examples:
      countermark kit build --index works.index --out kit/
      sh kit/countermark kit run corpus/ --out medium/ --salt-file kit.salt
      sh kit/countermark kit close medium/
      countermark kit verify medium/ --root 7F3K-…
      countermark kit open medium/ --index works.index --out opened/
    """  # noqa: D301  \b is click's mark for lines that stay as they are
