"""Headings and sentences of the table of domains, in English and French."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.language import languages

if TYPE_CHECKING:
    from countermark.language import Language

HEADINGS: Final = (
    "rank", "domain", "records", "bytes", "share", "first", "last", "reserved", "conditional", "allowed", "unknown",
    "protocols",
)  # fmt: skip

EN: Final = {
    "rank": "Rank",
    "domain": "Domain",
    "records": "Records",
    "bytes": "Bytes",
    "share": "Share of bytes",
    "first": "First date",
    "last": "Last date",
    "reserved": "Reserved",
    "conditional": "Conditional",
    "allowed": "Allowed",
    "unknown": "Unknown",
    "protocols": "Protocols",
    "title": "Top domains by size of content",
    "shown": "{shown} of {all} domains, by bytes; reservations are those for {use}, {agent}.",
    "any-agent": "for no agent in particular",
    "agent": "for the agent {agent}",
    "use.tdm": "text and data mining",
    "use.train": "the training of models",
    "use.generative": "the training of generative models",
    "use.input": "input to models",
    "use.search": "search indexes",
    "host": "A domain is here the host without “www.”: no list of public suffixes was given.",
    "registrable": "A domain is here the registrable domain, by the list of public suffixes that was given.",
    "counted": "{documents} documents of {bytes} bytes; {with_domain} of them have an address with a host, "
    "{without_url} have none; {undated} have no date. Records that could not be read: {unreadable}.",
    "limits": "Counted is what stands in these files. Unknown means that nothing was said, or nothing that can be "
    "read: it is no permission. The table is one part of the public summary, not the whole of it.",
}
FR: Final = {
    "rank": "Rang",
    "domain": "Domaine",
    "records": "Enregistrements",
    "bytes": "Octets",
    "share": "Part des octets",
    "first": "Première date",
    "last": "Dernière date",
    "reserved": "Réservés",
    "conditional": "Sous condition",
    "allowed": "Autorisés",
    "unknown": "Inconnus",
    "protocols": "Protocoles",
    "title": "Principaux domaines par volume de contenu",
    "shown": "{shown} domaines sur {all}, par nombre d’octets\u202f; les réservations sont celles qui visent "
    "{use}, {agent}.",
    "any-agent": "sans agent particulier",
    "agent": "pour l’agent {agent}",
    "use.tdm": "la fouille de textes et de données",
    "use.train": "l’entraînement de modèles",
    "use.generative": "l’entraînement de modèles génératifs",
    "use.input": "l’emploi en entrée de modèles",
    "use.search": "l’indexation pour la recherche",
    "host": "Un domaine est ici l’hôte sans «\u00a0www.\u00a0»\u00a0: aucune liste de suffixes publics n’a été "
    "donnée.",
    "registrable": "Un domaine est ici le domaine enregistrable, d’après la liste de suffixes publics qui a "
    "été donnée.",
    "counted": "{documents} documents pour {bytes} octets\u202f; {with_domain} d’entre eux ont une adresse avec un "
    "hôte, {without_url} n’en ont pas\u202f; {undated} n’ont pas de date. "
    "Enregistrements illisibles\u00a0: {unreadable}.",
    "limits": "Le compte porte sur ce qui se trouve dans ces fichiers. «\u00a0Inconnu\u00a0» veut dire que rien n’a "
    "été dit, ou rien de lisible\u00a0: ce n’est pas une autorisation. Ce tableau est une partie du résumé public, et "
    "non le résumé entier.",
}


def summary_languages() -> dict[str, Language]:
    """English and French, by code."""
    return languages(EN, FR)
