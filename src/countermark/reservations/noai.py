"""noai and noimageai: DeviantArt's directives of November 2022, in robots metas and in X-Robots-Tag.

    noai        the page and what it shows is not for training           → train, generative
    noimageai   the pictures on it are not                               → train, generative, of images

The announcement speaks of data sets for training; nothing else is inferred. Directives are separated by commas and
read without regard to case. A meta named after an agent is for that agent; in X-Robots-Tag `agent:` may begin a value
or stand after a comma, and what follows is then for that agent until another is named. A colon after a directive
(`unavailable_after: 25 Jun 2026 15:00:00 PST`, `noindex: noai`) names no agent. Where a word with a colon stands
elsewhere (`googlebot: noindex GPTBot: noai`), nobody can say whom the rest is for: a `noai` there is a doubt for all.
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
_NO_AGENTS: Final = frozenset(
    {
        "all",
        "archive",
        "cache",
        "follow",
        "index",
        "indexifembedded",
        "max-image-preview",
        "max-snippet",
        "max-video-preview",
        "noai",
        "noarchive",
        "nocache",
        "nofollow",
        "noimageai",
        "noimageindex",
        "noindex",
        "none",
        "noodp",
        "nositelinkssearchbox",
        "nosnippet",
        "notranslate",
        "noydir",
        "snippet",
        "unavailable_after",
    }
)
"""Directives, of robots metas as Google, Bing and Yahoo have described them: none of them is an agent's name."""
_SOMEBODY: Final = "?"
_WORD: Final = re.compile(r"([^\s,;:]+)(\s*:)?")
_NAME: Final = re.compile(r"[a-z*][a-z0-9_.*-]*")
_PIECES: Final = re.compile(r"[,;]")
_TORN: Final = re.compile(r"\bno[\s_-]+(image[\s_-]*)?ai\b")
_NEARLY: Final = re.compile(r"(?<![a-z])no(?:image)?ai(?![a-z])")


def read_headers(headers: Headers, target: Target, place: Place) -> Reading:
    """What the X-Robots-Tag fields of a response say to an agent."""
    gathering = Gathering("noai", place, REVISION)
    for field in _FIELDS:
        for value in headers.all(field):
            raw = value.encode("latin-1", "replace")
            for agent, directive in dict.fromkeys(_directives(value)):
                if agent == _SOMEBODY and directive in DIRECTIVES:
                    gathering.remark("for-whom", doubt=True, said=value)
                elif _is_for(agent, target):
                    _say(gathering, "header", directive, raw, agent, target)
    return gathering.reading()


def read_page(page: Page, target: Target, place: Place) -> Reading:
    """What the robots metas of a page say to an agent."""
    gathering = Gathering("noai", place, REVISION)
    for meta in page.metas:
        name = meta.name.strip().lower()
        if _is_for(name, target):
            for directive in dict.fromkeys(word for word, _ in _words(meta.content)):
                _say(gathering, "html", directive, meta.raw, name, target)
    return gathering.reading()


def agents_named(headers: Headers, page: Page) -> frozenset[str]:
    """The names, in lower case, by which a response may speak to one agent alone."""
    values = [value for field in _FIELDS for value in headers.all(field)]
    spoken = {agent for value in values for agent, _ in _directives(value)}
    return frozenset(spoken | {meta.name.strip().lower() for meta in page.metas})


def _directives(value: str) -> Iterator[tuple[str, str]]:
    """Agent and directive, one after the other, in lower case."""
    agent = EVERYBODY
    for piece in _PIECES.split(value):
        for position, (word, colon) in enumerate(_words(piece)):
            if not colon or word in _NO_AGENTS or not _NAME.fullmatch(word):
                yield agent, word
            else:
                agent = _SOMEBODY if position else word


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Each word in lower case, and whether a colon follows; `no ai` is one word, `no-ai`."""
    whole = _TORN.sub(lambda torn: f"no-{'image' if torn[1] else ''}ai", text.lower())
    return ((word[1], word[2] is not None) for word in _WORD.finditer(whole))


def _is_for(agent: str, target: Target) -> bool:
    return agent in {EVERYBODY, "*"} or agent == target.agent.strip().lower()


def _say(
    gathering: Gathering, technique: str, directive: str, raw: bytes, agent: str, target: Target
) -> None:
    if directive in DIRECTIVES:
        if DIRECTIVES[directive] not in {"", target.medium}:
            gathering.remark("images-only", said=directive)
        scope = "" if agent == EVERYBODY else agent
        gathering.say(technique, _USES, Answer.RESERVED, raw, scope=scope, medium=DIRECTIVES[directive])
    elif _NEARLY.search(directive.replace("-", "").replace("_", "")):
        gathering.remark("misspelt", doubt=True, said=directive)
