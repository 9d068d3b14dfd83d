"""Countries: ISO 3166-1 alpha-2 codes with French and English names (CLDR; see scripts/make_countries.py)."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

from countermark.web.fields.names import sorting_key


def _read() -> dict[str, dict[str, str]]:
    table = files("countermark.web.fields").joinpath("countries.csv").read_text(encoding="utf-8")
    return {row["code"]: {"fr": row["fr"], "en": row["en"]} for row in csv.DictReader(table.splitlines())}


COUNTRIES: Final = _read()


def country_name(code: str, language: str) -> str:
    """The name of a country in a language; the code itself where it is unknown."""
    names = COUNTRIES.get(code)
    return names["fr" if language == "fr" else "en"] if names else code


@cache
def choices(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country, sorted as the language's readers expect: accents do not disturb."""
    named = ((code, country_name(code, language)) for code in COUNTRIES)
    return tuple(sorted(named, key=lambda pair: sorting_key(pair[1])))
