"""`countermark trap power`: what a test could show, before it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from countermark.cli.trap_language import LANG, spoken, tell
from countermark.cli.trap_options import EFFECTS, FILE, tell_power

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.language import Language


@click.command("power")
@click.argument("folder", type=FILE, required=False)
@click.option(
    "--works", type=click.IntRange(1, 100_000), default=10, show_default=True, help="How many works."
)
@click.option(
    "--candidates",
    type=click.IntRange(2, 100_000),
    default=1000,
    show_default=True,
    help="How many each has.",
)
@click.option("--alpha", type=float, default=0.01, show_default=True, help="The level of one claim.")
@click.option(
    "--draws", type=click.IntRange(min=1), default=200_000, show_default=True, help="Of Monte Carlo."
)
@click.option(
    "--simulate", is_flag=True, help="Also simulate each effect: 200 tests of 20,000 draws, up to 50 works."
)
@LANG
def command(
    *,
    folder: Path | None,
    works: int,
    candidates: int,
    alpha: float,
    draws: int,
    simulate: bool,
    lang: str | None,
) -> None:
    """Say how many works a test needs, for FOLDER (with its traps) or for a number of works.

    The effect d is how far a published candidate stands above its alternates, in their standard deviations; 0 is a
    model that knows nothing of it. How large it is depends on the model and on how often it was given the text: no
    figure here promises one.

    \b
    Examples:
      countermark trap power traps/
      countermark trap power --works 30 --candidates 1000 --alpha 0.001 --simulate

    \b
    Exit codes:
      0    told
      2    no traps there, or a level that is none
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    if not 0 < alpha < 1:
        raise click.BadParameter("accepted: more than 0 and less than 1", param_hint="--alpha")
    language = spoken(lang)
    for channel, sizes in _sizes(folder, works, candidates).items():
        counted = language.say("works", n=len(sizes))
        tell(language, "channel" if channel else "counted", channels=channel, works=counted)
        tell_power(sizes, alpha, draws, language)
        if simulate:
            _simulate(sizes, alpha, language)


def _sizes(folder: Path | None, works: int, candidates: int) -> dict[str, list[int]]:
    """How many candidates each work has, by channel; the name is empty where no traps are given."""
    if folder is None:
        return {"": [candidates] * works}
    from countermark.memorization.traps import trap_file

    sizes: dict[str, list[int]] = {}
    for trap in trap_file.read_traps(folder / trap_file.NAME).traps:
        sizes.setdefault(trap.channel, []).append(trap.candidates)
    return sizes


def _simulate(sizes: list[int], alpha: float, language: Language) -> None:
    from countermark.probability.power import simulated_power

    if len(sizes) > 50:
        tell(language, "too_many")
        return
    for effect in EFFECTS:
        found = simulated_power(effect, sizes, alpha, seed=1)
        said = f"{effect:.2f}".replace(".", language.decimal)
        tell(language, "simulated", effect=said, share=language.share(found))
