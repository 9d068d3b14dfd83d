"""What the commands of `countermark voice` share: language, weights, and what was left out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from countermark.language import Language
    from countermark.voices.encoder import VoiceEncoder
    from countermark.voices.recordings import Heard, LeftOut

LANG = click.option(
    "--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default."
)
WEIGHTS = click.option(
    "--weights",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The weights of the encoder: pretrained.pt of Resemblyzer 0.1.4.",
)


def spoken(lang: str | None) -> Language:
    """The sentences in the language that was asked for, else in that of the locale."""
    from countermark.language import language_of_locale
    from countermark.voices.words import LANGUAGES

    return LANGUAGES[lang or language_of_locale(os.environ)]


def encoder_of(weights: Path, language: Language) -> VoiceEncoder:
    """The encoder; weights that are not those that were measured are told of. Raises InputError."""
    from countermark.voices.encoder import VoiceEncoder

    encoder = VoiceEncoder.read(weights)
    if not encoder.known:
        click.echo(language.say("weights.other", digest=encoder.digest), err=True)
    return encoder


def tell_left_out(heard: Iterable[Heard | LeftOut], language: Language) -> None:
    """Say on stderr what cannot be used, and what was damaged."""
    from countermark.cli.progress import printable
    from countermark.voices.recordings import LeftOut

    for one in heard:
        if isinstance(one, LeftOut):
            click.echo(printable(language.say("left_out", name=one.name, reason=one.reason)), err=True)
        elif one.damaged:
            click.echo(printable(language.say("damaged", name=one.name, reason=one.damaged)), err=True)
