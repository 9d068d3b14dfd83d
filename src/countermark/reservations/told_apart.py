"""Which agents a site tells apart: those that it does not are answered alike, so that one question does for all.

robots.txt and ai.txt speak to groups of agents, robots metas and X-Robots-Tag to an agent by its name. Nothing else
that is read depends on who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from countermark.reservations.ai_txt import parse_ai_txt
from countermark.reservations.aipref import FIELD
from countermark.reservations.noai import agents_named
from countermark.reservations.page import read_page
from countermark.reservations.robots import parse_robots

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.reservations.response import Response, Site


class Mark(NamedTuple):
    """What an agent is told apart by: agents with the same mark get the same statements.

    `groups` are those of the site's files; `named` is its name where the response may speak to it alone, else "".
    """

    groups: tuple[tuple[int, ...], ...]
    named: str


def told_apart(site: Site, response: Response | None = None) -> Callable[[str], Mark]:
    """A function from an agent's token to its mark."""
    robots = parse_robots(site.robots.body if site.robots else b"")
    ai_txt = parse_ai_txt(site.ai_txt.body if site.ai_txt else b"")
    named = agents_named(response.headers, read_page(response.body)) if response else frozenset()

    def mark(agent: str) -> Mark:
        token = agent.strip().lower()
        groups = (robots.groups(agent), robots.groups(agent, closed_by=FIELD), ai_txt.groups(agent))
        alone = (
            token in named or " " in token or not robots.listed.isdisjoint((token, token.partition("/")[0]))
        )
        return Mark(groups, token if alone else "")  # spaces and lists in one line have remarks of their own

    return mark
