"""`countermark voice enrol`, `show` and `erase`: the life of a voiceprint."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from countermark.cli.extras import needs_audio
from countermark.cli.voice_options import LANG, WEIGHTS, encoder_of, spoken, tell_left_out

if TYPE_CHECKING:
    from countermark.language import Language
    from countermark.voices.voiceprint import Voiceprint


@click.command("enrol")
@click.argument("recordings", metavar="RECORDING…", nargs=-1, required=True, type=click.Path(path_type=Path))
@WEIGHTS
@click.option("--name", required=True, help="Whose voice this is.")
@click.option("--consent", default="", help="The words in which this person consented, and when.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The file to write; it ends in .voiceprint."
)
@LANG
def enrol(
    *, recordings: tuple[Path, ...], weights: Path, name: str, consent: str, out: Path, lang: str | None
) -> None:
    """Make the voiceprint of one voice from recordings of it alone, at least 20 seconds in all.

    Without --consent nothing is made. The file holds the consent, the day, and numbers that describe the voice; only
    your account may read it. The recordings themselves are not kept.

    \b
    Example:
      countermark voice enrol a.flac b.flac --weights pretrained.pt --name "Ada Roux" \\
          --consent "I agree, Ada Roux, 3 May 2026" --out private/ada.voiceprint

    \b
    Exit codes:
      0    written
      2    no consent, too little sound, or something given cannot be used
      5    the file could not be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.errors import InputError

    if not consent.strip():
        raise InputError(
            "--consent is missing: a voiceprint is made only with the consent of the person whose voice it is; "
            "give the words in which, and when, this person consented"
        )
    needs_audio()
    from countermark.voices.recordings import Heard, files_of, hear
    from countermark.voices.voiceprint import enrol as made
    from countermark.voices.voiceprint import write_voiceprint

    language = spoken(lang)
    encoder = encoder_of(weights, language)
    all_heard = [one for path in files_of(recordings) for one in hear(path, encoder)]
    tell_left_out(all_heard, language)
    heard = [one for one in all_heard if isinstance(one, Heard)]
    day = datetime.now(UTC).date().isoformat()
    voiceprint = made(heard, name=name, consent=consent, day=day, weights=encoder.digest)
    write_voiceprint(out, voiceprint)
    click.echo(language.say("enrolled", path=out, name=voiceprint.name, seconds=round(voiceprint.seconds)))
    _tell_own(voiceprint, language)
    click.echo(language.say("stays"))


def _tell_own(voiceprint: Voiceprint, language: Language) -> None:
    if voiceprint.own:
        low, middle = (f"{value:.2f}".replace(".", language.decimal) for value in voiceprint.own)
        click.echo(language.say("own", low=low, middle=middle))


@click.command("show")
@click.argument("voiceprint", type=click.Path(path_type=Path))
@LANG
def show(voiceprint: Path, lang: str | None) -> None:
    """Show what a voiceprint says of itself: whose, with which consent, since when.

    \b
    Exit codes:
      0    shown
      2    no voiceprint
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.cli.progress import printable
    from countermark.voices.voiceprint import read_voiceprint

    held, language = read_voiceprint(voiceprint), spoken(lang)
    for field, value in (
        ("name", held.name),
        ("consent", held.consent),
        ("enrolled", language.date(held.enrolled)),
    ):
        click.echo(printable(language.say(f"show.{field}", value=value)))
    seconds, recordings = round(held.seconds), len(held.recordings)
    click.echo(language.say("show.seconds", value=seconds, recordings=recordings))
    click.echo(printable(language.say("show.weights", value=held.weights)))
    _tell_own(held, language)
    mode = stat.S_IMODE(voiceprint.stat().st_mode)
    if mode & 0o077:
        click.echo(language.say("show.open", mode=f"{mode:o}"), err=True)


@click.command("erase")
@click.argument("voiceprint", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@LANG
def erase(voiceprint: Path, *, yes: bool, lang: str | None) -> None:
    """Overwrite a voiceprint with zeros and remove it.

    Copies, backups and snapshots are not reached, nor what a file system or a solid-state disk keeps of old blocks.

    \b
    Exit codes:
      0    erased
      1    you declined
      2    no voiceprint
      5    the file could not be removed
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.voices.voiceprint import erase_voiceprint

    language = spoken(lang)
    if not yes:
        click.confirm(language.say("erase.ask", path=voiceprint), abort=True, err=True)
    erase_voiceprint(voiceprint)
    click.echo(language.say("erased", path=voiceprint))
    click.echo(language.say("erased.limits"))
