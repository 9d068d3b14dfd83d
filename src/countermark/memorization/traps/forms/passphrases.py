"""Passphrase lines: five words of 1,024, 50 bits, on a line of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.errors import PlanError
from countermark.memorization.traps.forms.payloads import text_of
from countermark.memorization.traps.forms.words import COUNT, list_name, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.memorization.traps.key import Draw

WORDS: Final = 5
MOST_WORDS: Final = 20


class Passphrase:
    """The form `passphrase`: its payload is {"before", "after", "words", "list", "place"}."""

    def check(self, payload: Mapping[str, Any]) -> None:
        """Raise PlanError unless the words are of a list that this version has."""
        text_of(payload, "before")
        text_of(payload, "after")
        language_of(payload)
        count = payload.get("words")
        if type(count) is not int or not 1 <= count <= MOST_WORDS:
            raise PlanError(f"a passphrase needs from 1 to {MOST_WORDS} words")

    def space(self, payload: Mapping[str, Any]) -> int:
        """1,024 for each word."""
        return int(COUNT ** payload["words"])

    def places(self, payload: Mapping[str, Any]) -> list[tuple[str, str]]:
        """One place."""
        return [(payload["before"], payload["after"])]

    def render(self, payload: Mapping[str, Any], draw: Draw) -> tuple[str, ...]:
        """The words, each drawn from the whole list."""
        words = words_of(language_of(payload))
        return (" ".join(draw.choice(words) for _ in range(payload["words"])),)


def language_of(payload: Mapping[str, Any]) -> str:
    """The language of the list that a payload names. Raises PlanError where it is no list of this version."""
    name = text_of(payload, "list")
    for language in ("en", "fr"):
        if name == list_name(language):
            return language
    raise PlanError(f"the trap is drawn from the word list {name!r}, which this version does not have")


def payload_of(language: str) -> dict[str, Any]:
    """What a new trap of this form says, but for the place where it stands."""
    return {"words": WORDS, "list": list_name(language)}
