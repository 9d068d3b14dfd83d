"""The options `reserve filter` and `reserve summary` share: signals asked, where records hold what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from countermark.cli.days import day_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.compliance.settings import Asking

USES = ("tdm", "train", "generative", "input", "search")

Decorated = TypeVar("Decorated", bound="Callable[..., Any]")

_SIGNALS = (
    click.option(
        "--robots",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="WARC",
        help="WARC files with the crawl's own captures of robots.txt, or an archive made of them.",
    ),
    click.option(
        "--verdicts",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Tables that “countermark reserve at-capture” wrote, joined by address and date.",
    ),
    click.option(
        "--agent", default="*", show_default=True, help="The user agent that crawled, such as CCBot."
    ),
)
_RECORDS = (
    click.option("--url-column", default="", metavar="NAME", help="The column or field of the address."),
    click.option(
        "--date-column", default="", metavar="NAME", help="The column or field of the day of the crawl."
    ),
    click.option(
        "--headers-column", default="", metavar="NAME", help="A column or field with response headers."
    ),
    click.option("--date", metavar="YYYY-MM-DD", help="The day of the crawl, for records that carry none."),
    click.option(
        "--robots-age",
        "max_age",
        type=click.IntRange(min=0),
        default=30,
        show_default=True,
        metavar="DAYS",
        help="How old a robots.txt may be and still be taken as the one in force.",
    ),
)


def use_option(meaning: str) -> Callable[[Decorated], Decorated]:
    """`--use`; `meaning` is what the command does with several."""
    return click.option(
        "--use",
        "uses",
        multiple=True,
        default=["train", "generative"],
        show_default=True,
        type=click.Choice(USES),
        help=f"What the corpus is for; by default to train generative models. {meaning}",
    )


def signal_options(command: Decorated) -> Decorated:
    """What says whether a record is reserved, beside the record itself."""
    return _with(command, _SIGNALS)


def record_options(command: Decorated) -> Decorated:
    """Where a record holds its address, day and headers, and how old a robots.txt may be on that day."""
    return _with(command, _RECORDS)


def _with(command: Decorated, options: tuple[Callable[[Decorated], Decorated], ...]) -> Decorated:
    for option in reversed(options):  # the help lists them as they stand above
        command = option(command)
    return command


def asking_of(  # noqa: PLR0913  one parameter per option
    *,
    uses: tuple[str, ...],
    robots: tuple[Path, ...],
    verdicts: tuple[Path, ...],
    agent: str,
    date: str | None,
    max_age: int,
    url_column: str,
    date_column: str,
    headers_column: str,
    text_column: str = "",
) -> Asking:
    """What the options of both commands ask of each record. Raises InputError."""
    from countermark.compliance.settings import Asking, Naming
    from countermark.reservations.use import Use

    return Asking(
        uses=tuple(use for use in Use if use in uses),
        agent=agent,
        robots=robots,
        verdicts=verdicts,
        naming=Naming(url_column, date_column, headers_column, text_column),
        date=day_of(date, "--date").isoformat() if date else None,
        max_age=max_age,
    )
