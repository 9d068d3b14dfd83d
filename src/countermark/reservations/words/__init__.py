"""The sentences of this room in English and French: one file per protocol, `EN` and `FR`, the same keys in both.

A key is `PROTOCOL.code`, as a Remark has it; the placeholders are the remark's facts, all of them text.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

from countermark.language import languages

if TYPE_CHECKING:
    from countermark.language import Language
    from countermark.reservations.statement import Remark

FALLBACK: Final = "en"


@cache
def room_languages() -> dict[str, Language]:
    """English and French over the sentences of every file in this folder."""
    english: dict[str, str] = {}
    french: dict[str, str] = {}
    for module in iter_modules(__path__):
        words = import_module(f"{__name__}.{module.name}")
        english |= words.EN
        french |= words.FR
    return languages(english, french)


def sentence(remark: Remark, language: str = FALLBACK) -> str:
    """A remark in words."""
    say = room_languages()[language]
    return say.say(remark.code, **{name: _in_words(name, value, say) for name, value in remark.facts})


def _in_words(name: str, value: str, say: Language) -> str:
    """A fact; those that are codes of this room (a technique, a list of uses) in words."""
    if name.endswith("technique"):
        return say.messages.get(f"technique.{value}", value)
    if name == "uses":
        return ", ".join(say.messages.get(f"use.{use}", use) for use in value.split(", "))
    return value
