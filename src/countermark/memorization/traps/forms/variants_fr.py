"""Where French text can be written in two ways: numbers, « l’on », and the spellings that were both right in 1990."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.memorization.traps.forms.numbers import numbers
from countermark.memorization.traps.forms.variants import Variant

if TYPE_CHECKING:
    from collections.abc import Iterator

SPELLINGS: Final = (
    ("clé", "clef"),
    ("clés", "clefs"),
    ("week-end", "weekend"),
    ("week-ends", "weekends"),
    ("événement", "évènement"),
    ("événements", "évènements"),
    ("réglementaire", "règlementaire"),
    ("réglementation", "règlementation"),
    ("céleri", "cèleri"),
    ("crémerie", "crèmerie"),
    ("connaître", "connaitre"),
    ("reconnaître", "reconnaitre"),
    ("paraître", "paraitre"),
    ("apparaître", "apparaitre"),
    ("disparaître", "disparaitre"),
    ("maître", "maitre"),
    ("maîtres", "maitres"),
    ("île", "ile"),
    ("îles", "iles"),
    ("coût", "cout"),
    ("coûts", "couts"),
    ("goût", "gout"),
    ("goûts", "gouts"),
    ("août", "aout"),
    ("chaîne", "chaine"),
    ("chaînes", "chaines"),
    ("entraîner", "entrainer"),
    ("fraîche", "fraiche"),
    ("fraîches", "fraiches"),
    ("cuillère", "cuiller"),
    ("paye", "paie"),
    ("vingt et un", "vingt-et-un"),
    ("trente et un", "trente-et-un"),
    ("porte-monnaie", "portemonnaie"),
    ("plate-forme", "plateforme"),
    ("plates-formes", "plateformes"),
    ("oignon", "ognon"),
    ("nénuphar", "nénufar"),
    ("ambiguë", "ambigüe"),
)
"""Spellings that are offered where the editor gives no list; those of one pair share a coin."""

# « l’on » is left alone before l (si on lit), where euphony decides, and at the beginning of a sentence.
_ON: Final = re.compile(r"\b(si|et|où|ou) (l(?P<mark>[’'])on|on) (?![lL])(?=[^\W\d_])")


def french(text: str) -> Iterator[Variant]:
    """Every place that a rule finds, in no order; what is protected is not yet left out."""
    yield from numbers(text, "fr")
    mark = "’" if "’" in text else "'"
    for match in _ON.finditer(text):
        yield Variant(*match.span(2), (f"l{match['mark'] or mark}on", "on"), "on")
