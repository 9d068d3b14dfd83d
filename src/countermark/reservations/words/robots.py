"""Sentences about robots.txt."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "robots.too-long": "robots.txt has {size} bytes; the first {read} were read, what stands "
    "after them was not",
    "robots.line-too-long": "this line of robots.txt is too long and was read only in part, as "
    "the reference parser does (lines like it: {number})",
    "robots.markup": "a page stands in the place of robots.txt",
    "robots.not-plain-text": "robots.txt is compressed, damaged or written in letters of several bytes (UTF-16, "
    "UTF-32): parsers expect UTF-8 and find no rule in it",
    "robots.encoding-differs": "“{rule}” decides differently once percent-encoding is undone "
    "as RFC 9309 asks for; the reference parser does not do it. The refusal is taken",
    "robots.name-differs": "a name that only begins like Allow or Disallow stands here or above: the reference "
    "parser reads such lines, RFC 9309 does not, and “{rule}” decides differently. The refusal is taken",
    "robots.other-protocol": "“{written}” is no rule of RFC 9309, but a proposal of its own "
    "(draft-canel-robots-ai-control), which refuses training; it is not read as Disallow",
    "robots.agents-in-one-line": "a User-agent line names several agents: parsers know the first only, and what "
    "follows may have been meant for {agent} as well",
    "robots.line-between-agents": "this {name} line stands between two User-agent lines and ends no group: parsers "
    "join the agents before it with “{agent}” after it. Put it after the rules",
    "robots.agents-divided": "a {name} line stands between two lists of User-agent lines: for RFC 9309 they are one, "
    "so that the rules after them hold for {agent} as well; read apart, they would decide differently",
    "robots.agent-with-space": "the file names “{agent}”, but a token has no space: parsers read "
    "only the letters before it, and the lines may have been meant for this agent",
    "robots.misspelt": "“{written}” may have been meant as {meant}; parsers ignore it",
    "robots.misspelt-but-read": "“{written}” is read as {meant} by the reference parser; others "
    "may ignore it",
    "robots.no-colon": "the colon after “{written}” is missing; the reference parser reads the "
    "line all the same",
    "robots.before-any-group": "a {name} line stands before the first User-agent line: it is for "
    "nobody, and is ignored",
    "robots.usage-between-agents": "this Content-Usage line stands between two User-agent lines: "
    "parsers of RFC 9309 join the agents before it with “{agent}” after it, parsers of AIPREF do "
    "not. Put it after the rules",
    "robots.licence-relative": "the address of a License line must be absolute: {value}",
    "robots.agent-not-a-token": "“{value}” is not a product token: only letters, “-” and “_” "
    "count (RFC 9309, 2.2.1)",
    "robots.path-without-slash": "the path “{value}” begins with neither “/” nor “*”: it covers nothing",
    "robots.more-hazards": "{number} lines were told of; those from here on were not looked at",
}
FR: Final = {
    "robots.too-long": "robots.txt compte {size} octets\u202f; les {read} premiers ont été lus, "
    "la suite ne l’a pas été",
    "robots.line-too-long": "cette ligne de robots.txt est trop longue et n’a été lue qu’en "
    "partie, comme le fait l’analyseur de référence (lignes dans ce cas\u00a0: {number})",
    "robots.markup": "une page se trouve à la place de robots.txt",
    "robots.not-plain-text": "robots.txt est compressé, endommagé ou codé sur plusieurs octets par lettre (UTF-16, "
    "UTF-32)\u00a0: les analyseurs attendent de l’UTF-8 et n’y trouvent aucune règle",
    "robots.encoding-differs": "«\u00a0{rule}\u00a0» décide autrement une fois le codage "
    "en pourcentage défait comme le demande la RFC 9309\u202f; l’analyseur de référence ne le fait "
    "pas. Le refus est retenu",
    "robots.name-differs": "un nom qui ne fait que commencer comme Allow ou Disallow figure ici ou plus haut\u00a0: "
    "l’analyseur de référence lit ces lignes, la RFC 9309 non, et «\u00a0{rule}\u00a0» décide autrement. Le refus est "
    "retenu",
    "robots.other-protocol": "«\u00a0{written}\u00a0» n’est pas une règle de la RFC 9309, mais une proposition à part "
    "(draft-canel-robots-ai-control), qui refuse l’entraînement\u202f; ce n’est pas lu comme Disallow",
    "robots.agents-in-one-line": "une ligne User-agent nomme plusieurs agents\u00a0: les analyseurs n’en connaissent "
    "que le premier, et la suite visait peut-être aussi {agent}",
    "robots.line-between-agents": "cette ligne {name} se trouve entre deux lignes User-agent et ne clôt aucun "
    "groupe\u00a0: les analyseurs réunissent les agents qui la précèdent et «\u00a0{agent}\u00a0» qui la suit. "
    "Placez-la après les règles",
    "robots.agents-divided": "une ligne {name} se trouve entre deux listes de lignes User-agent\u00a0: pour la RFC "
    "9309, elles n’en font qu’une, et les règles qui suivent valent aussi pour {agent}\u202f; lues séparément, elles "
    "décideraient autrement",
    "robots.agent-with-space": "le fichier nomme «\u00a0{agent}\u00a0», mais un jeton ne "
    "contient pas d’espace\u00a0: les analyseurs n’en lisent que les premières lettres, et ces "
    "lignes visaient peut-être cet agent",
    "robots.misspelt": "«\u00a0{written}\u00a0» voulait peut-être dire {meant}\u202f; les "
    "analyseurs n’en tiennent pas compte",
    "robots.misspelt-but-read": "«\u00a0{written}\u00a0» est lu comme {meant} par l’analyseur de "
    "référence\u202f; d’autres peuvent ne pas en tenir compte",
    "robots.no-colon": "il manque les deux-points après «\u00a0{written}\u00a0»\u202f; "
    "l’analyseur de référence lit la ligne malgré tout",
    "robots.before-any-group": "une ligne {name} précède la première ligne User-agent\u00a0: "
    "elle ne vise personne, et n’est pas prise en compte",
    "robots.usage-between-agents": "cette ligne Content-Usage se trouve entre deux lignes "
    "User-agent\u00a0: les analyseurs de la RFC 9309 réunissent les agents qui la précèdent et "
    "«\u00a0{agent}\u00a0» qui la suit, ceux d’AIPREF non. Placez-la après les règles",
    "robots.licence-relative": "l’adresse d’une ligne License doit être absolue\u00a0: {value}",
    "robots.agent-not-a-token": "«\u00a0{value}\u00a0» n’est pas un jeton de produit\u00a0: "
    "seuls comptent les lettres, «\u00a0-\u00a0» et «\u00a0_\u00a0» (RFC 9309, 2.2.1)",
    "robots.path-without-slash": "le chemin «\u00a0{value}\u00a0» ne commence ni par "
    "«\u00a0/\u00a0» ni par «\u00a0*\u00a0»\u00a0: il ne couvre rien",
    "robots.more-hazards": "{number} lignes ont été signalées\u202f; à partir d’ici, elles n’ont pas été examinées",
}
