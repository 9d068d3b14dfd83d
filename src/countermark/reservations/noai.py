"""noai and noimageai: DeviantArt's directives of November 2022, in robots metas and in X-Robots-Tag.

    noai        the page and what it shows is not for training           → train, generative
    noimageai   the pictures on it are not                               → train, generative, of images

The announcement speaks of data sets for training; nothing else is inferred. Directives are separated by commas and
read without regard to case. A meta named after an agent is for that agent; an X-Robots-Tag value may begin with
`agent:`, and what follows is then for that agent until another is named. A colon after the name of a directive that
takes a value (`unavailable_after: 25 Jun 2026 15:00:00 PST`) names no agent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.reservations.statement import Gathering, Reading
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.reservations.page import Page
    from countermark.reservations.response import Headers
    from countermark.reservations.statement import Place
    from countermark.reservations.target import Target

REVISION: Final = "2022-11"
DIRECTIVES: Final = {"noai": "", "noimageai": "image"}
EVERYBODY: Final = "robots"

_USES: Final = (Use.TRAIN, Use.GENERATIVE)
_FIELDS: Final = ("x-robots-tag", "robots-tag")
_VALUED: Final = frozenset(
    {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview", "indexifembedded"}
)
_AGENT: Final = re.compile(r"\s*([A-Za-z*][A-Za-z0-9_.*-]*)\s*:")
_SEPARATORS: Final = re.compile(r"[\s,;]+")


def read_headers(headers: Headers, target: Target, place: Place) -> Reading:
    """What the X-Robots-Tag fields of a response say to an agent."""
    gathering = Gathering("noai", place, REVISION)
    for field in _FIELDS:
        for value in headers.all(field):
            for agent, directive in _directives(value):
                if _is_for(agent, target):
                    _say(gathering, "header", directive, value.encode("latin-1", "replace"), agent)
    return gathering.reading()


def read_page(page: Page, target: Target, place: Place) -> Reading:
    """What the robots metas of a page say to an agent."""
    gathering = Gathering("noai", place, REVISION)
    for meta in page.metas:
        name = meta.name.strip().lower()
        if _is_for(name, target):
            for directive in _SEPARATORS.split(meta.content.lower()):
                _say(gathering, "html", directive, meta.raw, name)
    return gathering.reading()


def _directives(value: str) -> Iterator[tuple[str, str]]:
    """Agent and directive, one after the other, in lower case."""
    agent = EVERYBODY
    for piece in value.split(","):
        told = piece
        named = _AGENT.match(piece)
        if named and named[1].lower() in _VALUED:
            continue
        if named:
            agent, told = named[1].lower(), piece[named.end() :]
        for directive in _SEPARATORS.split(told.lower()):
            if directive:
                yield agent, directive


def _is_for(agent: str, target: Target) -> bool:
    return agent in {EVERYBODY, "*"} or agent == target.agent.strip().lower()


def _say(gathering: Gathering, technique: str, directive: str, raw: bytes, agent: str) -> None:
    if directive in DIRECTIVES:
        scope = "" if agent == EVERYBODY else agent
        gathering.say(technique, _USES, Answer.RESERVED, raw, scope=scope, medium=DIRECTIVES[directive])
    elif directive.replace("-", "").replace("_", "") in DIRECTIVES:
        gathering.remark("misspelt", doubt=True, said=directive)
