"""A claim's words in a paper for a court: the same facts, without advice to the claimant and without "yours"."""

from __future__ import annotations

from typing import Final

from countermark.claims.messages_en import MESSAGES as ENGLISH
from countermark.claims.messages_fr import MESSAGES as FRENCH
from countermark.language import languages, typeset

_EN: Final = {
    "step.yours": "Held by the claimant",
    "good": "Works that may be used freely",
    "good.lead": "These works are not claimed:",
    "reason.owner-by-notice": "held, by a copyright notice alone",
    "rule.status.unknown": "unknown: its outcome was not in the sources read",
    "warning.stale": "{rule}: last checked on {checked}, more than {days} days before this claim.",
    "warning.unknown": "{rule}: its outcome was not in the sources read. It yields no amount.",
    "run.byname": "Works of runs were also recognised by title and author alone.",
}
_FR: Final = {
    "step.yours": "Détenue par le demandeur",
    "good": "Œuvres dont l’utilisation est permise",
    "good.lead": "Ces œuvres ne sont pas réclamées :",
    "reason.owner-by-notice": "détenue, selon une seule mention de copyright",
    "rule.status.unknown": "inconnu : l’issue n’était pas dans les sources lues",
    "warning.stale": "{rule} : vérifiée le {checked}, plus de {days} jours avant cette demande.",
    "warning.unknown": "{rule} : son issue n’était pas dans les sources lues. Elle ne donne aucun montant.",
    "run.byname": "Des œuvres ont aussi été reconnues par le titre et l’auteur seuls.",
}

LANGUAGES: Final = languages(
    {**ENGLISH, **_EN}, {**FRENCH, **{key: typeset(text) for key, text in _FR.items()}}
)
