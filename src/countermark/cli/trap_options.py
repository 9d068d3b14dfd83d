"""What the commands that test traps share: the choices of a plan, the ledger, and what is said of power."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from countermark.cli.trap_language import tell
from countermark.memorization.traps.sentences import figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from countermark.language import Language
    from countermark.memorization.study.plan import Plan
    from countermark.memorization.traps.burnt import Ledger
    from countermark.memorization.traps.key import TrapKey
    from countermark.memorization.traps.ranking import Contest
    from countermark.memorization.traps.testing import Settings

Command = TypeVar("Command", bound="Callable[..., Any]")

EFFECTS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
FILE = click.Path(path_type=Path)
BACKGROUND = click.option(
    "--background",
    multiple=True,
    type=FILE,
    metavar="FILE",
    help="A text like the works, but without traps, that says which words are common; can be given several times.",
)
LEDGER = click.option(
    "--ledger",
    type=FILE,
    metavar="FILE",
    help="The ledger of what hosted models were shown; by default beside the key, or beside the plan of identifiers.",
)
_CHOICES = (
    click.option(
        "--statistic",
        type=click.Choice(["residualised", "raw"]),
        default="residualised",
        show_default=True,
        help="Which score decides: less what never saw the model, or as it is. Both are shown.",
    ),
    click.option(
        "--alpha", type=float, default=0.01, show_default=True, help="The level of all claims together."
    ),
    click.option(
        "--claims",
        type=click.Choice(["both", "channels", "works"]),
        default="both",
        show_default=True,
        help="What is decided: each channel over all its works, each work by itself, or both.",
    ),
    click.option(
        "--draws",
        type=click.IntRange(min=1),
        default=200_000,
        show_default=True,
        help="Draws of Monte Carlo.",
    ),
    click.option("--leave-out", "left_out", multiple=True, metavar="WORK", help="A work that is not tested."),
    click.option(
        "--log-texts",
        is_flag=True,
        help="Keep the candidates' texts in the log of the run: it is then a secret.",
    ),
)


def plan_choices(command: Command) -> Command:
    """Give a command the choices that a plan fixes."""
    for option in reversed(_CHOICES):
        command = option(command)
    return command


def settings_of(given: dict[str, Any], channels: tuple[str, ...] = ()) -> Settings:
    """The choices. Raises PlanError."""
    from countermark.memorization.traps.testing import Settings

    names = ("statistic", "alpha", "claims", "draws", "left_out", "log_texts")
    return Settings(channels=channels, **{name: given[name] for name in names})


def ledger_path(given: Path | None, key: Path | None, plan: Path) -> Path:
    """Where the ledger is: each key has one of its own, beside it."""
    return given or (
        key.with_name(f"{key.name}.burnt.jsonl") if key else plan.with_name("identifiers.burnt.jsonl")
    )


def ledger_of(path: Path, key: TrapKey | None, *, but: str = "") -> Ledger:
    """The ledger. Raises RunError, PlanError."""
    from countermark.memorization.traps.burnt import Ledger
    from countermark.memorization.traps.testing import log_secret

    return Ledger(path, log_secret(key), but=but)


def tell_plan(
    path: Path, plan: Plan, contests: Sequence[Contest], language: Language, *, hosted: bool
) -> None:
    """Say what a plan fixes, and what a test of it could show."""
    from countermark.memorization.traps.judging import claims_of

    said = plan.members
    claims = claims_of(contests, said["claims"])
    model = said["model"]
    tell(language, "plan", plan=str(path))
    tell(language, "digest", digest=plan.digest)
    tell(language, "model", name=model["name"], which=model["digest"] or model["address"])
    alpha = figure(said["alpha"], language, 6)
    tell(language, "asks", queries=said["queries"], claims=len(claims), alpha=alpha)
    tell(language, "decides", statistic=language.say(said["statistic"]))
    for sizes, channels in _by_sizes(contests).items():
        works = language.say("works", n=len(sizes))
        key = "channel" if len(channels) == 1 else "channels"
        tell(language, key, channels=", ".join(channels), works=works)
        tell_power(sizes, said["alpha"] / len(claims), said["draws"], language)
    if said["claims"] != "channels":
        _tell_works(contests, said["alpha"], len(claims), language)
    if hosted:
        tell(language, "hosted", err=True)
    tell(language, "test")


def _by_sizes(contests: Sequence[Contest]) -> dict[tuple[int, ...], list[str]]:
    """The channels by the numbers of candidates of their works: what one of them can show, the others can."""
    found: dict[tuple[int, ...], list[str]] = {}
    for channel in sorted({contest.channel for contest in contests}):
        sizes = sorted(len(contest.numbers) for contest in contests if contest.channel == channel)
        found.setdefault(tuple(sizes), []).append(channel)
    return found


def tell_power(sizes: Sequence[int], level: float, draws: int, language: Language) -> None:
    """Say which effects a channel's works would show, at the level of the hardest step of Holm."""
    from countermark.probability.power import power_of, smallest_p, works_needed

    smallest = smallest_p(sizes, draws)
    tell(language, "level", level=figure(level, language, 2), smallest=figure(smallest, language, 2))
    if smallest > level:
        tell(language, "poor")
        return
    tell(language, "head")
    for effect in EFFECTS:
        power, least = power_of(effect, len(sizes), level), power_of(effect, len(sizes), level, cautious=True)
        works, most = works_needed(effect, level), works_needed(effect, level, cautious=True)
        needed = f"{language.number(works):>6} ({language.number(most)})"
        told = f"  {effect:8.2f}   {100 * power:5.1f} % ({100 * least:5.1f} %)        "
        click.echo(told.replace(".", language.decimal) + needed)
    tell(language, "d")
    tell(language, "cautious")


def _tell_works(contests: Sequence[Contest], alpha: float, claims: int, language: Language) -> None:
    poor = sum(len(contest.numbers) * alpha < claims for contest in contests)
    if poor:
        tell(language, "alone", n=poor, all=len(contests))
