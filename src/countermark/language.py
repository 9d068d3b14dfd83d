"""Sentences, numbers and dates in English and French; every room brings its own sentences. What a terminal may show."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NARROW = "\u202f"
WIDE = "\u00a0"
_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code for `lang=`, its sentences, and its marks for thousands and decimals."""

    code: str
    messages: Mapping[str, str]
    thousands: str
    decimal: str
    percent: str

    def say(self, key: str, **values: object) -> str:
        """A sentence with its values. Whole numbers are grouped; `n` chooses between singular and plural."""
        n = values.get("n")
        if isinstance(n, int) and key not in self.messages:
            key = f"{key}.one" if self._is_one(n) else f"{key}.other"
        told = {
            name: self.number(value) if isinstance(value, int) else value for name, value in values.items()
        }
        return self.messages[key].format(**told)

    def number(self, value: int) -> str:
        """A whole number in groups of three digits."""
        return f"{value:,}".replace(",", self.thousands)

    def share(self, value: float, places: int = 1) -> str:
        """A fraction of one in per cent. Some is never told as none, nor nearly all as all."""
        smallest = 10.0**-places
        percent = value * 100
        if 0 < percent < smallest:
            return f"< {smallest:.{places}f}".replace(".", self.decimal).replace(" ", WIDE) + self.percent
        if 100 - smallest < percent < 100:
            return (
                f"> {100 - smallest:.{places}f}".replace(".", self.decimal).replace(" ", WIDE) + self.percent
            )
        written = f"{percent:.{places}f}"
        if percent in (0, 100):
            written = f"{percent:.0f}"
        return written.replace(".", self.decimal) + self.percent

    def date(self, iso: str) -> str:
        """A date written YYYY-MM-DD in words; anything else as it stands."""
        found = _DATE.fullmatch(iso)
        if not found or not 1 <= int(found[2]) <= 12:
            return iso
        day = str(int(found[3]))
        if self.code == "fr" and day == "1":
            day = "1er"
        return f"{day}{WIDE}{_MONTHS[self.code][int(found[2]) - 1]}{WIDE}{found[1]}"

    def _is_one(self, n: int) -> bool:
        # French counts 0 with the singular: « 0 œuvre ».
        return n == 1 or (self.code == "fr" and n == 0)


def languages(english: Mapping[str, str], french: Mapping[str, str]) -> dict[str, Language]:
    """English and French over the sentences of one room, by code."""
    return {
        "en": Language("en", english, ",", ".", "%"),
        "fr": Language("fr", french, NARROW, ",", NARROW + "%"),
    }


def typeset(text: str) -> str:
    """French spaces that do not break, where an ordinary one was typed."""
    text = re.sub(" ([;!?%])", f"{NARROW}\\1", text)
    return re.sub(" ([:»])", f"{WIDE}\\1", text).replace("« ", f"«{WIDE}")


def printable(text: str) -> str:
    """Text from outside without the characters that could steer a terminal; the spaces of French typography stay."""
    return "".join(
        character if character.isprintable() or unicodedata.category(character) == "Zs" else "\ufffd"
        for character in text
    )


def language_of_locale(environment: Mapping[str, str]) -> str:
    """`fr` when the locale (LC_ALL, LC_MESSAGES, LANG, in this order) is French, else `en`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "fr" if environment[name].lower().startswith("fr") else "en"
    return "en"
