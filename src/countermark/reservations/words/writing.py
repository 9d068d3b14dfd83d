"""Sentences about what was written of a policy, and what could not be."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "inexpressible.head": "What the protocols cannot say of this policy",
    "inexpressible.protocol": "protocol",
    "inexpressible.path": "where",
    "inexpressible.uses": "uses",
    "inexpressible.why": "why, and what it says instead",
    "inexpressible.all-uses": "all five",
    "inexpressible.some": "one or more of: {uses}",
    "inexpressible.no-word": "it has no word for this: it says nothing",
    "inexpressible.coarse": "its word covers other uses, too, one of which is reserved: it reserves all of them",
    "inexpressible.no-terms": "it cannot name a licence: it reserves",
    "inexpressible.no-permission": "it can only reserve: it says nothing",
    "inexpressible.mixed": "its word would permit more than the policy does: it says nothing",
    "inexpressible.inherited": "it cannot take back what it says of a wider path: that holds here, too",
    "inexpressible.fetch-only": "it speaks of fetching, not of uses: to an agent that may fetch it says nothing",
    "inexpressible.site-lines": "lines of the site forbid more: still shut out ({agent})",
    "inexpressible.token": "no name that robots.txt could give ({agent}): not refused",
    "inexpressible.static-headers": (
        "_headers is left without the header fields of {protocols}: where several of its rules match one address "
        "(here {path}), hosts send the values of all of them, and nobody could tell which counts. The snippets for "
        "servers have these fields."
    ),
    "inexpressible.wider-search": "its search=y also permits training within a search application: allowed there",
    "inexpressible.ai-index": "what it permits is a list, and ai-index (an AI system's own index) is not on it: barred",
    "otherwise.head": "Will be read otherwise than wanted",
    "otherwise.one": "{use} on {path}: wanted {wanted}, will be read as {got}",
    "otherwise.because": ", because of {protocols}",
    "otherwise.nobody": ", because no protocol can say it",
    "otherwise.option": "; {options} avoids it",
    "refused.by-name": (
        "robots.txt will refuse {count} AI agents by name ({agents}), where all that they are known for is reserved; "
        "refuse_reserved_agents = false in the policy turns that off."
    ),
    "plan.none": "Nothing to write: everything stands as the policy wants it.",
    "plan.more": "{count} more pages change in the same way; --json lists them.",
    "plan.more-lines": "… and {count} more lines of this difference",
    "plan.lines": "Files that change: {count}; lines added: {added}, taken out: {removed}.",
    "plan.dry": "Nothing was written. Give the command again with --apply to write.",
    "plan.done": "Files written: {count}.",
    "plan.snippets": (
        "The header fields are sent once the snippet for your server is included; see the first lines of each in "
        "{folder}."
    ),
    "plan.skipped.link": "{path}: is a link or no file; left as it is",
    "plan.skipped.too-long": "{path}: is too long; left as it is",
    "plan.skipped.encoding": "{path}: its encoding does not allow an insertion; left as it is",
    "media.done": "{path}: {protocols}",
    "media.nothing": "nothing to say",
    "media.count": "Copies: {done}; files that were not copied: {failed}.",
    "read-back.right": "Read back: {asked} questions, each answered as wanted or as listed above.",
    "read-back.wrong": (
        "Read back: {count} of {asked} questions were answered otherwise than wanted; nothing was written."
    ),
    "read-back.wrong-after": "Read back: {count} of {asked} questions were answered otherwise than wanted.",
    "read-back.one": "{use} on {path} for {agent}, by {protocol}: wanted {wanted}, got {got}",
    "read-back.where": " ({where})",
    "read-back.where-line": " ({where}, line {line})",
    "read-back.more": "and {count} more; --json lists them",
    "read-back.hint": (
        "Statements of the site's own that contradict the policy have to be changed there, or in the policy."
    ),
    "read-back.hint-tdmrep": (
        "A rule that stands in the site's tdmrep.json says otherwise: take it out there, or write the file anew with "
        "--replace, without any rule but the policy's."
    ),
    "read-back.together": "all protocols together",
}
FR: Final = {
    "inexpressible.head": "Ce que les protocoles ne peuvent pas dire de cette politique",
    "inexpressible.protocol": "protocole",
    "inexpressible.path": "où",
    "inexpressible.uses": "usages",
    "inexpressible.why": "pourquoi, et ce qui est dit à la place",
    "inexpressible.all-uses": "tous les cinq",
    "inexpressible.some": "au moins un\u00a0: {uses}",
    "inexpressible.no-word": "aucun mot pour cela\u00a0: rien n’est dit",
    "inexpressible.coarse": "son mot couvre aussi d’autres usages, dont un réservé\u00a0: tous le sont",
    "inexpressible.no-terms": "une licence ne peut pas être indiquée\u00a0: l’usage est réservé",
    "inexpressible.no-permission": "il ne sait que réserver\u00a0: rien n’est dit",
    "inexpressible.mixed": "son mot permettrait plus que la politique\u00a0: rien n’est dit",
    "inexpressible.inherited": "ce qui est dit d’un chemin plus large vaut ici aussi, sans reprise possible",
    "inexpressible.fetch-only": (
        "il parle de collecte, non d’usages\u00a0: à un agent qui peut collecter, rien n’est dit"
    ),
    "inexpressible.site-lines": "des lignes du site interdisent davantage\u00a0: toujours exclu ({agent})",
    "inexpressible.token": "aucun nom que robots.txt puisse donner ({agent})\u00a0: pas de refus",
    "inexpressible.static-headers": (
        "Le fichier _headers ne contient pas les en-têtes de {protocols}\u00a0: quand plusieurs de ses règles valent "
        "pour une même adresse (ici {path}), les hébergeurs envoient toutes leurs valeurs, et nul ne saurait laquelle "
        "compte. Les extraits pour serveurs contiennent ces en-têtes."
    ),
    "inexpressible.wider-search": "son search=y permet aussi l’entraînement au sein d’un moteur de recherche",
    "inexpressible.ai-index": "sa liste de permissions omet ai-index (index propre d’un système d’IA)\u00a0: exclu",
    "otherwise.head": "Sera lu autrement que voulu",
    "otherwise.one": "{use} sur {path}\u00a0: voulu {wanted}, sera lu {got}",
    "otherwise.because": ", à cause de {protocols}",
    "otherwise.nobody": ", car aucun protocole ne peut le dire",
    "otherwise.option": "\u202f; {options} l’évite",
    "refused.by-name": (
        "robots.txt refusera nommément {count} agents d’IA ({agents}), là où tous leurs usages connus sont "
        "réservés\u202f; « refuse_reserved_agents = false » dans la politique désactive cela."
    ),
    "plan.none": "Rien à écrire\u00a0: tout est déjà conforme à la politique.",
    "plan.more": "{count} autres pages changent de même\u202f; --json en donne la liste.",
    "plan.more-lines": "… et {count} autres lignes de cette différence",
    "plan.lines": (
        "Fichiers qui changent\u00a0: {count}\u202f; lignes ajoutées\u00a0: {added}, retirées\u00a0: {removed}."
    ),
    "plan.dry": "Rien n’a été écrit. Ajoutez --apply à la commande pour écrire.",
    "plan.done": "Fichiers écrits\u00a0: {count}.",
    "plan.snippets": (
        "Les en-têtes ne sont envoyés qu’une fois l’extrait inclus par votre serveur\u202f; voir les premières lignes "
        "de chacun dans {folder}."
    ),
    "plan.skipped.link": "{path}\u00a0: lien, ou pas un fichier\u202f; laissé tel quel",
    "plan.skipped.too-long": "{path}\u00a0: trop long\u202f; laissé tel quel",
    "plan.skipped.encoding": "{path}\u00a0: son codage n’admet pas d’insertion\u202f; laissé tel quel",
    "media.done": "{path}\u00a0: {protocols}",
    "media.nothing": "rien à dire",
    "media.count": "Copies\u00a0: {done}\u202f; fichiers non copiés\u00a0: {failed}.",
    "read-back.right": "Relecture\u00a0: {asked} questions, chaque réponse est celle voulue ou figure ci-dessus.",
    "read-back.wrong": (
        "Relecture\u00a0: {count} réponses sur {asked} ne sont pas celles voulues\u202f; rien n’a été écrit."
    ),
    "read-back.wrong-after": "Relecture\u00a0: {count} réponses sur {asked} ne sont pas celles voulues.",
    "read-back.one": "{use} sur {path} pour {agent}, par {protocol}\u00a0: voulu {wanted}, lu {got}",
    "read-back.where": " ({where})",
    "read-back.where-line": " ({where}, ligne {line})",
    "read-back.more": "et {count} autres\u202f; --json en donne la liste",
    "read-back.hint": (
        "Ce que le site dit lui-même contre la politique doit être changé sur le site, ou dans la politique."
    ),
    "read-back.hint-tdmrep": (
        "Une règle du tdmrep.json du site dit autre chose\u00a0: retirez-la, ou faites réécrire le fichier par "
        "--replace, avec les seules règles de la politique."
    ),
    "read-back.together": "tous les protocoles ensemble",
}
