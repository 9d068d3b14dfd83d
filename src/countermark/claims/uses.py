"""Words for what a right, a licence, a mandate or a reservation is about, and whether they reach copying for training.

Importers write uses in their own words (`tdm training`, `generative-training`, `on-demand-stream`), people in theirs
(`All rights`, `entraînement d'IA`). One list for all, so that no step reads a word that another does not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from countermark.claims.parties import same_name

_COVERING: Final = frozenset(
    {
        *("all", "any", "tout", "tous", "toute", "toutes", "alle", "todos"),
        *("reproduction", "mechanical", "mecanique", "copying"),
        *("tdm", "mining", "fouille", "training", "train", "entrainement", "ai", "ia", "ki", "ml"),
    }
)
_WITHOUT: Final = frozenset(
    {"no", "non", "not", "except", "excluding", "without", "pas", "sans", "sauf", "hors"}
)
ANYONE: Final = frozenset({"anyone", "anybody", "everyone", "the public", "public", "tous", "tout le monde"})
"""Parties of a licence that is given to whoever comes, as importers write them (ONIX, PLUS) and as people do."""


@lru_cache(maxsize=4096)
def covers(uses: str) -> bool:
    """Whether some words reach reproduction, mining or training; those that say nothing do.

    A use that denies (`all except training`) does not: a claim leaves it out rather than guess.
    """
    if not uses.strip():
        return True
    said = [set(same_name(use).split()) for use in uses.split()]
    return any(words & _COVERING and not words & _WITHOUT for words in said)


def to_anyone(party: str) -> bool:
    """Whether a party is not somebody, but everybody."""
    return same_name(party) in ANYONE
