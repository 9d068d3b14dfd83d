"""The second exact test: versions of a passage, of which one was published and the others were drawn by the same coin.

A question shows the published version and others that the key drew alike, in an order that the key draws. Whoever lacks
the key can tell nothing from the question: given what is shown, each version is as probably the published one as any
other. Editorial variants give a question for each coin, with two renderings; sentences and passphrases one with up to
four candidates. What is shown is no secret any more: a question is asked of a hosted model once, and its versions go
into the ledger of burnt candidates. All versions are shown equally often, so that a later test stays exact.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.memorization.drivers.driver import Query
from countermark.memorization.traps.candidates import passages, published, published_texts, said_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.traps.candidates import Trap
    from countermark.memorization.traps.key import Draw, TrapKey

MOST_VERSIONS: Final = 4
TOKENS: Final = 8
"""Of an answer: a letter needs one or two."""
_CONTEXT: Final = 240  # characters before a version that are shown
_LETTER: Final = re.compile(r"\(?([A-D])\)?[.:]?")


class Question(NamedTuple):
    """One question: its versions in the order shown, the place of the published one, and how the ledger names them."""

    work: str
    title: str
    channel: str
    number: int
    versions: tuple[str, ...]
    right: int
    shown: tuple[Query, ...]


def questions_of(trap: Trap, key: TrapKey, versions: int) -> list[Question]:
    """The questions that a trap gives, the same each time. Raises PlanError as `passages` does.

    A question whose versions look alike once white space is one is left out.
    """
    if trap.form == "variants":
        texts = published_texts(trap, key)  # draws all candidates: once is enough
        made = [_coin(trap, key, number, sites, texts) for number, sites in enumerate(_coins(trap))]
    else:
        made = [_sentence(trap, key, versions)]
    return [one for one in made if len(set(one.versions)) == len(one.versions)]


def letter_of(answer: str, versions: int) -> int | None:
    """The version that an answer names: its first line is a letter and nothing else; None otherwise."""
    line = answer.strip().split("\n")[0].strip()
    match = _LETTER.fullmatch(line)
    place = None if match is None else ord(match[1]) - ord("A")
    return place if place is not None and place < versions else None


def _coins(trap: Trap) -> list[list[int]]:
    """The sites of each coin, in order: those of one group share one, a site without a group has its own."""
    coins: dict[str, list[int]] = {}
    for number, site in enumerate(trap.payload["sites"]):
        coins.setdefault(site["group"] or f"\0{number}", []).append(number)
    return list(coins.values())


def _coin(trap: Trap, key: TrapKey, number: int, sites: Sequence[int], texts: Sequence[str]) -> Question:
    """The first site of a coin, in two renderings: a coin with more sides shows the published and one other."""
    site = trap.payload["sites"][sites[0]]
    others = [text for text in site["renderings"] if text != texts[sites[0]]]
    other = _draw(trap, key, "ask-other", number).choice(others)
    return _question(
        trap, key, number, [Query(site["before"], text + site["after"]) for text in (texts[sites[0]], other)]
    )


def _sentence(trap: Trap, key: TrapKey, versions: int) -> Question:
    """The published candidate and others that are drawn from all the rest without returning any."""
    made, place = passages(trap, key), published(trap, key)
    rest = [number for number in range(len(made)) if number != place]
    draw = _draw(trap, key, "ask-other", 0)
    chosen = [place]
    while rest and len(chosen) < versions:
        chosen.append(rest.pop(draw.below(len(rest))))
    sites = [made[number].sites[0] for number in chosen]
    return _question(trap, key, 0, [Query(site.before, site.text + site.after) for site in sites])


def _question(trap: Trap, key: TrapKey, number: int, queries: Sequence[Query]) -> Question:
    """Put versions, of which the first is the published one, into the order that the key draws (Fisher and Yates)."""
    order, draw = list(range(len(queries))), _draw(trap, key, "ask-order", number)
    for last in range(len(order) - 1, 0, -1):
        other = draw.below(last + 1)
        order[last], order[other] = order[other], order[last]
    shown = tuple(queries[place] for place in order)
    versions = tuple(_shown(query) for query in shown)
    return Question(trap.work, trap.title, trap.channel, number, versions, order.index(0), shown)


def _draw(trap: Trap, key: TrapKey, purpose: str, number: int) -> Draw:
    """A draw of this trap alone: another of the same work and channel has other draws, as its candidates have."""
    return key.draw(purpose, trap.work, trap.channel, said_of(trap), number)


def _shown(query: Query) -> str:
    """A version on one line, with the end of what stands before it."""
    before = query.prefix
    if len(before) > _CONTEXT:
        before = "… " + before[-_CONTEXT:].partition(" ")[2]
    return " ".join((before + query.continuation).split())
