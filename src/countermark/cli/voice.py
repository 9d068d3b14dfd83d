"""`countermark voice`: a consented voiceprint, and which tracks may be worth listening to."""

from __future__ import annotations

import click

from countermark.cli.lazy import Entry, LazyGroup

COMMANDS = {
    "enrol": Entry("countermark.cli.voice_enrol:enrol", "Make a voiceprint, with consent."),
    "compare": Entry(
        "countermark.cli.voice_compare:command", "Hold tracks against a voiceprint and controls."
    ),
    "show": Entry("countermark.cli.voice_enrol:show", "Show what a voiceprint says of itself."),
    "erase": Entry("countermark.cli.voice_enrol:erase", "Overwrite and remove a voiceprint."),
}


@click.group("voice", cls=LazyGroup, entries=COMMANDS)
def command() -> None:
    """Weigh the likeness of a voice, as a hint for the ear.

    A voiceprint is made only with the consent of the person whose voice it is, and never leaves this machine. Tracks
    are held against it beside a stated population of other voices. What comes out is no finding: it says which tracks
    may be worth listening to, and how often chance would say so.

    The weights of the encoder are not part of Countermark: pretrained.pt of Resemblyzer 0.1.4 (Apache-2.0). They are
    read without running anything that the file holds.

    \b
    Examples:
      countermark voice enrol mine/*.flac --weights pretrained.pt --name "Ada Roux" \\
          --consent "I agree, Ada Roux, 3 May 2026" --out private/ada.voiceprint
      countermark voice compare private/ada.voiceprint tracks/ --weights pretrained.pt --controls others/
      countermark voice erase private/ada.voiceprint
    """  # noqa: D301  \b is click's mark for lines that stay as they are
