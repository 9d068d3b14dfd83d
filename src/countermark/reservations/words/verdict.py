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
    "said.nothing": "nothing was said",
    "said.unread": "nothing was said that can be read; see the remarks",
    "said.doubted": "allowed by {by}, but not all could be read; see the remarks",
    "said.in": "{protocol} in {where}",
    "at.itself": "the resource itself",
    "semicolon": "; ",
    "at-lines": "{where}, lines {lines} and {last}",
    "colon": ": ",
    "table.use": "use",
    "table.answer": "answer",
    "table.by": "who says so",
    "head.any-agent": "an agent that no rule names",
    "head.asked": "{url}, asked by {agent}",
    "head.dated": "as served on {date}",
    "terms": "terms: {terms}",
    "conflicts.head": "Said otherwise",
    "conflicts.within": (
        "Within a protocol its own rule of precedence holds; the remarks say where it loosened an answer."
    ),
    "conflicts.rule": (
        "Between protocols no text says which one stands; the most restrictive is taken, which is our rule."
    ),
    "conflict": "{use}: {answer} by {by}",
    "remarks.head": "Remarks",
    "at-line": "{where}, line {line}",
    "agents.head": "Agents that are answered otherwise",
    "agents.not-asked": "Not asked for, since the site's files are too large to be read for each agent: {agents}",
    "groups.more": "and {count} more",
    "audit.same": "A browser, an unnamed agent and {agents} were served the same.",
    "audit.head": "Served otherwise than to a browser",
    "audit.difference": "{agent}: {what}: {served}; to a browser: {usual}",
    "audit.robots-status": "status of robots.txt",
    "audit.robots-body": "content of robots.txt",
    "audit.page-status": "status of the page",
    "audit.page-final-url": "address of the page",
    "audit.statements": "reservations",
    "files.head": "Files by what they are answered",
    "groups.legend": "● reserved ◐ conditional ○ allowed · unknown; m mining t training g generative i input s search",
}
FR: Final = {
    "use.tdm": "fouille de textes et de données",
    "use.train": "entraînement",
    "use.generative": "entraînement de modèles génératifs",
    "use.input": "entrée d’un modèle",
    "use.search": "index de recherche",
    "answer.reserved": "réservé",
    "answer.conditional": "sous conditions",
    "answer.allowed": "permis",
    "answer.unknown": "inconnu",
    "said.nothing": "rien n’est dit",
    "said.unread": "rien de lisible n’est dit\u202f; voir les remarques",
    "said.doubted": "permis selon {by}, mais tout n’a pas pu être lu\u202f; voir les remarques",
    "said.in": "{protocol} dans {where}",
    "at.itself": "la ressource elle-même",
    "semicolon": "\u202f; ",
    "at-lines": "{where}, lignes {lines} et {last}",
    "colon": "\u00a0: ",
    "table.use": "usage",
    "table.answer": "réponse",
    "table.by": "qui le dit",
    "head.any-agent": "un agent qu’aucune règle ne nomme",
    "head.asked": "{url}, demandé par {agent}",
    "head.dated": "tel que servi le {date}",
    "terms": "conditions\u00a0: {terms}",
    "conflicts.head": "Dit autrement",
    "conflicts.within": (
        "Dans un protocole, c’est sa propre règle de priorité qui vaut\u202f; les remarques disent où elle a "
        "assoupli une réponse."
    ),
    "conflicts.rule": (
        "Entre protocoles, aucun texte ne dit lequel l’emporte\u202f; le plus restrictif est retenu, c’est notre règle."
    ),
    "conflict": "{use}\u00a0: {answer} selon {by}",
    "remarks.head": "Remarques",
    "at-line": "{where}, ligne {line}",
    "agents.head": "Agents qui reçoivent une autre réponse",
    "agents.not-asked": (
        "Non interrogés, car les fichiers du site sont trop gros pour être lus pour chaque agent\u00a0: {agents}"
    ),
    "groups.more": "et {count} autres",
    "audit.same": "Un navigateur, un agent sans nom et {agents} ont reçu la même chose.",
    "audit.head": "Servi autrement qu’à un navigateur",
    "audit.difference": "{agent}\u00a0: {what}\u00a0: {served}\u202f; à un navigateur\u00a0: {usual}",
    "audit.robots-status": "statut de robots.txt",
    "audit.robots-body": "contenu de robots.txt",
    "audit.page-status": "statut de la page",
    "audit.page-final-url": "adresse de la page",
    "audit.statements": "réserves",
    "files.head": "Fichiers selon la réponse",
    "groups.legend": (
        "● réservé ◐ sous conditions ○ permis · inconnu\u202f; "
        "m fouille t entraînement g modèles génératifs i entrée s recherche"
    ),
}
