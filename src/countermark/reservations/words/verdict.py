"""Sentences of the verdict as a person reads it."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "use.tdm": "text and data mining",
    "use.train": "training",
    "use.generative": "generative training",
    "use.input": "input to a model",
    "use.search": "search index",
    "answer.reserved": "reserved",
    "answer.conditional": "conditional",
    "answer.allowed": "allowed",
    "answer.unknown": "unknown",
    "said.unknown": "nothing was said that can be read",
    "table.use": "use",
    "table.answer": "answer",
    "table.by": "who says so",
    "head.any-agent": "any agent",
    "head.asked": "{url}, asked by {agent}",
    "head.dated": "as served on {date}",
    "terms": "terms: {terms}",
    "conflicts.head": "Said otherwise, and outweighed",
    "conflicts.rule": (
        "Between protocols no text says which one stands; the most restrictive is taken, which is our rule."
    ),
    "conflict": "{use}: {answer} by {by}",
    "remarks.head": "Remarks",
    "at-line": "{where}, line {line}",
    "agents.head": "Agents that are answered otherwise",
    "groups.more": "and {count} more",
    "files.head": "Files by what they are answered",
    "groups.legend": "● reserved ◐ conditional ○ allowed · unknown; m mining t training g generative i input s search",
}
FR: Final = {
    "use.tdm": "fouille de textes et de données",
    "use.train": "entraînement",
    "use.generative": "entraînement génératif",
    "use.input": "entrée d’un modèle",
    "use.search": "index de recherche",
    "answer.reserved": "réservé",
    "answer.conditional": "sous conditions",
    "answer.allowed": "permis",
    "answer.unknown": "inconnu",
    "said.unknown": "rien de lisible n’est dit",
    "table.use": "usage",
    "table.answer": "réponse",
    "table.by": "qui le dit",
    "head.any-agent": "un agent quelconque",
    "head.asked": "{url}, demandé par {agent}",
    "head.dated": "tel que servi le {date}",
    "terms": "conditions\u00a0: {terms}",
    "conflicts.head": "Dit autrement, et écarté",
    "conflicts.rule": (
        "Entre protocoles, aucun texte ne dit lequel l’emporte\u202f; le plus restrictif est retenu, c’est notre règle."
    ),
    "conflict": "{use}\u00a0: {answer} selon {by}",
    "remarks.head": "Remarques",
    "at-line": "{where}, ligne {line}",
    "agents.head": "Agents qui reçoivent une autre réponse",
    "groups.more": "et {count} autres",
    "files.head": "Fichiers selon la réponse",
    "groups.legend": (
        "● réservé ◐ sous conditions ○ permis · inconnu\u202f; "
        "m fouille t entraînement g génératif i entrée s recherche"
    ),
}
