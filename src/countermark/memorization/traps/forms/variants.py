"""Editorial variants: places of a text that can be written in two ways or more, of which a coin chooses one.

A site's `group` names the coin: sites of one group are always on the same side, so that a work spells a word in one
way throughout. Side 0 is the same way of writing wherever it is offered (the comma is there, the number is spelled),
and not the one that the text happens to have.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import PlanError
from countermark.memorization.traps.forms.payloads import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from countermark.memorization.traps.key import Draw

MOST_SITES: Final = 2000
MOST_RENDERINGS: Final = 16


@dataclass(frozen=True)
class Variant:
    """A place `[start, end)` of a text that can be written in several ways; it is written as one of them now.

    `kind` is the rule that found it: serial-comma, number, contraction, on, pair, headline. Variants with the same
    `group` share a coin; one with an empty group has its own.
    """

    start: int
    end: int
    renderings: tuple[str, ...]
    kind: str
    group: str = ""


class Variants:
    """The form `variants`: its payload is {"sites": [{"before", "after", "renderings", "group"}, …]}."""

    def check(self, payload: Mapping[str, Any]) -> None:
        """Raise PlanError unless each site has two renderings or more, and groups agree on how many."""
        sites = payload.get("sites")
        if not isinstance(sites, list) or not 1 <= len(sites) <= MOST_SITES:
            raise PlanError(f"a trap of variants needs from 1 to {MOST_SITES:,} sites")
        sides: dict[str, int] = {}
        for number, site in enumerate(sites):
            if not isinstance(site, dict):
                raise PlanError(f"site {number} of a trap of variants is no object")
            for name in ("before", "after", "group"):
                text_of(site, name)
            count = _check_renderings(site.get("renderings"), number)
            group = site["group"] or f"\0{number}"
            if sides.setdefault(group, count) != count:
                raise PlanError(f"the sites of group {group!r} have different numbers of renderings")

    def space(self, payload: Mapping[str, Any]) -> int:
        """The product of the sides of all coins."""
        return math.prod(dict(_coins(payload)).values())

    def places(self, payload: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What stands before and after each site in the text as it was written."""
        return [(site["before"], site["after"]) for site in payload["sites"]]

    def render(self, payload: Mapping[str, Any], draw: Draw) -> tuple[str, ...]:
        """Throw each coin once, in the order of the sites."""
        thrown: dict[str, int] = {}
        for coin, sides in _coins(payload):
            if coin not in thrown:
                thrown[coin] = draw.below(sides)
        return tuple(
            site["renderings"][thrown[coin]]
            for site, (coin, _) in zip(payload["sites"], _coins(payload), strict=True)
        )


def _coins(payload: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The coin of each site, and how many sides it has."""
    for number, site in enumerate(payload["sites"]):
        yield site["group"] or f"\0{number}", len(site["renderings"])


def _check_renderings(renderings: Any, number: int) -> int:
    texts = renderings if isinstance(renderings, list) else []
    sound = all(isinstance(text, str) and 0 < len(text) <= 1000 for text in texts)
    if not sound or not 2 <= len(texts) <= MOST_RENDERINGS or len(set(texts)) != len(texts):
        raise PlanError(
            f"site {number} needs from 2 to {MOST_RENDERINGS} renderings, each another text of up to 1,000 characters"
        )
    return len(texts)
