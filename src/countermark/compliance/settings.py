"""What a filter run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.captures.robots_archive import DEFAULT_AGE
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import Use

if TYPE_CHECKING:
    from pathlib import Path

FORMAT: Final = "countermark.filter/1"
TRAINING: Final = (Use.TRAIN, Use.GENERATIVE)
"""What is asked by default: a corpus to train any model, also one that generates."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Columns or fields that the user named; "" where they are found by their names."""

    url: str = ""
    date: str = ""
    headers: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of every record.

    `robots` are WARC files with captures of robots.txt, `verdicts` are tables that `reserve at-capture` wrote.
    `date` is the day of the crawl, for records that carry none.
    """

    uses: tuple[Use, ...] = TRAINING
    agent: str = ANY_AGENT
    robots: tuple[Path, ...] = ()
    verdicts: tuple[Path, ...] = ()
    naming: Naming = field(default_factory=Naming)
    date: str | None = None
    max_age: int = DEFAULT_AGE


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """One run: which files, which answers are dropped, and where the results go."""

    corpus: tuple[Path, ...]
    out: Path
    removed: Path
    asking: Asking = field(default_factory=Asking)
    mark: bool = False
    keep_unknown: bool = True
    keep_conditional: bool = False
    dry_run: bool = False

    def facts(self) -> dict[str, Any]:
        """The settings that change what is written, as the proof states them; no path stands in them."""
        asking = self.asking
        return {
            "uses": [str(use) for use in asking.uses],
            "agent": asking.agent,
            "unknown": "keep" if self.keep_unknown else "drop",
            "conditional": "keep" if self.keep_conditional else "drop",
            "mark": self.mark,
            "url_column": asking.naming.url,
            "date_column": asking.naming.date,
            "headers_column": asking.naming.headers,
            "date": asking.date or "",
            "max_age_days": asking.max_age,
        }
