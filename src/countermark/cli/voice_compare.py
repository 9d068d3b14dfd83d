"""`countermark voice compare`: which tracks may be worth listening to."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.extras import needs_audio
from countermark.cli.voice_options import LANG, WEIGHTS, encoder_of, spoken, tell_left_out

if TYPE_CHECKING:
    from countermark.language import Language
    from countermark.voices.comparing import Compared, Controls
    from countermark.voices.recordings import LeftOut


@click.command("compare")
@click.argument("voiceprint", metavar="VOICEPRINT", type=click.Path(path_type=Path))
@click.argument("tracks", metavar="TRACK…", nargs=-1, required=True, type=click.Path(path_type=Path))
@WEIGHTS
@click.option(
    "--controls",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Recordings of other voices, at least 20: what the similarity is held against.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@LANG
def command(
    *,
    voiceprint: Path,
    tracks: tuple[Path, ...],
    weights: Path,
    controls: Path,
    as_json: bool,
    lang: str | None,
) -> None:
    """Hold each TRACK against VOICEPRINT, beside recordings of other voices.

    Of each track the closest stretch of ten seconds counts, and of each control as well. Choose controls like the
    tracks: the same kind of voice, music and length. Nothing is written anywhere.

    \b
    Example:
      countermark voice compare private/ada.voiceprint tracks/ --weights pretrained.pt --controls others/

    \b
    Exit codes:
      0    compared
      2    fewer than 20 controls, other weights than those of the voiceprint, or nothing that can be compared
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    needs_audio()
    population, compared, left_out, language = _compare(voiceprint, tracks, weights, controls, lang)
    if as_json:
        click.echo(json.dumps(_facts(population, compared, left_out), ensure_ascii=False, indent=2))
        return
    tell_left_out([*population.left_out, *left_out], language)
    _tell(population, compared, language)


def _compare(
    voiceprint: Path, tracks: tuple[Path, ...], weights: Path, controls: Path, lang: str | None
) -> tuple[Controls, list[Compared], list[LeftOut], Language]:
    from countermark.errors import InputError
    from countermark.probability.binomial import clopper_pearson
    from countermark.voices.comparing import compare, controls_of
    from countermark.voices.recordings import Heard, LeftOut, files_of, hear
    from countermark.voices.voiceprint import read_voiceprint

    held, language = read_voiceprint(voiceprint), spoken(lang)
    encoder = encoder_of(weights, language)
    if encoder.digest != held.weights:
        raise InputError(f"{weights}: not the weights that {voiceprint} was made with; enrol the voice again")
    heard = [one for path in files_of(tracks) for one in hear(path, encoder)]
    digests = [one.digest for one in heard if isinstance(one, Heard)]
    others = (one for path in files_of([controls]) for one in hear(path, encoder))
    population = controls_of(held, others, digests)
    done = [
        compare(held, one, population, clopper_pearson) if isinstance(one, Heard) else one for one in heard
    ]
    compared = [one for one in done if not isinstance(one, LeftOut)]
    left_out = [one for one in done if isinstance(one, LeftOut)]
    if not compared:
        raise InputError(f"no track can be compared ({left_out[0].reason if left_out else 'none was found'})")
    return population, sorted(compared, key=lambda one: -one.best), left_out, language


def _tell(population: Controls, compared: list[Compared], language: Language) -> None:
    from countermark.cli.progress import printable
    from countermark.voices.comparing import WORTH

    def point(value: float) -> str:
        return f"{value:.2f}".replace(".", language.decimal)

    best, median = point(population.best[-1]), point(population.median)
    click.echo(language.say("controls", n=len(population.best), best=best, median=median))
    for one in compared:
        name = f"{one.name} ({one.track})" if one.track else one.name
        facts = {"stretches": one.stretches, "as_close": one.as_close, "controls": one.controls}
        start = f"{int(one.start) // 60}:{int(one.start) % 60:02d}"
        click.echo(printable(language.say("track", name=name, best=point(one.best), start=start, **facts)))
        chance, bound = language.share(one.chance), language.share(one.bound)
        click.echo(language.say("worth" if one.worth else "nothing", chance=chance, bound=bound))
        if one.looks > 1:
            click.echo(language.say("looks", looks=one.looks))
    expected = f"{WORTH * len(compared):.1f}".replace(".", language.decimal)
    click.echo(language.say("expected", n=len(compared), expected=expected))
    click.echo(language.say("hint"))


def _facts(population: Controls, compared: list[Compared], left_out: list[LeftOut]) -> dict[str, Any]:
    from countermark.voices.comparing import WORTH

    return {
        "hint": "no identification and no finding",
        "controls": {
            "recordings": len(population.best),
            "best": population.best[-1],
            "median": population.median,
        },
        "expected_by_chance": round(WORTH * len(compared), 4),
        "tracks": [asdict(one) | {"may_be_worth_listening_to": one.worth} for one in compared],
        "left_out": [asdict(one) for one in (*population.left_out, *left_out)],
    }
