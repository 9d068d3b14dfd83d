"""`--lang`: in which language a command of `countermark reserve` speaks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from countermark.language import Language

LANG = click.option(
    "--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default."
)


def spoken(lang: str | None) -> Language:
    """The sentences in the language that was asked for, else in that of the locale."""
    from countermark.language import language_of_locale
    from countermark.reservations.words import room_languages

    return room_languages()[lang or language_of_locale(os.environ)]
