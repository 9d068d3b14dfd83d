"""The first exact test: what stood before a random text is sent, and the random text is looked for in the answers.

Only the text before the trap is sent; the trap itself is in no question. A trap of which a candidate was ever shown to
a hosted model is left out: its published text is then no longer uniform over the whole space for every model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.errors import PlanError
from countermark.memorization.asking.exact import emission_bound
from countermark.memorization.asking.wording import only, words_of
from countermark.memorization.traps.candidates import published_texts
from countermark.memorization.traps.forms import words as lists
from countermark.memorization.traps.forms.forms import form_of
from countermark.memorization.traps.forms.passphrases import language_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.traps.candidates import Trap
    from countermark.memorization.traps.key import TrapKey

VARIANTS: Final = "variants"
LEAST_BEFORE: Final = 5
"""Words before a trap; after fewer a model would write anything."""


class Emission(NamedTuple):
    """One trap as it is looked for: what is sent, the size of its space, and its bound for all its outputs."""

    work: str
    title: str
    channel: str
    before: str
    space: int
    bound: float


def emission_of(trap: Trap, outputs: int, positions: int) -> Emission | None:
    """What is sent of a trap; None for a form without one random text, or with too little before it.

    Raises PlanError where two texts of the space would be the same words, which the word lists rule out.
    """
    if trap.form == VARIANTS:
        return None
    form = form_of(trap.form)
    form.check(trap.payload)
    _require_distinct(language_of(trap.payload))
    before = form.places(trap.payload)[0][0]
    if len(words_of(before)) < LEAST_BEFORE:
        return None
    space = form.space(trap.payload)
    return Emission(
        trap.work, trap.title, trap.channel, before, space, emission_bound(outputs, positions, space)
    )


def emitted(trap: Trap, key: TrapKey, outputs: Sequence[str], positions: int) -> int:
    """In how many outputs the published text stands, beginning at one of the first `positions` words."""
    wanted = tuple(word for text in published_texts(trap, key) for word in only(words_of(text)))
    return sum(_begins(only(words_of(output)), wanted, positions) for output in outputs)


def _begins(words: Sequence[str], wanted: Sequence[str], positions: int) -> bool:
    size = len(wanted)
    places = range(min(positions, len(words) - size + 1))
    return any(tuple(words[start : start + size]) == wanted for start in places)


def _require_distinct(language: str) -> None:
    """At one place of an output there stands at most one text of the space: the union bound rests on it.

    So each entry of the list must be one word, and another than every other, as words are compared here.
    """
    found = {only(words_of(word)) for word in lists.words_of(language)}
    if len(found) != lists.COUNT or any(len(word) != 1 for word in found):
        raise PlanError(f"the word list {lists.list_name(language)} cannot be told apart word by word")
